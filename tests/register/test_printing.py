"""Letters put together for the printer: once each, in turns, and told when posted."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.utils import timezone

from exchange.effects.letter import sweep_letters
from register import clock
from register.errors import NotAllowed, TransitionRefused
from register.letters.sending import NotSent
from register.models import (
    Delivery,
    Demand,
    DemandState,
    EffectKind,
    Event,
    EventKind,
    OrganisationKind,
    Outbox,
    Role,
)
from register.models.document import private_storage
from register.principals import Principal
from register.selectors.calls import to_call
from register.selectors.deliveries import Stage, stage_of
from register.selectors.printing import printable, printed_letter, runs
from register.selectors.renewals import latest_notice
from register.services import printing
from register.services.calls import record_call
from register.services.notices import record_delivery
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def manager() -> Principal:
    body = make_organisation(kind=OrganisationKind.MANAGER)
    return principal_of(make_member(body, Role.MANAGER))


@pytest.fixture(autouse=True)
def typeset(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Letters of one page, quicker than real ones; which ones were made, in order."""
    made: list[int] = []

    def letter_of(effect: Outbox) -> bytes:
        if effect.payload.get("faulty"):
            raise NotSent("no such letter in force")
        made.append(effect.pk)
        pdf, written = pikepdf.new(), BytesIO()
        pdf.add_blank_page()
        pdf.save(written)
        return written.getvalue()

    monkeypatch.setattr(printing, "letter_of", letter_of)
    return made


def letter(**told: Any) -> Outbox:
    now = timezone.now()
    demand = told.pop("demand", None) or make_demand()
    key = f"letter:{Outbox.objects.count()}"
    dates = {"created_at": now, "not_before": now, "done_at": now}
    return Outbox.objects.create(key=key, kind=EffectKind.LETTER, demand=demand, **dates, **told)


def made(manager: Principal) -> Any:
    run = printing.ask_run(principal=manager)
    assert run is not None
    while printing.take_turn():
        pass
    run.refresh_from_db()
    return run


def test_letters_that_wait_are_one_file_each_on_its_own_sheet(
    manager: Principal, typeset: list[int]
) -> None:
    letters = [letter() for _each in range(3)]
    run = made(manager)
    assert (run.wanted, run.done) == (3, 3)
    assert typeset == [each.pk for each in letters]
    assert len(pikepdf.open(BytesIO(run.file.read())).pages) == 6
    assert not printable(manager).exists()
    assert printing.ask_run(principal=manager) is None


