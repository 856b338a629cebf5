"""Access assertions: green on the shipped rules, red the day a module opens too much."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from register import access
from register.codes import DemandReason
from register.errors import NotAllowed
from register.models import (
    AccessAssertion,
    AssertionCheck,
    AssertionResult,
    Membership,
    OrganisationKind,
    Role,
)
from register.principals import SYSTEM, Principal
from register.services.assertions import (
    ask_for_check,
    check_now,
    retire_assertion,
    write_assertion,
)
from register.services.facts import refresh_facts
from register.services.nightly import run_checks
from rules.assertions import shipped
from rules.disk import MODULES
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
RIGHTS = "rights-r441-2-6"


@pytest.fixture
def officer() -> Principal:
    holder = make_organisation(kind=OrganisationKind.MANAGER)
    make_member(holder, Role.MANAGER)
    return principal_of(make_member(holder, Role.DATA_PROTECTION))


def _everybody() -> None:
    for kind in OrganisationKind:
        for role in (Role.READER, Role.LEAD, Role.STATISTICS):
            body = make_organisation(kind=kind, is_counter=kind != OrganisationKind.ASSOCIATION)
            make_member(body, role)


def _results(check: AssertionCheck) -> dict[str, AssertionResult]:
    return {result.code: result for result in check.results.all()}


def _put_in_force(folder: Path, change: Any) -> None:
    """The shipped rights with one change, installed as the next version."""
    shutil.copytree(MODULES / RIGHTS, folder / RIGHTS)
    body = json.loads((folder / RIGHTS / "body.json").read_text())
    change(body)
    (folder / RIGHTS / "body.json").write_text(json.dumps(body))
    manifest = json.loads((folder / RIGHTS / "manifest.json").read_text())
    (folder / RIGHTS / "manifest.json").write_text(
        json.dumps(manifest | {"version": manifest["version"] + 1})
    )
    (folder / RIGHTS / "tests.json").write_text("[]")
    call_command("rules", "install", "--modules", str(folder), verbosity=0)


def test_the_shipped_rules_keep_every_shipped_assertion() -> None:
    _everybody()
    make_demand()
    for is_sealed in (True, False):
        demand = make_demand(is_sealed=is_sealed)
        demand.persons.update(has_disability=True)
        demand.reasons.create(code=DemandReason.VIOLENCE, position=9)
        refresh_facts(demand=demand)
    check = check_now(principal=SYSTEM)
    results = _results(check)
    assert set(results) == {each.code for each in shipped(access.vocabulary())}
    assert {result.counter_examples for result in results.values()} == {0}
    assert all(not result.fault for result in results.values())
    assert check.done == check.total > 0
    assert check.finished_at is not None


def test_a_module_that_opens_sealed_files_turns_it_red_without_naming_a_file(
    tmp_path: Path,
) -> None:
    _everybody()
    sealed = make_demand(is_sealed=True)

    def forget_the_guard(body: dict[str, Any]) -> None:
        body["guards"] = [g for g in body["guards"] if g["code"] != "sealed-file"]

    _put_in_force(tmp_path, forget_the_guard)
    result = _results(check_now(principal=SYSTEM))["sealed-closed-to-landlords"]
    assert result.counter_examples > 0
    assert {each["demands"] for each in result.details} == {1}
    assert sealed.number not in json.dumps(result.details)
    night = {check.subject: check for check in run_checks() if check.failures}
    assert "sealed-closed-to-landlords" in night


def test_what_must_always_be_allowed_is_red_when_it_is_not(
    officer: Principal, tmp_path: Path
) -> None:
    make_demand()

    def forget_the_manager(body: dict[str, Any]) -> None:
        body["grants"] = [g for g in body["grants"] if g["code"] != "manager"]

    assert not _results(check_now(principal=SYSTEM))[
        "manager-always-lists-its-territory"
    ].counter_examples
    _put_in_force(tmp_path, forget_the_manager)
    result = _results(check_now(principal=SYSTEM))["manager-always-lists-its-territory"]
    assert result.counter_examples > 0


BODY = {
    "title": {"fr": "Aucun lecteur ne voit un nom", "en": "No reader sees a name"},
    "legal_basis": "RGPD, art. 25",
    "principal": {"fact": "membership.role", "op": "is", "value": "reader"},
    "row": {"all": []},
    "data": ["identity"],
    "expect": "never",
}


def test_the_officer_writes_and_retires_and_nobody_else(officer: Principal) -> None:
    _everybody()
    make_demand()
    row = write_assertion(principal=officer, body=BODY)
    assert _results(check_now(principal=SYSTEM))[row.code].counter_examples > 0
    lead = principal_of(make_member(make_organisation(), Role.LEAD))
    for act in (
        lambda: write_assertion(principal=lead, body=BODY),
        lambda: retire_assertion(principal=lead, assertion=row, reason="x"),
        lambda: ask_for_check(principal=lead),
    ):
        with pytest.raises(NotAllowed):
            act()
    retire_assertion(principal=officer, assertion=row, reason="Trop large")
    assert row.code not in _results(check_now(principal=SYSTEM))
    with pytest.raises(ValidationError):
        write_assertion(principal=officer, body=BODY | {"data": [], "actions": []})


def test_an_assertion_that_no_longer_reads_is_told(officer: Principal) -> None:
    row = write_assertion(principal=officer, body=BODY)
    broken = row.body | {"row": {"fact": "demand.gone", "op": "is", "value": 1}}
    AccessAssertion.objects.filter(pk=row.pk).update(body=broken)
    assert "demand.gone" in _results(check_now(principal=SYSTEM))[row.code].fault


def test_the_officer_opens_no_file_and_reads_the_page_of_assertions(officer: Principal) -> None:
    demand = make_demand()
    client = Client()
    client.force_login(officer.user)
    assert client.get(reverse("desk:file", args=[demand.number])).status_code == 404
    assert client.get("/bureau/")["Location"] == reverse("desk:assertions")
    client.post(reverse("desk:assertions_check"))
    page = client.get(reverse("desk:assertions")).content.decode()
    assert "Aucun bailleur n’ouvre un dossier scellé" in page
    typed = {
        "title_fr": "Aucun lecteur n’exporte",
        "title_en": "No reader exports",
        "legal_basis": "Charte",
        "expect": "never",
        "roles": ["reader"],
        "actions": ["export"],
        "but_shared": "on",
    }
    assert client.post(reverse("desk:assertion_new"), typed | {"actions": []}).status_code == 422
    assert client.post(reverse("desk:assertion_new"), typed).status_code == 302
    row = AccessAssertion.objects.get()
    assert "Aucun lecteur n’exporte" in client.get(reverse("desk:assertions")).content.decode()
    retire = reverse("desk:assertion_retire", args=[row.code])
    assert client.post(retire, {"reason": ""}).status_code == 422
    assert client.post(retire, {"reason": "Doublon"}).status_code == 302


def test_what_turns_red_is_named_on_the_manager_s_desk_until_it_holds_again(
    officer: Principal,
) -> None:
    make_member(make_organisation(), Role.READER)
    make_demand()
    row = write_assertion(principal=officer, body=BODY)
    manager = Membership.objects.get(role=Role.MANAGER)
    client = Client()
    client.force_login(manager.user)

    def desk() -> str:
        client.post(reverse("desk:assertions_check"))
        return client.get(reverse("desk:follow_up")).content.decode()

    red = desk()
    assert "notice-danger" in red
    assert f'<a href="{reverse("desk:assertions")}">Aucun lecteur ne voit un nom</a>' in red
    retire_assertion(principal=officer, assertion=row, reason="Trop large")
    assert "Aucun lecteur ne voit un nom" not in desk()


def test_others_find_no_such_page() -> None:
    client = Client()
    client.force_login(make_member(make_organisation(), Role.LEAD).user)
    for name in ("assertions", "assertion_new"):
        assert client.get(reverse(f"desk:{name}")).status_code == 404
    assert client.post(reverse("desk:assertions_check")).status_code == 404


def test_an_assertion_that_concerns_nobody_is_not_said_to_hold(officer: Principal) -> None:
    assert officer.user is not None
    check = check_now(principal=SYSTEM)
    assert {result.people for result in check.results.all()} >= {0}
    client = Client()
    client.force_login(officer.user)
    page = client.get(reverse("desk:assertions")).content.decode()
    assert page.count("Ne concerne personne aujourd’hui") == sum(
        not result.people for result in check.results.all()
    )


def test_an_assertion_that_concerns_people_but_no_demand_is_not_said_to_hold(
    officer: Principal,
) -> None:
    assert officer.user is not None
    _everybody()
    large = {"fact": "demand.household_size", "op": "at_least", "value": 4}
    write_assertion(principal=officer, body={**BODY, "row": large})
    client = Client()
    client.force_login(officer.user)

    def told() -> bool:
        check = check_now(principal=SYSTEM)
        found = next(each for each in check.results.all() if each.code.startswith("aucun-lecteur"))
        assert found.people
        page = client.get(reverse("desk:assertions")).content.decode()
        section = page.split(f'id="assertion-{found.code}"')[1].split("</section>")[0]
        assert ("Ne concerne aucune demande aujourd’hui" in section) is found.is_without_demand
        return found.is_without_demand

    make_demand(dependants=1)
    assert told()
    make_demand(dependants=3)
    assert not told()


def test_a_night_without_any_assertion_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("register.services.assertions.all_assertions", lambda: ([], []))
    night = [check for check in run_checks() if check.check_code == "access_assertions"]
    assert [bool(check.failures) for check in night] == [True]
