"""What an agent answers about two demands that may be one person's."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import access, clock
from register.access import Action
from register.errors import Conflict, NotAllowed
from register.models import DuplicatePair, PairStatus
from register.principals import Principal, PrincipalKind
from register.services.acts import clean_text

# A pair that is put off comes back a week later: the time to reach somebody.
PUT_OFF = timedelta(days=7)
LONGEST_REASON = 300


@transaction.atomic
def judge_different(*, principal: Principal, pair: DuplicatePair, reason: str) -> None:
    """Write down that these are two people, and why; the pair is not proposed again.

    It comes back only if what was compared changes. Raises NotAllowed without the right to edit
    both demands, Conflict when somebody answered meanwhile, ValidationError without a reason.
    """
    current = locked_pair(principal, pair)
    current.status = PairStatus.DIFFERENT
    sign(current, principal, reason)


@transaction.atomic
def put_off(*, principal: Principal, pair: DuplicatePair) -> None:
    """Leave a pair for a week. Raises NotAllowed or Conflict as above."""
    current = locked_pair(principal, pair)
    current.not_before = clock.today() + PUT_OFF
    current.save(update_fields=["not_before"])


def locked_pair(principal: Principal, pair: DuplicatePair) -> DuplicatePair:
    """The pair to be reviewed, locked, for whoever may edit both demands of it."""
    current = (
        DuplicatePair.objects.select_for_update(of=("self",))
        .select_related("first", "second")
        .get(pk=pair.pk)
    )
    check_member(principal)
    for demand in (current.first, current.second):
        if not access.decide(principal, Action.EDIT, demand).allowed:
            raise NotAllowed(_("You cannot do this with these demands."))
    if current.status != PairStatus.TO_REVIEW:
        raise Conflict(_("Somebody answered about this pair since you opened it."))
    return current


def sign(pair: DuplicatePair, principal: Principal, reason: str) -> None:
    """Save the answer with who gave it, for which organisation, when and why."""
    pair.judged_by, pair.judged_for = principal.user, principal.organisation
    pair.judged_at, pair.not_before = clock.now(), None
    pair.reason = clean_reason(reason)
    pair.save()


def check_member(principal: Principal) -> None:
    """Applicants edit their own demands, and answer nothing about pairs; nor does an observer."""
    if principal.kind is not PrincipalKind.MEMBERSHIP or principal.observer is not None:
        raise NotAllowed(_("You cannot do this with these demands."))


def clean_reason(reason: str) -> str:
    """Why, as it is stored; ValidationError when nothing is said, or too much."""
    try:
        cleaned = clean_text(reason, required=True)
    except ValidationError as refusal:
        raise ValidationError({"reason": refusal.messages}) from None
    if len(cleaned) > LONGEST_REASON:
        raise ValidationError({"reason": _("Write at most 300 characters.")})
    return cleaned