def test_a_worker_killed_between_turns_puts_no_letter_twice(
    manager: Principal, typeset: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _each in range(3):
        letter()
    monkeypatch.setattr(printing.turn, "begin", lambda: lambda: True)
    before = _files()
    run = made(manager)
    assert len(typeset) == len(set(typeset)) == 3
    assert len(pikepdf.open(BytesIO(run.file.read())).pages) == 6
    assert _files() - before == {run.file.name}


def _files() -> set[str]:
    folder = "print_runs"
    if not private_storage().exists(folder):
        return set()
    return {f"{folder}/{name}" for name in private_storage().listdir(folder)[1]}


def test_printed_is_told_once_and_the_file_gives_the_same_bytes_again(manager: Principal) -> None:
    effect = letter()
    assert stage_of(effect) is Stage.PENDING
    asked = printing.ask_run(principal=manager)
    assert asked is not None
    with pytest.raises(TransitionRefused):
        printing.mark_printed(principal=manager, run=asked)
    printing.take_turn()
    run = runs(manager).get()
    before = run.file.read()
    for _each in range(2):
        printing.mark_printed(principal=manager, run=run)
    effect.refresh_from_db()
    first = effect.delivery_at
    assert (effect.delivery, stage_of(effect)) == (Delivery.PRINTED, Stage.PRINTED)
    printing.mark_printed(principal=manager, run=run)
    effect.refresh_from_db()
    assert effect.delivery_at == first
    assert runs(manager).get().file.read() == before


def test_a_letter_that_cannot_be_written_is_shown_as_failed_and_holds_no_other(
    manager: Principal,
) -> None:
    faulty, good = letter(payload={"faulty": True}), letter()
    run = made(manager)
    faulty.refresh_from_db()
    assert (run.wanted, run.done) == (2, 1)
    assert (stage_of(faulty), faulty.print_run) == (Stage.FAILED, None)
    assert list(run.letters.all()) == [good]


def test_a_notice_that_is_over_is_not_printed(manager: Principal) -> None:
    demand = make_demand()
    notice = demand.renewal_notices.create(
        kind="notice",
        expires_on=demand.expires_on - timedelta(days=365),
        announced_on=timezone.localdate(),
    )
    effect = letter(demand=demand, payload={"notice": notice.pk})
    run = printing.ask_run(principal=manager)
    assert run is not None
    assert not printing.take_turn()
    effect.refresh_from_db()
    assert stage_of(effect) is Stage.NEEDLESS
    assert not runs(manager).exists()


def test_only_the_manager_prints_and_only_what_she_may_address(manager: Principal) -> None:
    agent = principal_of(make_member(make_organisation(), Role.LEAD))
    letter()
    with pytest.raises(NotAllowed):
        printing.ask_run(principal=agent)
    run = made(manager)
    with pytest.raises(NotAllowed):
        printing.mark_printed(principal=agent, run=run)
    sealed = make_demand(is_sealed=True)
    letter(demand=sealed)
    assert printable(manager).exists()


def test_a_letter_that_came_back_puts_its_reader_on_the_call_list(manager: Principal) -> None:
    demand = make_demand()
    notice = demand.renewal_notices.create(
        kind="notice", expires_on=demand.expires_on, announced_on=timezone.localdate()
    )
    effect = letter(demand=demand, payload={"notice": notice.pk})
    run = made(manager)
    assert printed_letter(manager, demand.number) is None
    printing.mark_printed(principal=manager, run=run)
    found = printed_letter(manager, demand.number)
    assert found == effect
    printing.letter_came_back(principal=manager, letter=found)
    notice.refresh_from_db()
    assert notice.to_call_at is not None
    assert demand.events.filter(kind=EventKind.NOTICE_FAILED).exists()


def ended(reason: str) -> tuple[Demand, Event]:
    """Struck off today; its letter and e-mail are asked for by the test."""
    demand = make_demand()
    Demand.objects.filter(pk=demand.pk).update(
        state=DemandState.STRUCK_OFF, strike_off_reason="RADREN", struck_off_on=clock.today()
    )
    event = Event.objects.create(
        demand=demand, kind=EventKind.STRUCK_OFF, reason=reason, at=timezone.now()
    )
    return demand, event


def bounced(demand: Demand, event: Event) -> None:
    """The letter of a step comes back from the post."""
    effect = letter(demand=demand, payload={"event": event.pk}, delivery=Delivery.PRINTED)
    record_delivery(effect, Delivery.BOUNCED)


@pytest.mark.parametrize(
    ("reason", "is_called"),
    [("RADREN", True), ("RADCON", True), ("IRRRES", True), ("RADATT", False), ("RADABA", False)],
)
def test_a_striking_off_that_came_back_is_told_by_a_call_unless_the_applicant_made_it(
    manager: Principal, reason: str, is_called: bool
) -> None:
    demand, event = ended(reason)
    bounced(demand, event)
    assert [each.demand for each in to_call(manager)] == ([demand] if is_called else [])
    assert demand.events.filter(kind=EventKind.NOTICE_FAILED).exists() == is_called


def test_a_striking_off_is_not_called_about_while_another_way_stands_nor_twice(
    manager: Principal,
) -> None:
    demand, event = ended("RADREN")
    email = letter(demand=demand, payload={"event": event.pk})
    Outbox.objects.filter(pk=email.pk).update(kind=EffectKind.MESSAGE_EMAIL)
    bounced(demand, event)
    assert not to_call(manager).exists()
    record_delivery(email, Delivery.BOUNCED)
    notice = to_call(manager).get()
    record_call(principal=manager, notice=notice, outcome="reached", text="Elle ne savait pas")
    assert demand.events.filter(kind=EventKind.CONTACTED).exists()
    bounced(demand, event)
    assert not to_call(manager).exists()


def test_nobody_is_called_about_the_end_of_a_demand_that_goes_on_again(manager: Principal) -> None:
    demand, event = ended("RADREN")
    bounced(demand, event)
    Demand.objects.filter(pk=demand.pk).update(
        state=DemandState.ACTIVE, strike_off_reason="", struck_off_on=None
    )
    assert not to_call(manager).exists()
    bounced(demand, event)
    assert not to_call(manager).exists()
    assert latest_notice(demand.number) is None


def test_files_are_not_kept_for_ever_and_unprinted_letters_wait_again(
    manager: Principal, settings: Any, tmp_path: Path
) -> None:
    effect = letter()
    run = made(manager)
    printing.mark_printed(principal=manager, run=run)
    assert printing.sweep(older_than=timedelta(days=30)) == 0
    assert printing.sweep(older_than=timedelta(0)) == 1
    run.refresh_from_db()
    assert not run.file
    other = letter()
    made(manager)
    assert printing.sweep(older_than=timedelta(0)) == 1
    assert set(printable(manager)) == {other}
    effect.refresh_from_db()
    assert effect.delivery == Delivery.PRINTED
    settings.DATA_DIR = tmp_path
    (tmp_path / "letters").mkdir()
    for name in ("a.pdf", "half.7.part"):
        (tmp_path / "letters" / name).write_bytes(b"%PDF")
    assert sweep_letters(older_than=timedelta(days=1)) == 0
    assert sweep_letters(older_than=timedelta(seconds=-5)) == 2
