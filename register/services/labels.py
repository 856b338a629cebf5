"""Priority labels recognised by a person or body, dated and justified (CCH L441-1, R441-2-15)."""

from datetime import date

from django.db import transaction

from register import clock
from register.access import Action
from register.models import Demand, EventKind, Label
from register.principals import Principal
from register.services.changes import begin_change


@transaction.atomic
def grant_label(
    *,
    principal: Principal,
    demand: Demand,
    code: str,
    ground: str = "",
    valid_to: date | None = None,
) -> Label:
    """Recognise a priority from today, in the name of the principal's organisation."""
    change = begin_change(principal=principal, demand=demand, action=Action.RECORD_ACT)
    label = Label(
        demand=change.demand,
        code=code,
        granted_by=principal.organisation,
        ground=ground,
        valid_from=clock.today(),
        valid_to=valid_to,
    )
    label.full_clean()
    label.save(force_insert=True)
    change.commit(EventKind.LABEL_GRANTED, reason=code)
    return label
