"""The way to renew in one step that an announcement carries, whatever its text says."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register.models import Contact, Demand, RenewalNotice, SafeWay
from register.one_time_codes import spaced
from register.renewal_codes import code_of, link_of
from register.safe_way import may_reach

PAGE = "/renouveler/"
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class OneTap:
    """The address of the page, and the code that is typed on it."""

    url: str
    page: str
    code: str


def one_tap(notice: RenewalNotice) -> OneTap:
    """What renews the demand that was announced: the whole address, or the page and the number."""
    page = f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{PAGE}"
    return OneTap(f"{page}{link_of(notice)}/", page, spaced(code_of(notice)))


def phone_of(demand: Demand) -> str:
    """The telephone of an applicant who agrees to text messages; empty otherwise."""
    contact = Contact.objects.filter(demand=demand, accepts_sms=True).first()
    return contact.phone if contact and may_reach(demand, contact, SafeWay.SMS) else ""


def step_text(demand: Demand, url: str) -> str:
    """A text message about a step: not a word of what, it is read in the space.

    That of a sealed file does not say either that it is about a home.
    """
    with translation.override(demand.language):
        told = _("There is something new about your demand for a home. Read it here: %(url)s")
        if demand.is_sealed:
            told = _("A message awaits you. Read it here: %(url)s")
        return (told % {"url": url}).replace(NO_BREAK, " ")


def reminder_text(demand: Demand, renewal: OneTap) -> str:
    """A text message: no name, no place, short enough to be read on any telephone."""
    with translation.override(demand.language):
        told = _("Your demand for a home ends on %(day)s. To keep it: %(url)s Code: %(code)s")
        if demand.is_sealed:
            told = _("Answer before %(day)s: %(url)s Code: %(code)s")
        told %= {
            "day": date_format(demand.expires_on, "SHORT_DATE_FORMAT"),
            "url": renewal.url,
            "code": renewal.code,
        }
    # A sign outside the alphabet of telephones would halve what one message holds.
    return told.replace(NO_BREAK, " ")
