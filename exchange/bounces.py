"""Reports of mail servers on what became of our mails (RFC 3464), read with the standard library.

A report names the Message-ID of the mail it is about, which is signed: a report that somebody made
up changes nothing. Addresses and texts of servers are never kept, nor written in a log.
"""

from collections.abc import Iterable
from email import message_from_bytes, policy
from email.message import Message
from enum import StrEnum

from exchange.mailing import effect_of
from register.models import Delivery
from register.services.notices import learn

LARGEST = 1024 * 1024


class Read(StrEnum):
    """What a report was found to be."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    WAITING = "waiting"
    NOT_OURS = "not_ours"
    NO_REPORT = "no_report"


# The action of a report, and what is learnt; "delayed" says nothing for good.
ACTIONS = {
    "failed": Read.BOUNCED,
    "delayed": Read.WAITING,
    "delivered": Read.DELIVERED,
    "relayed": Read.DELIVERED,
    "expanded": Read.DELIVERED,
}
LEARNT = {Read.BOUNCED: Delivery.BOUNCED, Read.DELIVERED: Delivery.DELIVERED}


def receive(raw: bytes) -> Read:
    """Read one report and write what it says in the file; reading it again changes nothing."""
    try:
        message = message_from_bytes(raw[:LARGEST], policy=policy.compat32)
        parts = list(message.walk())
        action, identifiers = _action(parts), list(_identifiers(parts))
    except Exception:  # the standard parser raises many things on damaged mail
        return Read.NO_REPORT
    if action is None:
        return Read.NO_REPORT
    effect = next(filter(None, map(effect_of, identifiers)), None)
    if effect is None:
        return Read.NOT_OURS
    if action in LEARNT:
        learn(effect, LEARNT[action])
    return action


def _action(parts: Iterable[Message]) -> Read | None:
    """What the report says of the recipient: our mails have one."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            for group in part.get_payload():
                told = str(group.get("Action", "")).strip().lower()
                if told in ACTIONS:
                    return ACTIONS[told]
    return None


def _identifiers(parts: Iterable[Message]) -> Iterable[str]:
    """The Message-IDs of the mail that came back: its headers are in one of the parts."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            part = message_from_bytes(part.get_payload(decode=True) or b"", policy=policy.compat32)
        if identifier := part.get("Message-ID"):
            yield str(identifier)
