"""Puts effects in the outbox with the fact that causes them, and wakes the worker after commit."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction

from register import clock
from register.bulk import insert_once
from register.models import Demand, EffectKind, Event, Outbox
from register.selectors.channels import GUARDIAN_LETTER, STEP_LETTER, matters, way_to_tell
from register.selectors.mandates import GUARDIAN, guardians_of
from register.services.safe_telling import tell_safely

logger = logging.getLogger(__name__)

AT_ONCE = timedelta(0)

_wake_up_calls: list[Callable[[], None]] = []


def on_wake_up(call: Callable[[], None]) -> None:
    """Register what wakes the worker (`exchange` does, at start); calling twice changes nothing."""
    if call not in _wake_up_calls:
        _wake_up_calls.append(call)


def enqueue(
    *,
    kind: EffectKind,
    key: str,
    demand: Demand,
    payload: dict[str, Any] | None = None,
    wait: timedelta = AT_ONCE,
) -> None:
    """Ask for an effect once per key, to be carried out after `wait`; asking again changes nothing.

    While history is replayed nothing is asked: its mails were sent at the time.
    """
    if clock.is_replaying():
        return
    now = clock.now()
    effect = Outbox(
        key=key,
        kind=kind,
        demand=demand,
        payload=payload or {},
        created_at=now,
        not_before=now + wait,
    )
    insert_once(effect, "key")
    transaction.on_commit(wake_up)


def tell_applicant(
    demand: Demand,
    event: Event,
    *,
    key: str = "",
    way: EffectKind | None = None,
    wait: timedelta = AT_ONCE,
) -> None:
    """Tell a step to the applicant by the way there is; nothing is queued when there is none.

    What matters and the safe way of a sealed file cannot carry, a body tells.

    The e-mail and the text message say only that there is something to read: no personal data
    travels. A letter is sealed: it holds the words of the step. `way` is the one there was before
    a step that itself gives another.
    """
    key = key or f"event:{event.pk}"
    is_needed = matters(event.kind, event.reason)
    if is_needed:
        told = {"event": event.pk, "organisation": event.organisation_id}
        tell_guardians(demand, f"{key}:", {**told, "letter": GUARDIAN_LETTER})
    way = way or way_to_tell(demand, event.kind, event.reason)
    if way is None:
        if demand.is_sealed and is_needed:
            tell_safely(demand, event)
        return
    payload: dict[str, Any] = {"event": event.pk}
    if way is EffectKind.LETTER:
        payload |= {"letter": STEP_LETTER, "organisation": event.organisation_id}
    enqueue(kind=way, key=key, demand=demand, payload=payload, wait=wait)


def tell_guardians(demand: Demand, key: str, payload: dict[str, Any]) -> None:
    """Post a copy of what matters to whoever assists or represents the applicant by a judgment.

    What is told to her alone is void against a curator (Code civil, art. 467) and useless where a
    guardian acts for her (art. 473); she is told too (art. 457-1). Nothing of a sealed file.
    """
    if demand.is_sealed:
        return
    for guardian in guardians_of(demand):
        if guardian.address and guardian.city:
            enqueue(
                kind=EffectKind.LETTER,
                key=f"{key}guardian:{guardian.pk}",
                demand=demand,
                payload={**payload, GUARDIAN: guardian.pk},
            )


def wake_up() -> None:
    """A queue that is down must never fail a submission: the sweep delivers what this missed."""
    for call in _wake_up_calls:
        try:
            call()
        except Exception:  # any broker error; the effect is safe in the outbox
            logger.warning("the worker could not be woken; the sweep will deliver", exc_info=False)
