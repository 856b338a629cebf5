"""Exceptional shares of one file with an organisation or a person: dated, reasoned, revocable."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from register import clock
from register.access import Action
from register.agreements import active_shares, agreements_in_force, in_force_on
from register.errors import NotAllowed
from register.models import Demand, EventKind, Membership, Organisation, Role, Share, User
from register.principals import Principal
from register.services.changes import begin_change
from register.vocabulary.lookups import SHARE_PERMISSION

SHARING_ROLES = frozenset({Role.LEAD, Role.MANAGER})


@dataclass(frozen=True)
class Terms:
    """Why a file is shared, and between which dates."""

    reason: str
    starts_on: date
    ends_on: date


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
    terms = Terms(reason.strip(), starts_on, ends_on)
    return _share(principal, demand, terms, organisation=organisation)


def share_with_person(
    *,
    principal: Principal,
    demand: Demand,
    recipient_email: str,
    reason: str,
    starts_on: date,
    ends_on: date,
) -> Share:
    """Open one file to one agent of a partner, and to nobody else of the partner.

    The person must act today for an organisation under agreement: a bare account has no right.
    """
    recipient = User.objects.filter(email__iexact=recipient_email.strip(), is_active=True).first()
    if recipient is None or not _acts_for_a_partner(recipient):
        raise ValidationError({"recipient_email": _("No agent of a partner has this address.")})
    terms = Terms(reason.strip(), starts_on, ends_on)
    return _share(principal, demand, terms, recipient=recipient)


@transaction.atomic
def _share(
    principal: Principal,
    demand: Demand,
    terms: Terms,
    organisation: Organisation | None = None,
    recipient: User | None = None,
) -> Share:
    _check_role(principal)
    change = begin_change(principal=principal, demand=demand, action=Action.RECORD_ACT)
    share = Share(
        demand=change.demand,
        organisation=organisation,
        recipient=recipient,
        reason=terms.reason,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        granted_by=principal.user,
        granted_at=clock.now(),
    )
    share.full_clean()
    share.save(force_insert=True)
    assign_perm(SHARE_PERMISSION, _holder(share), change.demand)
    change.commit(
        EventKind.SHARED,
        text=share.reason,
        details={**_whom(share), "until": terms.ends_on.isoformat()},
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
        demand=change.demand, organisation=share.organisation, recipient=share.recipient
    )
    if not others.exists():
        remove_perm(SHARE_PERMISSION, _holder(share), change.demand)
    change.commit(EventKind.SHARE_REVOKED, details=_whom(share))


def _holder(share: Share) -> Group | User:
    """Who carries guardian's row of a share."""
    if share.organisation is not None:
        return share.organisation.group
    assert share.recipient is not None  # noqa: S101  (held by a constraint of the table)
    return share.recipient


def _whom(share: Share) -> dict[str, Any]:
    if share.organisation_id:
        return {"organisation": share.organisation_id}
    return {"person": share.recipient_id}


def _acts_for_a_partner(person: User) -> bool:
    partners = agreements_in_force(clock.today()).values("organisation")
    roles = (Role.READER, Role.AGENT, Role.LEAD)
    return Membership.objects.filter(
        in_force_on(clock.today()), user=person, organisation__in=partners, role__in=roles
    ).exists()


def _check_role(principal: Principal) -> None:
    if principal.role not in SHARING_ROLES:
        raise NotAllowed(_("Only a team lead or the manager can share a file."))
