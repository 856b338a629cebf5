"""What happens next to one demand, on which day and by which rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register import clock, codes, deadlines
from register.deadlines import DelayInForce
from register.models import Demand, DemandState
from register.selectors.renewals import EARLY, late_by, strike_off_on
from rules.kinds.deadlines import Consequence, Deadline, Start
from rules.publication.deadlines import bounded, consequence
from rules.publication.deadlines import start as start_words

# Said of a day to come; the charter, which has no day, tells the others.
_TO_COME: Mapping[Consequence, Promise] = {
    Consequence.TOLD: gettext_lazy("the applicant will have been told by then"),
    Consequence.EXPIRED: gettext_lazy("without renewal, the demand is no longer valid"),
    Consequence.STRUCK_OFF: gettext_lazy("without renewal, the demand is struck off"),
}
# What a delay opens stays open after its day; the others are over.
_OPENED = frozenset({Consequence.MEDIATION_OPENED})


@dataclass(frozen=True)
class NextDate:
    """One date that matters to a demand. `is_open`: the day has come and what it opened lasts."""

    code: str
    on: date
    title: str
    explanation: str
    rule: str
    then: str
    legal_basis: str
    module: str
    version: int
    is_open: bool = False


def next_dates(demand: Demand) -> list[NextDate]:
    """The dates to come of a demand, the nearest first, then what is already open."""
    today = clock.today()
    found = [
        _next_date(demand, delay, today)
        for code, delay in deadlines.in_force(demand.department_id).items()
        if code in _SHOWN and _SHOWN[code](demand) and delay.deadline.start in STARTS
    ]
    kept = [item for item in found if item.is_open or item.on >= today]
    return sorted(kept, key=lambda item: (item.is_open, item.on, item.code))


@dataclass(frozen=True)
class Resumption:
    """By which delay a struck-off demand may be resumed, since when, and until which day."""

    delay: DelayInForce
    start: date
    last_day: date


def resumption(demand: Demand) -> Resumption | None:
    """How long a struck-off demand may be resumed; None when its end is final."""
    for code in ("reactivation", "unreachable_reactivation"):
        if _SHOWN[code](demand):
            delay = deadlines.find(code, demand.department_id)
            start = STARTS[delay.deadline.start](demand)
            return Resumption(delay, start, _resumed_until(demand, delay.deadline, start))
    return None


def _resumed_until(demand: Demand, deadline: Deadline, start: date) -> date:
    """Whoever was struck off later, being told late, may also come back later."""
    late = late_by(demand) if deadline.start is Start.DEPOSIT_OR_RENEWAL else timedelta(0)
    return deadlines.add(start, deadline) + late


def renewal_opens_on(demand: Demand) -> date:
    """First day on which renewing makes sense: that on which the end may be announced (R441-2-7).

    What tells her to renew may leave some days before its legal day.
    """
    notice = deadlines.get("renewal_notice", demand.department_id)
    return deadlines.add(demand.expires_on, notice) - EARLY


def may_renew(demand: Demand) -> bool:
    """True once the time to renew has come, as long as the demand is live."""
    return demand.is_live and clock.today() >= renewal_opens_on(demand)


def _next_date(demand: Demand, delay: DelayInForce, today: date) -> NextDate:
    deadline = delay.deadline
    on = _last_day(demand, deadline)
    return NextDate(
        code=deadline.code,
        on=on,
        title=str(deadline.title),
        explanation=str(deadline.explanation),
        rule=_rule(deadline),
        then=capfirst(str(_TO_COME.get(deadline.consequence) or consequence(deadline))),
        legal_basis=deadline.legal_basis,
        module=delay.module,
        version=delay.number,
        is_open=deadline.consequence in _OPENED and on <= today,
    )


def _last_day(demand: Demand, deadline: Deadline) -> date:
    """The end of validity is what was promised when the demand was registered or renewed."""
    if deadline.consequence is Consequence.EXPIRED:
        return demand.expires_on
    if deadline.code == "strike_off":
        return strike_off_on(demand)
    return deadlines.add(STARTS[deadline.start](demand), deadline)


def _rule(deadline: Deadline) -> str:
    words = _("{delay} before {start}") if deadline.is_before else _("{delay} after {start}")
    return capfirst(words.format(delay=bounded(deadline), start=start_words(deadline)))


def _struck_off_on(demand: Demand) -> date:
    if demand.struck_off_on is None:
        raise LookupError("this demand is not struck off")
    return demand.struck_off_on


# The date in a demand of each fact from which the delays shown below run.
STARTS: Mapping[Start, Callable[[Demand], date]] = {
    Start.DEPOSIT: lambda demand: demand.received_on,
    Start.COMPLETE_DEMAND: lambda demand: demand.received_on,
    Start.DEPOSIT_OR_RENEWAL: lambda demand: demand.last_renewed_on or demand.received_on,
    Start.END_OF_VALIDITY: lambda demand: demand.expires_on,
    Start.STRIKING_OFF: _struck_off_on,
    Start.MERGE: _struck_off_on,
}


def _is_live(demand: Demand) -> bool:
    return demand.is_live


def _ended_by(*reasons: str) -> Callable[[Demand], bool]:
    return lambda demand: (
        demand.state == DemandState.STRUCK_OFF and demand.strike_off_reason in reasons
    )


_SHOWN: Mapping[str, Callable[[Demand], bool]] = {
    "registration_target": lambda demand: demand.state == DemandState.AWAITING_CHECK,
    "renewal_notice": _is_live,
    "validity": _is_live,
    "strike_off": _is_live,
    # What it opens is a person's right (CCH L441-2-3).
    "abnormal_delay": lambda demand: demand.is_live and not demand.is_association,
    "reactivation": _ended_by(codes.StrikeOffReason.NOT_RENEWED),
    "unreachable_reactivation": _ended_by(codes.StrikeOffReason.UNREACHABLE),
    "merge_undo": lambda demand: demand.state == DemandState.MERGED,
    "retention": lambda demand: demand.state == DemandState.STRUCK_OFF,
}
