"""Two demands told side by side: each line in words, and whether both sides agree on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.access import FieldSet
from register.duplicates.comparison import Agreement
from register.selectors.pairs import PairView, Side
from register.templatetags.shell import date_long, phone_spaced

# Symbol, tone and words of what a field tells: never by colour alone.
AGREEMENTS: Mapping[Agreement, tuple[str, str, str | Promise]] = {
    Agreement.EQUAL: ("check-circle-fill", "success", gettext_lazy("The same")),
    Agreement.NEAR: ("check-circle", "info", gettext_lazy("Alike")),
    Agreement.DIFFERENT: ("x-circle-fill", "danger", gettext_lazy("Different")),
    Agreement.MISSING: ("question-circle", "neutral", gettext_lazy("Unknown")),
}
# From which likelihood on each word holds; a pair is kept from 0.9 on.
STRENGTHS = (
    (0.999, gettext_lazy("Almost certain")),
    (0.98, gettext_lazy("Very likely")),
    (0.0, gettext_lazy("Likely")),
)
MASKED = None


@dataclass(frozen=True)
class Row:
    """A line of the comparison; a side that the reader may not read is None."""

    label: str
    first: Any
    second: Any
    symbol: str = ""
    tone: str = ""
    words: str | Promise = ""


def strength(probability: float) -> str:
    """How likely two demands are one person's, in words."""
    return str(next(words for least, words in STRENGTHS if probability >= least))


def rows(view: PairView) -> list[Row]:
    """Every line, what is compared first."""
    return [*_compared(view), *_beside(view)]


def _compared(view: PairView) -> Iterator[Row]:
    told = (
        (_("Birth name"), "last_name", FieldSet.IDENTITY, _birth_name),
        (_("First names"), "first_names", FieldSet.IDENTITY, _first_names),
        (_("Title"), "title", FieldSet.IDENTITY, _title),
        (_("Date of birth"), "birth_date", FieldSet.IDENTITY, _born),
        (_("Telephone"), "phone", FieldSet.CONTACT, _phone),
        (_("E-mail"), "email", FieldSet.CONTACT, _email),
        (_("Postal code and town"), "place", FieldSet.CONTACT, _town),
    )
    for label, code, group, value in told:
        first, second = (_read(side, group, value) for side in (view.first, view.second))
        # What a masked field does on the other side would tell what it hides.
        known = MASKED not in (first, second) and code in view.agreements
        yield Row(label, first, second, *(AGREEMENTS[view.agreements[code]] if known else ()))


def _beside(view: PairView) -> Iterator[Row]:
    """What helps to decide, and is not compared."""
    told = (
        (_("Full name"), FieldSet.IDENTITY, _name),
        (_("Role in the demand"), FieldSet.IDENTITY, _role),
        (_("Address"), FieldSet.CONTACT, _address),
        (_("State"), None, lambda side: side.file.demand.get_state_display()),
        (_("Received on"), None, lambda side: date_long(side.file.demand.received_on)),
        (_("Last renewed on"), None, lambda side: _day(side.file.demand.last_renewed_on)),
        (_("Valid until"), None, lambda side: date_long(side.file.demand.expires_on)),
        (_("Registered by"), None, lambda side: side.file.demand.registered_by.short_name),
        (_("How it came"), None, lambda side: side.file.demand.get_channel_display()),
        (_("Online space"), None, _account),
        (_("People to house"), FieldSet.HOUSEHOLD, lambda side: str(len(side.file.people))),
        (_("Home wished"), FieldSet.WISHES, lambda side: ", ".join(side.file.home_types)),
        (_("Wished communes"), FieldSet.WISHES, lambda side: ", ".join(side.file.communes)),
        (_("Documents"), FieldSet.DOCUMENTS, lambda side: str(len(side.file.documents))),
    )
    for label, group, value in told:
        yield Row(label, *(_read(side, group, value) for side in (view.first, view.second)))


def _read(side: Side, group: FieldSet | None, value: Any) -> str | None:
    if group is not None and not side.file.rights.can_read(group):
        return MASKED
    return str(value(side))


def _birth_name(side: Side) -> str:
    return side.person.birth_name if side.person else ""


def _first_names(side: Side) -> str:
    return side.person.first_names if side.person else ""


def _name(side: Side) -> str:
    return side.person.name if side.person else ""


def _title(side: Side) -> str:
    return side.person.title if side.person else ""


def _born(side: Side) -> str:
    return _day(side.person.birth_date if side.person else None)


def _role(side: Side) -> str:
    is_other = side.person is not None and side.person.role != "applicant"
    return _("Co-applicant") if is_other else _("Applicant")


def _phone(side: Side) -> str:
    return phone_spaced(side.file.contact.phone) if side.file.contact else ""


def _email(side: Side) -> str:
    return side.file.contact.email if side.file.contact else ""


def _address(side: Side) -> str:
    return side.file.contact.address if side.file.contact else ""


def _town(side: Side) -> str:
    return str(side.file.contact) if side.file.contact else ""


def _account(side: Side) -> str:
    account = side.file.demand.account
    if account is None:
        return _("None")
    return _("Used") if account.last_login else _("Opened, never used")


def _day(day: Any) -> str:
    return date_long(day) if day else ""
