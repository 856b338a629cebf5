"""The days between which agreements hold, as facts that rules may read."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from register import access
from register.access import Action
from register.figures import where
from register.models import Agreement, AgreementStatus, Demand
from register.principals import Principal
from register.services.facts import refresh_facts
from rules.conditions import to_json
from rules.disk import MODULES
from rules.explanation import explain_condition
from rules.parsing import parse_condition
from rules.sentences import sentence
from rules.types import Truth
from tests.factories import (
    make_demand,
    make_department,
    make_member,
    make_organisation,
    principal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def member_under(*spans: tuple[date, date | None]) -> Any:
    """A member of a landlord with an agreement for each of these spans."""
    organisation = make_organisation(with_agreement=False)
    for starts_on, ends_on in spans:
        agreement = Agreement.objects.create(
            organisation=organisation,
            purpose="Accès aux demandes",
            starts_on=starts_on,
            ends_on=ends_on,
            status=AgreementStatus.SIGNED,
        )
        agreement.departments.add(make_department())
    return make_member(organisation)


def sees(member: Any, demand: Demand) -> bool:
    listed = access.scope(principal_of(member), Action.LIST).filter(pk=demand.pk).exists()
    assert access.decide(principal_of(member), Action.LIST, demand).allowed is listed
    return listed


TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("spans", "wanted"),
    [
        ([("2025-01-01", "2027-01-24")], (date(2025, 1, 1), date(2027, 1, 24), 2)),
        ([("2025-01-01", "2027-01-23")], (date(2025, 1, 1), date(2027, 1, 23), 1)),
        ([("2025-01-01", "2026-11-24")], (date(2025, 1, 1), TODAY, 0)),
        # Several hold together; one without a last day has no end, nor have they.
        (
            [("2025-01-01", "2026-12-31"), ("2024-06-01", "2028-01-01"), ("2020-01-01", None)],
            (date(2020, 1, 1), None, None),
        ),
        (
            [("2025-01-01", "2026-12-31"), ("2024-06-01", "2027-11-24")],
            (date(2024, 6, 1), date(2027, 11, 24), 12),
        ),
        # Neither over nor still to come.
        ([("2020-01-01", "2026-11-23"), ("2026-11-25", None)], (None, None, None)),
    ],
)
def test_rules_read_from_when_to_when_the_agreements_hold(
    spans: list[tuple[str, str | None]], wanted: tuple[Any, ...]
) -> None:
    with time_machine.travel("2026-11-24 12:00+01:00", tick=False):
        days = [tuple(day and date.fromisoformat(day) for day in span) for span in spans]
        member: Principal = principal_of(member_under(*days))
        names = ("starts_on", "ends_on", "months_left")
        found = tuple(member.facts[f"organisation.agreement_{name}"] for name in names)
        assert found == wanted


STARTS, ENDS, LEFT = (
    f"organisation.agreement_{name}" for name in ("starts_on", "ends_on", "months_left")
)
ON_THE_AGREEMENT: list[dict[str, Any]] = [
    {"fact": ENDS, "op": "is_known"},
    {"fact": ENDS, "op": "on_or_after", "value": "2027-01-01"},
    {"fact": STARTS, "op": "older_than_months", "value": 12},
    {"fact": LEFT, "op": "at_least", "value": 2},
    {"not": {"fact": LEFT, "op": "at_most", "value": 2}},
    {"fact": "demand.received_on", "op": "on_or_after", "value": {"ref": STARTS}},
    {"not": {"fact": "demand.expires_on", "op": "on_or_before", "value": {"ref": ENDS}}},
    {"fact": "demand.seniority", "op": "at_least", "value": {"ref": LEFT}},
]


@pytest.mark.parametrize("ends_on", [None, date(2026, 12, 30), date(2027, 6, 1)])
@pytest.mark.parametrize("data", ON_THE_AGREEMENT)
def test_the_dates_of_agreements_are_read_alike_of_a_list_and_of_one_demand(
    data: dict[str, Any], ends_on: date | None
) -> None:
    known = access.vocabulary()
    with time_machine.travel("2026-11-24 12:00+01:00", tick=False):
        today = timezone.localdate()
        facts = principal_of(member_under((date(2026, 1, 15), ends_on))).facts
        condition = parse_condition(data, known)
        assert to_json(condition) == data
        assert sentence(condition, known)
        early = make_demand()
        for demand, received in ((early, date(2026, 1, 14)), (make_demand(), date(2026, 1, 15))):
            Demand.objects.filter(pk=demand.pk).update(received_on=received)
            demand.refresh_from_db()
            refresh_facts(demand=demand)
        rows = set(Demand.objects.filter(where(condition, today, facts)))
        for demand in Demand.objects.all():
            truth = explain_condition(condition, known, facts, demand, today).truth
            assert (demand in rows) is (truth is Truth.TRUE)


def test_a_right_that_asks_how_long_the_agreement_still_holds_changes_with_the_day(
    tmp_path: Path,
) -> None:
    folder = shutil.copytree(MODULES / "rights-r441-2-6", tmp_path / "rights-r441-2-6")
    body = json.loads((folder / "body.json").read_text())
    ending = {
        "all": [
            {"fact": LEFT, "op": "is_known"},
            {"fact": LEFT, "op": "at_most", "value": 0},
        ]
    }
    title = {"fr": "essai", "en": "test"}
    body["guards"].append(
        {"code": "ending", "title": title, "legal_basis": "essai", "actions": ["list"]}
        | {"deny_when": ending}
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["version"] += 1
    for name, content in (("body", body), ("manifest", manifest), ("tests", [])):
        (folder / f"{name}.json").write_text(json.dumps(content))
    call_command("rules", "install", "--modules", str(tmp_path), verbosity=0)
    with time_machine.travel("2026-11-24 12:00+01:00", tick=False) as clock:
        demand = make_demand()
        member = member_under((date(2026, 1, 1), date(2026, 12, 24)))
        assert sees(member, demand)
        clock.move_to("2026-11-25 00:00:01+01:00")
        assert not sees(member, demand)
