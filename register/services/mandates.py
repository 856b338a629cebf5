"""Mandates: the applicant lets a helper follow the demand, or act, until a date or revoked.

What she signed on paper, and guardianships, are recorded at a counter (`recorded_mandates`).
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock
from register.access import Action
from register.errors import NotAllowed
from register.models import Demand, EventKind, Mandate, MandateKind, MandateScope, User
from register.principals import Principal
from register.services.changes import begin_change
from register.services.facts import Touched


@transaction.atomic
def give_mandate(
    *,
    principal: Principal,
    demand: Demand,
    helper_email: str,
    ends_on: date,
    scope: str = MandateScope.READ,
) -> Mandate | None:
    """Let the holder of an account do what `scope` says from today to `ends_on`, one year at most.

    It takes the place of the one she had from the same applicant (Code civil, art. 2006). None, and
    nothing written, when no account has this address: the caller answers the same either way, so
    that nobody learns here who has an account.
    """
    change = begin_change(principal=principal, demand=demand, action=Action.EDIT)
    today = clock.today()
    if not today <= ends_on <= today.replace(year=today.year + 1, day=min(today.day, 28)):
        raise ValidationError({"ends_on": _("Choose an end date within one year.")})
    if scope not in MandateKind.GIVEN.scopes:
        raise ValidationError({"scope": _("Choose what this person may do.")})
    helper = User.objects.filter(email__iexact=helper_email.strip(), is_active=True).first()
    if helper == principal.user:
        raise ValidationError({"helper_email": _("This is your own address.")})
    if helper is None:
        return None
    replace_given(change.demand, helper=helper)
    mandate = Mandate(
        demand=change.demand, helper=helper, starts_on=today, ends_on=ends_on, scope=scope
    )
    mandate.full_clean()
    mandate.save(force_insert=True)
    change.commit(
        EventKind.MANDATE_GIVEN,
        details={"mandate": mandate.pk, "until": ends_on.isoformat(), "scope": scope},
        touched=Touched.LIFE,
    )
    return mandate


def replace_given(demand: Demand, **helper: Any) -> None:
    """End what the applicant gave the same helper before; a guardianship is not hers to end."""
    before = demand.mandates.filter(kind=MandateKind.GIVEN, revoked_at__isnull=True, **helper)
    before.filter(ends_on__gte=clock.today()).update(revoked_at=clock.now())


@transaction.atomic
def revoke_mandate(*, principal: Principal, mandate: Mandate) -> None:
    """End a mandate at once; the helper loses access at the next request (C. civ., art. 2004).

    NotAllowed for a guardianship: a judge ends it, and a counter writes it down.
    """
    if mandate.is_of_a_judge:
        raise NotAllowed(_("A judge gave this power: a counter writes down its end."))
    change = begin_change(
        principal=principal, demand=mandate.demand, action=Action.EDIT, of_merged=True
    )
    if mandate.revoked_at is None:
        mandate.revoked_at = clock.now()
        mandate.save(update_fields=["revoked_at"])
        change.commit(
            EventKind.MANDATE_REVOKED, details={"mandate": mandate.pk}, touched=Touched.LIFE
        )
