"""A year after the striking off, nothing tells of the person any more, and figures do not move."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from portal.models import Draft
from register.bulk import refresh_statistics, wipe_deleted
from register.errors import NotAllowed
from register.form.single import mark
from register.models import (
    AccessLog,
    Demand,
    DemandState,
    Need,
    OrganisationKind,
    Role,
    Round,
    StoredFile,
    User,
)
from register.models import Event as Step
from register.principals import Principal
from register.selectors.retention import retention, to_erase
from register.selectors.statistics import observe
from register.services.acts import add_note, send_message
from register.services.calendar import keep_calendar
from register.services.erasure import _ERASED, erase
from register.services.holds import place_hold, release_hold
from register.services.modification import Proposed, rectify
from register.services.strike_off import strike_off
from tests.factories import make_demand, make_member, make_organisation, principal_of

CANARY = "Zyxoquark"
ENDED = date(2024, 2, 29)
# A year later, counted by hand: 2025 has no 29 February.
ERASED = date(2025, 2, 28)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime(2024, 2, 29, 9), tick=False) as moved:
        yield moved


@pytest.fixture
def manager() -> Principal:
    return principal_of(make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER))


def ended(**told: Any) -> Demand:
    """A demand that leaves a canary wherever a person can write, struck off on the day."""
    body = make_organisation()
    lead = principal_of(make_member(body, Role.LEAD))
    demand = make_demand(
        registered_by=body,
        last_name=CANARY,
        dependants=2,
        received_on=date(2023, 1, 10),
        remarks=CANARY,
        **told,
    )
    Need.objects.create(person=demand.persons.first(), topic="aid", code="4")
    demand.contact.address = CANARY
    demand.contact.save()
    AccessLog.objects.create(
        demand=demand,
        user=lead.user,
        organisation=body,
        purpose="view",
        at=datetime.now().astimezone(),
    )
    send_message(principal=lead, demand=demand, body=f"Bonjour {CANARY}")
    if body.agreements.exists():
        add_note(principal=lead, demand=demand, text=f"Vue: {CANARY}")
        change_remarks(lead, demand)
    strike_off(principal=lead, demand=demand, reason="RADABA", text=CANARY)
    demand.refresh_from_db()
    return demand


def change_remarks(lead: Principal, demand: Demand) -> None:
    rectify(
        principal=lead,
        demand=demand,
        ref="motifs.remarks",
        proposed=Proposed(f"{CANARY} encore", mark(CANARY)),
        source="third",
        text=CANARY,
    )


def erase_now(demand: Demand) -> None:
    [candidate] = [each for each in to_erase(ERASED) if each.demand_id == demand.pk]
    erase(candidate)


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
def test_data_are_erased_on_the_day_and_not_before(clock: Any) -> None:
    demand = ended()
    for _ in range(20):
        make_demand()
    assert to_erase(ERASED - timedelta(days=1)) == []
    clock.move_to(datetime(2025, 2, 28, 9))
    keep_calendar()
    demand.refresh_from_db()
    assert (demand.state, demand.account, demand.remarks) == (DemandState.ERASED, None, "")
    assert Round.objects.get(step="erase").done == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
def test_no_row_tells_of_the_person_and_the_file_is_gone(
    clock: Any, django_capture_on_commit_callbacks: Any
) -> None:
    demand = ended()
    account, number, stored = demand.account_id, demand.number, StoredFile.objects.get()
    place = Path(stored.file.path)
    assert place.exists()
    with django_capture_on_commit_callbacks(execute=True):
        erase_now(demand)
    assert not place.exists()
    assert not User.objects.filter(pk=account).exists()
    for model in _ERASED:
        assert not model._default_manager.filter(demand=demand.pk).exists(), model.__name__
    assert not Need.objects.exists()
    for related in Demand._meta.related_objects:
        for row in related.related_model._default_manager.filter(**{related.field.name: demand.pk}):
            assert CANARY.casefold() not in repr(row.__dict__).casefold()
    assert not Demand.objects.filter(number=number).exists()
    assert not Step.objects.filter(demand=demand, user__isnull=False).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
def test_every_table_that_hangs_on_a_demand_is_erased_or_known_to_tell_nothing() -> None:
    kept = {"WishedType", "WishedCommune", "Event", "DemandFacts", "DemandAudience"}
    apart = {"Task", "WorkingTag", "DemandUserPermission", "DemandGroupPermission"}
    apart |= {"DuplicatePair", "Merge"}
    hanging = {each.related_model.__name__ for each in Demand._meta.related_objects}
    assert hanging == {model.__name__ for model in _ERASED} | kept | apart


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("living", [True, False])
def test_the_account_of_whoever_has_begun_a_new_demand_is_kept_with_her_draft(
    clock: Any, living: bool
) -> None:
    demand = ended()
    account = demand.account
    number = "" if living else demand.number
    Draft.objects.create(
        user=account, updated_at=timezone.now(), answers={"x": {}}, submitted_number=number
    )
    erase_now(demand)
    assert User.objects.filter(pk=account.pk).exists() is living
    assert Draft.objects.filter(user=account).exists() is living


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
def test_figures_of_past_days_do_not_move(clock: Any) -> None:
    demand = ended()
    for _ in range(3):
        make_demand(received_on=date(2023, 6, 1))
    before = [observe(Demand.objects.all(), day, 1) for day in (date(2024, 1, 1), date(2024, 6, 1))]
    erase_now(demand)
    after = [observe(Demand.objects.all(), day, 1) for day in (date(2024, 1, 1), date(2024, 6, 1))]
    assert after == before


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
def test_a_legal_hold_keeps_a_demand_until_it_is_released(clock: Any, manager: Principal) -> None:
    demand = ended()
    lead = principal_of(make_member(demand.registered_by, Role.LEAD))
    with pytest.raises(NotAllowed):
        place_hold(principal=lead, demand=demand, reason="Litige")
    with pytest.raises(ValidationError):
        place_hold(principal=manager, demand=demand, reason=" ")
    hold = place_hold(principal=manager, demand=demand, reason="Requête n° 2500123")
    with pytest.raises(ValidationError):
        place_hold(principal=manager, demand=demand, reason="Encore")
    assert to_erase(ERASED) == []
    clock.move_to(datetime(2025, 2, 28, 9))
    assert [each.pk for each in retention(manager).holds] == [hold.pk]
    assert retention(manager).due == 0
    release_hold(principal=manager, hold=hold)
    assert [each.demand_id for each in to_erase(ERASED)] == [demand.pk]
    assert retention(manager).due == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("rules")
def test_after_upkeep_the_bytes_are_nowhere_in_the_database(clock: Any) -> None:
    demand = ended()
    refresh_statistics()  # PostgreSQL keeps values of each column apart, of its own accord too.
    wipe_deleted()
    assert _files_with_canary()
    erase_now(demand)
    wipe_deleted()
    assert _files_with_canary() == []


def _files_with_canary() -> list[str]:
    found = []
    for path in _database_files():
        content = path.read_bytes().lower() if path.is_file() else b""
        if CANARY.lower().encode() in content:
            found.append(path.name)
    return found


def _database_files() -> list[Path]:
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        return [name, name.with_name(name.name + "-wal"), name.with_name(name.name + "-journal")]
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        root = Path(cursor.fetchone()[0])
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        return list((root / "base" / str(cursor.fetchone()[0])).iterdir())
