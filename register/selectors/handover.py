"""When a demand changed hands: what was written to and by whoever asked before is not the heir's.

The co-applicant takes over a number and a seniority, not a correspondence: letters stay secret to
whom they were written (Code pénal, art. 226-15), and the former applicant's data hers (GDPR, art.
5-1 c and f). Agents read the whole story.
"""

from collections.abc import Collection, Mapping
from copy import copy
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.models import Demand, Event, EventKind

# In the details of a transfer: how much agents keep of the former applicant's, which is not shown
# to the heir.
SET_APART = "set_apart"
_APART: Mapping[str, Promise] = {
    "documents": gettext_lazy("Documents kept apart from the new applicant"),
    "messages": gettext_lazy("Messages kept apart from the new applicant"),
    "unread": gettext_lazy("Documents that nobody had read"),
}
Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


def handed_over_at(demand: Demand) -> datetime | None:
    """The last time the demand changed hands; None while whoever applied still asks."""
    steps = demand.events.filter(kind=EventKind.TRANSFERRED)
    return steps.order_by("-at", "-pk").values_list("at", flat=True).first()


def handed_over_each(demands: Collection[int]) -> dict[int, datetime]:
    """The same of several demands by key; those that never changed hands are not in it."""
    if not demands:
        return {}
    steps = Event.objects.filter(kind=EventKind.TRANSFERRED, demand__in=demands)
    return dict(steps.order_by("at", "pk").values_list("demand", "at"))


def since_handed_over(rows: Rows, demand: Demand, at: str) -> Rows:
    """Those of the applicant of today, by the column `at` that dates them."""
    moment = handed_over_at(demand)
    return rows if moment is None else rows.filter(**{f"{at}__gt": moment})


def told_to_heir(event: Event) -> Event:
    """A transfer as the applicant of today is told it: a copy, never saved."""
    if SET_APART not in event.details:
        return event
    told = copy(event)
    told.details = {name: value for name, value in event.details.items() if name != SET_APART}
    return told


def words_set_apart(event: Event) -> str:
    """What a transfer set apart from the heir, for who keeps the file: the manager."""
    counts = event.details.get(SET_APART, {})
    told = [
        _("%(what)s: %(count)s") % {"what": label, "count": counts[name]}
        for name, label in _APART.items()
        if counts.get(name)
    ]
    return " · ".join(told)
