"""The manager's looks into people's rights: each is written down before anything is shown."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock
from register.errors import NotAllowed
from register.models import AccessPurpose, Demand, Look, LookKind, Membership
from register.principals import Principal
from register.services.journal import record_access
from register.text import without_unstorable

SEEN_AS_FOR = timedelta(minutes=30)


@transaction.atomic
def look_at_access(*, principal: Principal, subject: Membership, demand: Demand) -> Look:
    """Write that the manager had somebody's access to a file explained; the applicant sees it."""
    look = _look(principal, LookKind.EXPLAIN, subject, demand=demand)
    record_access(principal=principal, demand=demand, purpose=AccessPurpose.VIEW)
    return look


@transaction.atomic
def look_at_difference(*, principal: Principal, subject: Membership, other: Membership) -> Look:
    """Write that the manager compared two people."""
    return _look(principal, LookKind.COMPARE, subject, other=other)


@transaction.atomic
def begin_seeing_as(*, principal: Principal, subject: Membership, reason: str) -> Look:
    """Let the manager read the register as this member would, for a reason and half an hour."""
    said = without_unstorable(reason).strip()[:300]
    if not said:
        raise ValidationError({"reason": _("Say why: it stays in the journal.")})
    if subject.pk == getattr(principal.membership, "pk", None):
        raise ValidationError({"member": _("This is yourself.")})
    ends_at = clock.now() + SEEN_AS_FOR
    return _look(principal, LookKind.SEE_AS, subject, reason=said, ends_at=ends_at)


def _look(principal: Principal, kind: LookKind, subject: Membership, **values: object) -> Look:
    if not principal.is_manager:
        raise NotAllowed(_("Only the manager of the shared file looks into people’s rights."))
    look = Look(at=clock.now(), user=principal.user, kind=kind, subject=subject, **values)
    look.full_clean()
    look.save(force_insert=True)
    return look
