"""Carrying out what the register decided: e-mails and letters of the outbox.

The queue only wakes this up; the outbox remembers. A row is delivered at least once, and a mail
sent twice carries the same Message-ID, so that the reader's mailbox shows one.
"""

import logging
from collections import Counter

from exchange.effects import HANDLERS
from exchange.mailing import Undeliverable
from register.models import Outbox
from register.services import delivery

logger = logging.getLogger(__name__)


def deliver_pending(limit: int = 100) -> Counter[str]:
    """Deliver up to `limit` due effects; counts of `done`, `failed`, `given_up` and `taken`.

    Never raises for one effect: the next ones must still leave.
    """
    counts: Counter[str] = Counter()
    for effect in delivery.due_effects(limit=limit):
        counts[deliver(effect) if delivery.claim(effect) else "taken"] += 1
    return counts


def deliver(effect: Outbox) -> str:
    """Carry out one effect already claimed; "done", "failed" or "given_up"."""
    try:
        HANDLERS[effect.kind](effect)
    except Undeliverable as refusal:
        delivery.give_up(effect, str(refusal))
        return "given_up"
    except Exception as error:
        # The class only: the text of an SMTP error quotes addresses.
        fault = type(error).__name__
        given_up = delivery.mark_failed(effect, fault)
        logger.warning(
            "effect %s %s: %s, attempt %s", effect.kind, effect.pk, fault, effect.attempts
        )
        return "given_up" if given_up else "failed"
    delivery.mark_done(effect)
    return "done"
