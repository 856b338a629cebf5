"""The synthetic register: deterministic, lifelike, and the same whichever way it is written."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model

from register.demo.draw import Draw
from register.demo.places import Places
from register.demo.seed import TABLES, seed
from register.demo.synthetic import draw_demand
from register.models import (
    LIVE_STATES,
    Demand,
    DemandFacts,
    DemandState,
    DuplicatePair,
    NumberCounter,
    Outbox,
    PairStatus,
    RenewalNotice,
    Task,
)
from register.numbers import is_number
from register.selectors.rounds import is_held_today
from register.services.facts import compute_facts

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DEMANDS = 24
# Keys are given differently by the two ways; everything else must be equal.
TECHNICAL = {"id", "pk"}
KEYS_IN_DETAILS = {"message", "mandate"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "rules")]


def _written(in_bulk: bool) -> dict[str, Any]:
    seed(demands=DEMANDS, seed_number=7, now=NOW, report=lambda done, total: None, in_bulk=in_bulk)
    return {model.__name__: _rows(model) for model in (*TABLES, NumberCounter, Outbox)}


def _rows(model: type[Model]) -> list[tuple[tuple[str, str], ...]]:
    return sorted(_comparable(row) for row in model._default_manager.all())


def _comparable(row: Model) -> tuple[tuple[str, str], ...]:
    values = []
    for field in row._meta.concrete_fields:
        if field.name in TECHNICAL:
            continue
        value = getattr(row, field.name)
        if isinstance(value, Demand):
            value = value.number
        elif isinstance(value, Model) and hasattr(value, "demand"):
            value = (str(value), value.demand.number)
        if field.name == "details":
            value = {name: told for name, told in value.items() if name not in KEYS_IN_DETAILS}
        values.append((field.name, str(value)))
    return tuple(values)


@pytest.mark.slow
@pytest.mark.django_db
def test_services_and_bulk_loading_write_the_same_rows(django_db_blocker: Any) -> None:
    from django.db import transaction

    written = {}
    for in_bulk in (False, True):
        with transaction.atomic():
            written[in_bulk] = _written(in_bulk)
            transaction.set_rollback(True)
    for name, rows in written[False].items():
        assert written[True][name] == rows, name
    assert len(written[True]["Demand"]) == DEMANDS + 1


def test_the_same_seed_draws_the_same_demands() -> None:
    places = Places()
    first = [draw_demand(3, index, places, NOW) for index in range(30)]
    again = [draw_demand(3, index, Places(), NOW) for index in range(30)]
    other = [draw_demand(4, index, places, NOW) for index in range(30)]
    assert first == again
    assert first != other


def test_a_bulk_register_keeps_the_invariants_of_the_services() -> None:
    seed(demands=300, seed_number=1, now=NOW, report=lambda done, total: None, in_bulk=True)
    demands = Demand.objects.all()
    assert demands.count() == 301
    assert all(is_number(demand.number) for demand in demands)
    for demand in demands.select_related("facts", "current_housing"):
        recomputed = compute_facts(demand)
        stored = DemandFacts.objects.get(pk=demand.pk)
        for field in ("household_size", "annual_income", "identity_verified", "first_commune"):
            assert getattr(stored, field) == getattr(recomputed, field)
        demand.full_clean(validate_unique=False)


def test_the_draw_follows_published_proportions() -> None:
    places = Places()
    drawn = [draw_demand(5, index, places, NOW) for index in range(1500)]
    online = sum(d.portrait.channel == "online" for d in drawn) / len(drawn)
    dijon = sum(d.portrait.communes[0].insee == "21231" for d in drawn) / len(drawn)
    over_a_year = sum((NOW - d.deposited_at).days > 365 for d in drawn) / len(drawn)
    social = sum(d.portrait.application.current_housing.kind == "HLM" for d in drawn) / len(drawn)
    assert online == pytest.approx(0.44, abs=0.05)
    assert dijon == pytest.approx(0.54 * 0.9, abs=0.05)
    assert over_a_year == pytest.approx(0.5, abs=0.05)
    assert social == pytest.approx(0.33, abs=0.05)


def test_every_live_state_of_a_demand_is_found_in_the_demonstration() -> None:
    seed(demands=600, seed_number=2026, now=NOW, report=lambda done, total: None, in_bulk=True)
    states = set(Demand.objects.values_list("state", flat=True))
    assert states == {*LIVE_STATES, DemandState.STRUCK_OFF}


def test_demands_are_never_added_to_a_register_that_holds_some() -> None:
    call_command("seed_demo", "--demands", "3", "--way", "bulk", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("seed_demo", "--demands", "3", stdout=StringIO())
    call_command("seed_demo", "--demands", "3", "--if-empty", stdout=StringIO())
    # Three, the applicant's with its story, two of the association, three people twice.
    assert Demand.objects.count() == 12
    assert Demand.objects.filter(is_association=True).count() == 2


def test_something_waits_on_each_page_of_the_desk_of_the_demonstration() -> None:
    call_command("seed_demo", "--demands", "300", "--way", "bulk", stdout=StringIO())
    assert DuplicatePair.objects.filter(status=PairStatus.TO_REVIEW).count() == 3
    assert Task.objects.filter(done_at=None).exists()
    assert RenewalNotice.objects.filter(to_call_at__isnull=False, called_at=None).exists()
    assert Outbox.objects.filter(done_at__isnull=False).exclude(last_error="").exists()
    assert is_held_today()


def test_synthetic_demands_are_refused_outside_a_demonstration(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("seed_demo", "--demands", "3")


def test_a_draw_between_two_numbers_reaches_both_ends() -> None:
    draw = Draw("ends")
    assert {draw.between(1, 3) for _ in range(200)} == {1, 2, 3}
