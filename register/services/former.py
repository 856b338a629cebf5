"""Tells whoever gave her demand over that it is done, by the way that she accepted until then."""

from typing import Any

from register.letters.attestation import postal_address
from register.letters.email import address_of
from register.letters.former import ASKED_NOTES, EMAIL, FORMER, LINES, PHONE
from register.letters.renewal import phone_of
from register.letters.texts import guardian_lines
from register.letters.values import applicant_name
from register.models import Demand, EffectKind, Event, EventKind, Outbox
from register.selectors.channels import way_to_tell
from register.selectors.mandates import guardians_of
from register.services.outbox import enqueue

Told = list[tuple[EffectKind, dict[str, Any]]]


def reached(demand: Demand) -> Told:
    """Where the applicant and her guardians are reached, read before she leaves the file."""
    found: Told = []
    way = way_to_tell(demand, EventKind.TRANSFERRED)
    if way is EffectKind.MESSAGE_EMAIL:
        found.append((way, {EMAIL: address_of(demand)}))
    elif way is EffectKind.LETTER:
        found.append((way, {LINES: [applicant_name(demand), *postal_address(demand)]}))
    elif way is EffectKind.SMS:
        found.append((way, {PHONE: phone_of(demand)}))
    posted = (each for each in guardians_of(demand) if each.address and each.city)
    return found + [(EffectKind.LETTER, {LINES: guardian_lines(each, demand)}) for each in posted]


def tell(demand: Demand, event: Event, told: Told, *, asked_notes: bool) -> None:
    """Ask for each notice, once."""
    for place, (way, address) in enumerate(told):
        enqueue(
            kind=way,
            key=f"handed_over:{event.pk}:{place}",
            demand=demand,
            payload={"event": event.pk, FORMER: {**address, ASKED_NOTES: asked_notes}},
        )


def forget_address(effect: Outbox) -> None:
    """Once it was sent, nothing keeps where the former applicant is reached (GDPR art. 5-1 e)."""
    Outbox.objects.filter(pk=effect.pk).update(payload={**effect.payload, FORMER: {}})
