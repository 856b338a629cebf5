"""Deadlines: files that would be notified, warned, struck off, erased or late, as of today."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from register.models import Demand
from register.selectors import due
from register.selectors.due import Delays

from .counting import compare
from .frame import Bodies, Outcome, Placed, Steps

MEASURE = "due"
Due = Callable[[date, Iterable[Delays]], QuerySet[Demand]]

EFFECTS: Mapping[str, Due] = {
    "to_notify": due.to_notify,
    "to_warn": due.to_warn,
    "to_strike_off": due.to_strike_off,
    "to_erase": due.to_erase,
    "beyond_abnormal_delay": due.beyond_abnormal_delay,
}


def simulate(bodies: Bodies, outcome: Outcome) -> Steps:
    """One table per effect and dimension."""
    pairs = {
        effect: (
            _among(select(bodies.today, _delays(bodies.before))),
            _among(select(bodies.today, _delays(bodies.after))),
        )
        for effect, select in EFFECTS.items()
    }
    return compare(Demand.objects.all(), pairs, bodies.today, outcome, MEASURE)


def _delays(placed: Iterable[Placed]) -> list[Delays]:
    return [Delays(each.territory, each.body) for each in placed]


def _among(demands: QuerySet[Demand]) -> Q:
    return Q(pk__in=demands.values("pk"))
