"""What an agent answers about two demands that may be one person's."""

from datetime import timedelta

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
    if principal.kind is not PrincipalKind.MEMBERSHIP or principal.observer is not None:
        raise NotAllowed(_("You cannot do this with these demands."))
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
    pair.reason = clean_text(reason, required=True)
    pair.full_clean(exclude=("evidence",))
    pair.save()
