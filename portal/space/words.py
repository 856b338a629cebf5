"""Small words of French that depend on the name that follows."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext

from register import code_lists, codes
from register.models import AccessPurpose
from register.selectors.visibility import Reading
from register.templatetags.shell import date_long

# What a file was opened for.
PURPOSES = {
    AccessPurpose.VIEW: gettext_lazy("Read your file"),
    AccessPurpose.DOCUMENT: gettext_lazy("Opened a document"),
    AccessPurpose.EXPORT: gettext_lazy("Took your file in a list"),
}
ARTICLES = (("Les ", "aux "), ("Le ", "au "), ("le ", "au "), ("les ", "aux "))


def by_whom(reading: Reading) -> str:
    """Who opened a file; a counter that recorded a separation is not named."""
    if reading.is_discreet:
        return gettext("A counter of the shared file, for your separation")
    return gettext("A person you chose") if reading.by_helper else reading.organisation


def day_of(moment: datetime | date) -> str:
    """A moment as its day in words ("4 mars 2026")."""
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return str(date_long(day))


def in_commune(name: str) -> str:
    """Where a home stands: "à Quetigny", "au Creusot", "in Quetigny"."""
    if (get_language() or "fr").startswith("fr"):
        for article, contracted in ARTICLES:
            if name.startswith(article):
                return contracted + name.removeprefix(article)
    return pgettext("place", "in %(commune)s") % {"commune": name}


def home(code: str) -> str:
    """A home of that size: "un T3", "une chambre"."""
    if code == codes.HomeType.ROOM:
        return gettext("a room")
    labels = code_lists.of(codes.HomeType).labels
    if code not in labels:
        return gettext("a home")
    return gettext("a %(size)s home") % {"size": labels[code]}


def label_of(choices: type, value: str) -> str:
    """The label of a code, or the code itself when the list no longer holds it."""
    return str(choices(value).label) if value in choices.values else value  # type: ignore[attr-defined]
