"""What a separation or a transfer leaves unsaid: asked again of whoever the demand is now of.

The family status, and the income of a tax notice that was the couple's (order of 29 July 1987: the
income counted is that of those who will live there).
"""

from django.db.models import Q

from register.codes import DemandOrigin
from register.form.single import Asked, asked_of
from register.models import Demand, EventKind
from register.selectors.given_answers import kept_answer

_ASKED = ("identite-situation.family_status", "ressources.tax_income_n2")
_CHANGED = Q(kind__in=(EventKind.SEPARATED, EventKind.TRANSFERRED)) | Q(
    kind=EventKind.SUBMITTED, reason=DemandOrigin.SEPARATION
)


def asked_again(demand: Demand) -> list[Asked]:
    """The answers that are still empty since the household changed, in the order of the form."""
    if not demand.is_live or not demand.events.filter(_CHANGED).exists():
        return []
    asked = (each for each in asked_of(demand) if each.question.key in _ASKED)
    return [each for each in asked if kept_answer(each) in (None, "")]
