"""Exceptional shares of one file with one organisation: dated, reasoned, revocable, shown."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from register import clock
from register.access import Action
from register.errors import NotAllowed
from register.models import Demand, EventKind, Organisation, Role, Share
from register.principals import Principal, active_shares
from register.services.changes import begin_change
from register.vocabulary.lookups import SHARE_PERMISSION

SHARING_ROLES = frozenset({Role.LEAD, Role.MANAGER})


@transaction.atomic
def share_with_organisation(
    *,
    principal: Principal,
    demand: Demand,
    organisation: Organisation,
    reason: str,
    starts_on: date,
    ends_on: date,
) -> Share:
    """Open one file to one organisation between two dates, for a reason told to the applicant."""
    _check_role(principal)
    change = begin_change(principal=principal, demand=demand, action=Action.RECORD_ACT)
    share = Share(
        demand=change.demand,
        organisation=organisation,
        reason=reason.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=principal.user,
        granted_at=clock.now(),
    )
    share.full_clean()
    share.save(force_insert=True)
    assign_perm(SHARE_PERMISSION, organisation.group, change.demand)
    change.commit(
        EventKind.SHARED,
        text=share.reason,
        details={"organisation": organisation.pk, "until": ends_on.isoformat()},
    )
    return share


@transaction.atomic
def revoke_share(*, principal: Principal, share: Share) -> None:
    """End a share at once; guardian's row goes when no other share of the same file needs it."""
    _check_role(principal)
    if share.revoked_at:
        raise ValidationError(_("This share has already ended."))
    change = begin_change(principal=principal, demand=share.demand, action=Action.RECORD_ACT)
    share.revoked_at = clock.now()
    share.save(update_fields=["revoked_at"])
    others = active_shares(clock.today()).filter(
        demand=change.demand, organisation=share.organisation
    )
    if not others.exists():
        remove_perm(SHARE_PERMISSION, share.organisation.group, change.demand)
    change.commit(EventKind.SHARE_REVOKED, details={"organisation": share.organisation_id})


def _check_role(principal: Principal) -> None:
    if principal.role not in SHARING_ROLES:
        raise NotAllowed(_("Only a team lead or the manager can share a file."))
