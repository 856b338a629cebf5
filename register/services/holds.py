"""Legal holds: a demand that a dispute or an inquiry needs is not erased meanwhile."""

import json
from collections.abc import Iterable

from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from register import access, clock
from register.access import Action
from register.errors import NotAllowed
from register.models import Demand, LegalHold
from register.principals import Principal
from register.selectors.retention import holds
from register.text import without_unstorable


@transaction.atomic
def place_hold(*, principal: Principal, demand: Demand, reason: str) -> LegalHold:
    """Keep a demand from being erased; the manager's alone, for a reason that is kept."""
    _check(principal, demand)
    if LegalHold.objects.filter(demand=demand, released_at__isnull=True).exists():
        raise ValidationError({"number": _("This demand is already held.")})
    hold = LegalHold(
        demand=demand,
        reason=without_unstorable(reason).strip(),
        placed_at=clock.now(),
        placed_by=principal.user,
    )
    hold.full_clean()
    hold.save(force_insert=True)
    return hold


@transaction.atomic
def release_hold(*, principal: Principal, hold: LegalHold) -> None:
    """Let the delay of retention run its course again; what it kept aside goes at once."""
    _check(principal, hold.demand)
    standing = LegalHold.objects.filter(pk=hold.pk, released_at__isnull=True)
    standing.update(released_at=clock.now(), kept=[])


def keep_aside(demand: Demand, rows: Iterable[Model]) -> None:
    """Keep with the hold, as they are, rows that are about to leave the file; nothing without one.

    In the transaction of the service that deletes or blanks them.
    """
    hold = holds().filter(demand=demand).select_for_update().first()
    if hold is not None:
        hold.kept += json.loads(serializers.serialize("json", rows))
        hold.save(update_fields=["kept"])


def _check(principal: Principal, demand: Demand) -> None:
    is_open = access.decide(principal, Action.VIEW, demand).allowed
    if not (principal.is_manager and is_open) or principal.observer is not None:
        raise NotAllowed(_("You cannot do this with this demand."))
