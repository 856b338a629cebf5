"""Taking an effect from the outbox and saying what became of it (R11).

A worker holds an effect by moving its `not_before` forward, only if nobody moved it since it was
read. One statement, the same on both engines; a worker that dies gives the effect back by itself
when the lease ends.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from register.letters.former import is_to_former
from register.models import EffectKind, Outbox
from register.services.former import forget_address
from register.services.notices import put_on_call_list
from register.services.outbox import wake_up

LEASE = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=24)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)


def due_effects(*, limit: int, now: datetime | None = None) -> list[Outbox]:
    """Effects waiting to be carried out, the longest due first."""
    return list(
        Outbox.objects.filter(done_at__isnull=True, not_before__lte=now or timezone.now())
        .select_related("demand")
        .order_by("not_before", "pk")[:limit]
    )


def claim(effect: Outbox, *, now: datetime | None = None) -> bool:
    """Hold `effect` for five minutes; False if another worker took it or carried it out first."""
    until = (now or timezone.now()) + LEASE
    won = Outbox.objects.filter(
        pk=effect.pk, done_at__isnull=True, not_before=effect.not_before
    ).update(not_before=until, attempts=F("attempts") + 1)
    if won:
        effect.not_before = until
        effect.attempts += 1
    return bool(won)


def mark_done(effect: Outbox, *, now: datetime | None = None) -> None:
    """The effect happened. A letter keeps its address until it is printed."""
    Outbox.objects.filter(pk=effect.pk).update(done_at=now or timezone.now(), last_error="")
    if is_to_former(effect) and effect.kind != EffectKind.LETTER:
        forget_address(effect)


def mark_failed(effect: Outbox, error: str, *, now: datetime | None = None) -> bool:
    """Try again later, each wait twice the last, during 24 hours. True once it is given up.

    `error` names the fault, never the person.
    """
    now = now or timezone.now()
    if now - effect.created_at >= GIVE_UP_AFTER:
        give_up(effect, error, now=now)
        return True
    Outbox.objects.filter(pk=effect.pk, done_at__isnull=True).update(
        last_error=error[:200], not_before=now + waiting_time(effect.attempts)
    )
    return False


def give_up(effect: Outbox, error: str, *, now: datetime | None = None) -> None:
    """Stop trying. The row keeps its error: done with an error is what somebody must look at.

    An announcement of which nothing arrives goes on the call list of the counter.
    """
    with transaction.atomic():
        Outbox.objects.filter(pk=effect.pk, done_at__isnull=True).update(
            done_at=now or timezone.now(), last_error=error[:200]
        )
        put_on_call_list(effect)


def try_again(effect: Outbox, *, now: datetime | None = None) -> bool:
    """Begin again with a sending that was given up, under the same key; False if it was not.

    Its 24 hours run anew. Whoever already received it sees one message, not two.
    """
    now = now or timezone.now()
    failed = Outbox.objects.filter(pk=effect.pk, done_at__isnull=False).exclude(last_error="")
    begun = failed.update(
        done_at=None, last_error="", attempts=0, created_at=now, not_before=now, delivery=""
    )
    if begun:
        transaction.on_commit(wake_up)
    return bool(begun)


def waiting_time(attempts: int) -> timedelta:
    """Wait after the nth failure: 1, 2, 4… minutes, two hours at most."""
    return min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 10), LONGEST_WAIT)
