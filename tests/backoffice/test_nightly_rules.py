"""Every night test cases and past decisions are tried again; what fails is red in the morning."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from register.models import OrganisationKind, RuleCheck, RuleDecision
from register.services import nightly
from register.services.acts import add_note
from rules import registry
from rules.models import RuleModuleVersion
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
PAGE = "/bureau/suivi/"


@pytest.fixture
def manager(db: Any) -> Any:
    return make_member(make_organisation("gestionnaire", OrganisationKind.MANAGER), "manager")


def break_a_case(code: str = "deadlines-21") -> None:
    """A shipped version whose test case no longer comes out as written."""
    version = RuleModuleVersion.objects.get(pk=registry.get(code).version_id)
    wrong = {"name": "la validité", "deadline": "validity", "expect": "9 years"}
    RuleModuleVersion.objects.filter(pk=version.pk).replace_tests([*version.tests, wrong])


def test_every_module_in_force_is_tried_and_so_are_past_decisions() -> None:
    add_note(
        principal=principal_of(make_member(make_organisation("orvitis"))),
        demand=make_demand(),
        text="Vue.",
    )
    kept = {check.subject: check for check in nightly.run_checks()}
    for installed in registry.all_in_force():
        check = kept[f"{installed.code} {installed.number}"]
        assert (check.failures, check.total > 0) == ([], True)
    assert kept["decisions"].total == RuleDecision.objects.count() > 0


def test_a_case_that_fails_is_red_on_the_manager_s_page_until_it_no_longer_does(
    manager: Any, sign_in: Any
) -> None:
    client = sign_in(manager)
    assert "la validité" not in client.get(PAGE).content.decode()
    break_a_case()
    nightly.run_checks()
    page = client.get(PAGE).content.decode()
    assert "la validité" in page
    assert "notice-danger" in page
    since = RuleCheck.objects.get(failing_since__isnull=False).failing_since
    nightly.run_checks()
    assert RuleCheck.objects.get(failing_since__isnull=False).failing_since == since
    version = registry.get("deadlines-21").version_id
    RuleModuleVersion.objects.filter(pk=version).replace_tests([])
    nightly.run_checks()
    assert "la validité" not in client.get(PAGE).content.decode()


def test_a_check_that_breaks_is_red_and_stops_no_other(monkeypatch: Any) -> None:
    def broken() -> Any:
        raise RuntimeError("secret")

    monkeypatch.setattr(nightly, "CHECKS", {"broken": broken, **nightly.CHECKS})
    kept = nightly.run_checks()
    assert (kept[0].failures, len(kept) > 3) == (["RuntimeError"], True)


def test_a_version_that_cannot_be_read_is_told_to_the_manager_and_to_machines(
    manager: Any, sign_in: Any, client: Any, monkeypatch: Any
) -> None:
    problem = registry.Problem("deadlines-21", "deadlines", 9, 1, "un fait manque", 2)
    monkeypatch.setattr(registry, "problems", lambda: (problem,))
    page = sign_in(manager).get(PAGE).content.decode()
    assert "un fait manque" in page
    assert client.get("/health/").json()["rules"] == {"ok": False}


def test_nights_without_a_check_are_told(manager: Any, sign_in: Any) -> None:
    nightly.run_checks()
    client = sign_in(manager)
    assert not client.get(PAGE).context["follow_up"].rules.is_late
    RuleCheck.objects.update(ran_at=timezone.now() - timedelta(days=3))
    assert client.get(PAGE).context["follow_up"].rules.is_late


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("rules", *arguments, stdout=out, stderr=StringIO(), skip_checks=True)
    return out.getvalue()


def test_the_commands_say_what_they_found_and_fail_when_something_does() -> None:
    assert "deadlines-21" in command("nightly")
    assert "0" in command("replay", "--sample", "10")
    break_a_case()
    with pytest.raises(CommandError):
        command("nightly")
    demand = make_demand()
    add_note(
        principal=principal_of(make_member(make_organisation("orvitis"))),
        demand=demand,
        text="Vue.",
    )
    RuleDecision.objects.update(outcome={})
    with pytest.raises(CommandError):
        command("replay")
