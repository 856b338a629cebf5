"""When a demand changed hands: what was written to and by whoever asked before is not the heir's.

The co-applicant takes over a number and a seniority, not a correspondence: letters stay secret to
whom they were written (Code pénal, art. 226-15), and the former applicant's data hers (GDPR, art.
5-1 c and f). Agents read the whole story.
"""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet

from register.models import Demand, EventKind

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


def handed_over_at(demand: Demand) -> datetime | None:
    """The last time the demand changed hands; None while whoever applied still asks."""
    steps = demand.events.filter(kind=EventKind.TRANSFERRED)
    return steps.order_by("-at", "-pk").values_list("at", flat=True).first()


def since_handed_over(rows: Rows, demand: Demand, at: str) -> Rows:
    """Those of the applicant of today, by the column `at` that dates them."""
    moment = handed_over_at(demand)
    return rows if moment is None else rows.filter(**{f"{at}__gt": moment})
