"""Exceptional shares of one file with an organisation or a person: dated, reasoned, revocable."""

from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from register import clock
from register.access import Action
from register.agreements import active_shares, in_force_on
from register.errors import NotAllowed
from register.models import Demand, EventKind, Membership, Organisation, Role, Share, User
from register.principals import Principal
from register.services.changes import begin_change
from register.services.facts import Touched
from register.vocabulary.lookups import SHARE_PERMISSION

READING_ROLES = (Role.READER, Role.AGENT, Role.LEAD)
SHARING_ROLES = frozenset({Role.LEAD, Role.MANAGER})


@transaction.atomic
def share_file(
    *,
    principal: Principal,
    demand: Demand,
    organisation: Organisation,
    reason: str,
    starts_on: date,
    ends_on: date,
    recipient_email: str = "",
) -> Share:
    """Open one file to one organisation between two dates, for a reason told to the applicant.

    With the address of one of its agents, to that agent only, when acting for the organisation.
    """
    _check_role(principal)
    change = begin_change(principal=principal, demand=demand, action=Action.RECORD_ACT)
    share = Share(
        demand=change.demand,
        organisation=organisation,
        recipient=_agent(organisation, recipient_email),
        reason=reason.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=principal.user,
        granted_at=clock.now(),
    )
    share.full_clean()
    share.save(force_insert=True)
    assign_perm(SHARE_PERMISSION, _holder(share), change.demand)
    change.commit(
        EventKind.SHARED,
        text=share.reason,
        details={**_whom(share), "until": ends_on.isoformat()},
        touched=Touched.LIFE,
    )
    return share


@transaction.atomic
def revoke_share(*, principal: Principal, share: Share) -> None:
    """End a share at once; guardian's row goes when no other share of the same file needs it."""
    _check_role(principal)
    if share.revoked_at:
        raise ValidationError(_("This share has already ended."))
    change = begin_change(
        principal=principal, demand=share.demand, action=Action.RECORD_ACT, of_merged=True
    )
    share.revoked_at = clock.now()
    share.save(update_fields=["revoked_at"])
    others = active_shares(clock.today()).filter(
        demand=change.demand, organisation=share.organisation, recipient=share.recipient
    )
    if not others.exists():
        remove_perm(SHARE_PERMISSION, _holder(share), change.demand)
    change.commit(EventKind.SHARE_REVOKED, details=_whom(share), touched=Touched.LIFE)


def _holder(share: Share) -> Group | User:
    """Who carries guardian's row of a share."""
    return share.recipient or share.organisation.group


def _whom(share: Share) -> dict[str, Any]:
    details: dict[str, Any] = {"organisation": share.organisation_id}
    return {**details, "one_agent": True} if share.recipient_id else details


def _agent(organisation: Organisation, email: str) -> User | None:
    """The agent who has this address and reads files for the organisation; None without one."""
    if not email.strip():
        return None
    members = Membership.objects.filter(
        in_force_on(clock.today()),
        organisation=organisation,
        user__email__iexact=email.strip(),
        user__is_active=True,
        role__in=READING_ROLES,
    ).select_related("user")
    found = members.first()
    if found is None:
        message = _("No agent of this organisation who reads files has this address.")
        raise ValidationError({"recipient_email": message})
    return found.user


def _check_role(principal: Principal) -> None:
    if principal.role not in SHARING_ROLES:
        raise NotAllowed(_("Only a team lead or the manager can share a file."))
