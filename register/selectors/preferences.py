"""How an applicant agreed to be written to, since when, and what is sent whatever she chose."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone

from register.models import Contact, Demand, EffectKind, EventKind
from register.safe_way import way_in_words
from register.selectors.channels import WRITTEN, channels

EMAIL, SMS, LETTERS = "accepts_email", "accepts_sms", "wants_letters"


@dataclass(frozen=True)
class Consent:
    """One way of being written to: agreed or not, and since which day."""

    name: str
    agreed: bool
    since: date


@dataclass(frozen=True)
class Preferences:
    """The consents, the addresses that they are for, and how the next end would be announced.

    `has_sms` is false where the register has no operator for text messages. `safe_way` and
    `safe_words` are what she chose for a sealed file.
    """

    consents: tuple[Consent, ...]
    email: str
    phone: str
    address: tuple[str, ...]
    renewal_by: frozenset[str]
    has_sms: bool
    safe_way: str = ""
    safe_words: str = ""

    @property
    def way(self) -> str:
        """The safe way in words, as whoever reaches her reads it."""
        return way_in_words(self.safe_way)

    @property
    def is_unreachable(self) -> bool:
        """True when nothing could announce the end of validity: the counter must call."""
        return not self.renewal_by & WRITTEN

    @property
    def by_email(self) -> bool:
        """True when the end of validity is announced by e-mail."""
        return EffectKind.MESSAGE_EMAIL in self.renewal_by

    @property
    def by_post(self) -> bool:
        """True when it is announced by post."""
        return EffectKind.LETTER in self.renewal_by


def preferences(demand: Demand) -> Preferences:
    """What the applicant chose, each choice with the day on which it was last changed."""
    contact = Contact.objects.filter(demand=demand).first() or Contact(demand=demand)
    town = f"{contact.postal_code} {contact.city}".strip()
    return Preferences(
        consents=tuple(
            Consent(name, getattr(contact, name), _since(demand, name))
            for name in (EMAIL, SMS, LETTERS)
        ),
        email=contact.email or (demand.account.email if demand.account else ""),
        phone=contact.phone,
        address=tuple(line for line in (contact.address, town) if line),
        renewal_by=frozenset(map(str, channels(demand))),
        has_sms=bool(settings.SMS_BACKEND),
        safe_way=contact.safe_way,
        safe_words=contact.safe_words,
    )


def _since(demand: Demand, name: str) -> date:
    """The first day of the present answer; that of the demand when it was never changed."""
    chosen = demand.events.filter(kind=EventKind.CHANNELS_CHOSEN).order_by("-at", "-pk")
    days = (timezone.localdate(event.at) for event in chosen if name in event.details)
    return next(days, demand.received_on)
