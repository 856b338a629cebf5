"""Deadlines: files that would be notified, warned, struck off, erased or late, as of today."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from register.models import Demand
from register.selectors import due
from register.selectors.due import Delays

from .counting import compared
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
    stock = Demand.objects.all()
    outcome.stock = stock.count()
    for done, (effect, select) in enumerate(EFFECTS.items()):
        yield done, len(EFFECTS)
        before, after = (
            _among(select(bodies.today, _delays(placed)))
            for placed in (bodies.before, bodies.after)
        )
        outcome.tables += compared(
            stock, before, after, bodies.today, measure=MEASURE, subject=effect
        )


def _delays(placed: Iterable[Placed]) -> list[Delays]:
    return [Delays(each.territory, each.body) for each in placed]


def _among(demands: QuerySet[Demand]) -> Q:
    return Q(pk__in=demands.values("pk"))
