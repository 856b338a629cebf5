"""The rounds of the calendar as the manager reads them: what was done, and what is held and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from register import access, clock
from register.access import Action
from register.machine import uptime
from register.models import Demand, Event, Held, Round, RoundStep
from register.parameters import figures
from register.principals import Principal
from register.selectors import renewals, retention, strike_off_warnings
from register.selectors.renewals import Candidate
from register.selectors.usual import usual

LATEST = 30
MOST_SHOWN = 20
# Limits of a round without a person, where no figure is published.
MOST_FILES, MOST_SHARE = 200, 5
LONGEST_SILENCE = timedelta(days=1)
CLOCKS_DIFFER = timedelta(hours=1)
# No clock is set right by as much from day to day.
CLOCK_MOVED = timedelta(minutes=10)

# Which demands each step of the calendar finds on a day.
FINDERS: Mapping[RoundStep, Callable[[date], list[Candidate]]] = {
    RoundStep.ANNOUNCE: renewals.to_announce,
    RoundStep.REMIND: renewals.to_remind,
    RoundStep.STRIKE_OFF: renewals.to_strike_off,
    RoundStep.UNANSWERED: strike_off_warnings.to_strike_off,
    RoundStep.ERASE: retention.to_erase,
}


@dataclass(frozen=True)
class HeldRound:
    """A round of today that waits for a person, with some of the files that it would touch.

    `usual` is how many a night usually erases, where it is about no demand.
    """

    round: Round
    files: list[Demand]
    usual: int | None


def held_today(principal: Principal) -> list[HeldRound]:
    """What waits for the manager today; a round held on another day is over."""
    waiting = _held().filter(day=clock.today(), allowed__isnull=True)
    return [HeldRound(each, _files(principal, each), _usual_of(each)) for each in waiting]


def is_held_today() -> bool:
    """True when something waits for the manager."""
    return _held().filter(day=clock.today(), allowed__isnull=True).exists()


def latest() -> list[Round]:
    """The latest rounds, newest first."""
    return list(Round.objects.select_related("allowed_by")[:LATEST])


def limits(on: date) -> tuple[int, int]:
    """The most files, and the largest share of the live demands in percent, of a free round."""
    published = figures(("round.files", "round.share"), "", on)
    files, share = published.get("round.files"), published.get("round.share")
    return (
        int(files.value) if files else MOST_FILES,
        int(share.value) if share else MOST_SHARE,
    )


def strange_clock() -> str:
    """Why the clock cannot be believed, far from what the register last wrote; empty when it can.

    What delays bring about then waits: a wrong day must not end demands (R22). The clock is
    compared with the machine's own count of time since the last round; where the machine started
    since, more than a day without a round is for a person to judge.
    """
    last = Event.objects.order_by("-pk").values_list("at", flat=True).first()
    believed = Round.objects.filter(held="") | Round.objects.filter(allowed__isnull=False)
    reached = believed.order_by("-day").values_list("day", flat=True).first() or clock.today()
    if reached > clock.today() or (last is not None and last > clock.now() + CLOCKS_DIFFER):
        return Held.CLOCK_BEHIND
    moved = _moved()
    if moved is None:
        return Held.SILENCE if clock.today() - reached > LONGEST_SILENCE else ""
    if moved < -CLOCK_MOVED:
        return Held.CLOCK_BEHIND
    return Held.CLOCK_AHEAD if moved > CLOCK_MOVED else ""


def _moved() -> timedelta | None:
    """By how much the clock was put forward since the last day that was believed.

    None where the machine started since, or does not tell.
    """
    told = uptime()
    last = told and Round.objects.filter(boot=told.boot).order_by("-up_for").first()
    if not told or not last or last.up_for is None or last.up_for > told.seconds:
        return None
    return clock.now() - last.at - timedelta(seconds=told.seconds - last.up_for)


def _held() -> QuerySet[Round]:
    return Round.objects.exclude(held="")


def _usual_of(held: Round) -> int | None:
    step = RoundStep(held.step)
    return None if step in FINDERS else usual(step, held.day)


def _files(principal: Principal, held: Round) -> list[Demand]:
    find = FINDERS.get(RoundStep(held.step))
    found = find(held.day)[:MOST_SHOWN] if find else []
    keys = [candidate.demand_id for candidate in found]
    return list(access.scope(principal, Action.LIST).filter(pk__in=keys).order_by("number"))
