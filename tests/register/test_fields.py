"""How much of an open file is disclosed: one answer for pages, lists, searches and exports."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from register import access
from register.access import Action, FieldSet
from register.models import Demand, OrganisationKind, Role
from register.principals import SYSTEM, Principal, applicant_principal
from register.selectors.explanation import explain
from register.services.facts import refresh_facts
from rules.disk import MODULES
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)

pytestmark = pytest.mark.django_db

RIGHTS, FIELDS = "rights-r441-2-6", "fields-21"


def _install(root: Path) -> None:
    call_command("rules", "install", "--modules", str(root), verbosity=0)


def _readers(demand: Demand) -> list[Principal]:
    commune = make_organisation(kind=OrganisationKind.COMMUNE, commune=make_commune())
    return [
        principal_of(make_member(make_organisation(), Role.AGENT)),
        principal_of(make_member(make_organisation(), Role.READER)),
        principal_of(make_member(commune, Role.LEAD)),
        principal_of(make_member(demand.registered_by, Role.AGENT)),
        applicant_principal(demand.account),
        applicant_principal(make_user()),
        SYSTEM,
    ]


def _levels(readers: list[Principal], demand: Demand) -> list[dict[str, str]]:
    return [
        {name: access.fields(reader, demand).level(name) for name in FieldSet} for reader in readers
    ]


def _with_levels_in_grants(folder: Path) -> None:
    """The rights module as it was written before fields had modules of their own."""
    shutil.copytree(MODULES / RIGHTS, folder / RIGHTS)
    rules = json.loads((MODULES / FIELDS / "body.json").read_text())["rules"]
    # No grant ever read health, nor let a helper write: these rules came later.
    later = ("landlords-adapted-homes", "helper-modifies-data", "guardian-represents-data")
    written = [rule for rule in rules if rule["code"] not in later]
    levels = {json.dumps([r["principal"], r["row"]]): r["levels"] for r in written}
    body = json.loads((folder / RIGHTS / "body.json").read_text())
    for grant in body["grants"]:
        key = json.dumps([grant["principal"], grant["row"]])
        if "view" in grant["actions"]:
            grant["fields"] = levels.pop(key)
    assert not levels
    (folder / RIGHTS / "body.json").write_text(json.dumps(body))
    manifest = json.loads((folder / RIGHTS / "manifest.json").read_text())
    (folder / RIGHTS / "manifest.json").write_text(json.dumps(manifest | {"version": 1}))


def test_a_version_that_wrote_levels_in_its_grants_still_discloses_the_same(tmp_path: Path) -> None:
    demand = make_demand()
    readers = _readers(demand)
    _with_levels_in_grants(tmp_path)
    _install(tmp_path)
    before = _levels(readers, demand)
    assert any(level == "write" for levels in before for level in levels.values())
    assert access.fields(readers[0], demand).source("identity").module == RIGHTS
    _install(MODULES)
    assert _levels(readers, demand) == before
    assert access.fields(readers[0], demand).source("identity").module == FIELDS


def test_without_a_fields_module_an_open_file_shows_nothing(tmp_path: Path) -> None:
    shutil.copytree(MODULES / RIGHTS, tmp_path / RIGHTS)
    _install(tmp_path)
    demand = make_demand()
    for reader in _readers(demand):
        rights = access.fields(reader, demand)
        assert {rights.level(name) for name in FieldSet} == {"none"}
        assert not rights.can_read_document("identity")
        for name in FieldSet:
            assert not Demand.objects.filter(access.readable(reader, name)).exists()
    assert access.decide(SYSTEM, Action.VIEW, demand).allowed


@pytest.mark.usefixtures("rules")
def test_a_rule_that_is_true_discloses_nothing_of_a_file_that_no_right_opens() -> None:
    sealed = make_demand(is_sealed=True)
    for reader in _readers(sealed)[:3]:
        assert {access.fields(reader, sealed).level(name) for name in FieldSet} == {"none"}
        assert not Demand.objects.filter(access.readable(reader, FieldSet.IDENTITY)).exists()


@pytest.mark.usefixtures("rules")
def test_each_level_names_the_rule_that_gives_it() -> None:
    demand = make_demand()
    agent: Any = principal_of(make_member(make_organisation(), Role.AGENT))
    rights = access.fields(agent, demand)
    assert rights.source("resources").code == "landlords-read"
    assert rights.source("notes").code == "landlords-notes"
    assert rights.reason("resources") == rights.source("resources").title


DISABILITY = {"fact": "demand.has_disability", "op": "is", "value": True}
VIOLENCE = {"fact": "demand.reasons", "op": "overlaps", "value": ["06"]}


def _with_rules_on_health(folder: Path) -> None:
    """Towns read the resources of two kinds of people, and whether one is of either is masked."""
    shutil.copytree(MODULES, folder, dirs_exist_ok=True)
    path = folder / FIELDS / "body.json"
    body = json.loads(path.read_text())
    town = next(rule for rule in body["rules"] if rule["code"] == "communes-read")
    for code, row in (("disability", DISABILITY), ("violence", VIOLENCE)):
        also = {"code": code, "row": row, "levels": {"resources": "read"}}
        also["title"] = {"fr": f"Ressources, {code}", "en": f"Resources, {code}"}
        body["rules"].append(town | also)
    path.write_text(json.dumps(body))
    (folder / FIELDS / "tests.json").write_text("[]")
    _install(folder)


def _declare(demand: Demand, *, is_disabled: bool, reason: str) -> None:
    demand.persons.update(has_disability=is_disabled)
    demand.reasons.all().delete()
    demand.reasons.create(code=reason, position=1)
    refresh_facts(demand=demand)


def test_the_rule_that_gives_a_level_is_not_named_when_its_title_tells_what_is_masked(
    tmp_path: Path,
) -> None:
    _with_rules_on_health(tmp_path)
    commune = make_organisation(kind=OrganisationKind.COMMUNE, commune=make_commune())
    town = principal_of(make_member(commune, Role.LEAD))
    demand = make_demand()
    assert access.fields(town, demand).source("resources").code == "communes-read"
    told = set()
    for is_disabled in (True, False):
        _declare(demand, is_disabled=is_disabled, reason="01" if is_disabled else "06")
        rights = access.fields(town, demand)
        assert rights.can_read("resources")
        assert rights.source("resources") is None
        told.add(rights.reason("resources"))
    assert told == {"La règle qui le dit parle de données qui vous sont masquées."}


def test_somebody_who_asks_about_another_is_told_no_level_that_masked_data_settle(
    tmp_path: Path,
) -> None:
    _with_rules_on_health(tmp_path)
    commune = make_organisation(kind=OrganisationKind.COMMUNE, commune=make_commune())
    manager = make_organisation(kind=OrganisationKind.MANAGER)
    town = principal_of(make_member(commune, Role.LEAD))
    asking = principal_of(make_member(manager, Role.MANAGER))
    demand = make_demand()
    told = []
    for is_disabled in (False, True):
        _declare(demand, is_disabled=is_disabled, reason="01")
        told.append({each.name: each for each in explain(town, demand, reader=asking).data})
    assert told[0] == told[1]
    assert told[0]["ressources"].code == "withheld"
    assert told[0]["identité"].code == "read"
