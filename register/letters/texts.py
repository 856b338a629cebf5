"""The texts of the letters modules in force, found for a place and written for one file."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from register import clock
from register.letters.renewal import OneTap
from register.models import Counter, Demand, Event, Mandate, Organisation
from register.templatetags.shell import number_spaced
from rules import registry
from rules.formatting import day
from rules.kinds.fields import FieldSet
from rules.kinds.letters import Letter, Letters
from rules.letters import Filled, fill
from rules.registry import Installed

from .attestation import postal_address
from .render import render
from .values import applicant_name, values_of

TEMPLATE = "letter"
# The groups of data that the window of an envelope shows, whatever the text says.
ENVELOPE = frozenset({FieldSet.IDENTITY, FieldSet.CONTACT})


def letters_in_force(department: str) -> Iterator[tuple[Installed[Letters], Letter]]:
    """Every text of a department, each once: its own module before those that hold everywhere."""
    held = [m for m in registry.in_force("letters") if m.territory in (department, "")]
    seen: set[str] = set()
    for module in sorted(held, key=lambda module: module.territory == ""):
        for letter in module.body.letters:
            if letter.code not in seen:
                seen.add(letter.code)
                yield module, letter


def find(code: str, department: str) -> Letter | None:
    """The text of this code, if a module in force has it."""
    found = (letter for _module, letter in letters_in_force(department) if letter.code == code)
    return next(found, None)


def for_step(kind: str, channel: str, department: str) -> Letter | None:
    """The text that tells a step of the demand by this channel, if partners wrote one."""
    found = (
        letter
        for _module, letter in letters_in_force(department)
        if letter.about == kind and channel in letter.channels
    )
    return next(found, None)


def written(
    letter: Letter,
    demand: Demand,
    *,
    event: Event | None = None,
    organisation: Organisation | None = None,
    language: str = "",
    is_message: bool = False,
) -> Filled:
    """The text filled for one file, in its language. MissingValue when the file lacks a value."""
    language = language or demand.language
    with translation.override(language):
        values = values_of(demand, event, organisation, is_message=is_message)
        return fill(letter, language, values, registry.vocabulary())


def letter_pdf(
    filled: Filled,
    demand: Demand,
    organisation: Organisation,
    language: str,
    renewal: OneTap | None = None,
    recipient: list[str] | None = None,
) -> bytes:
    """The text as an accessible PDF, with the address where a window envelope shows it.

    `renewal` is the page and the code of an announcement, below the text of the partners;
    `recipient` is to whom the letter goes in the applicant's place, line by line.
    """
    with translation.override(language):
        data = _data(filled, demand, organisation, renewal)
        if recipient:
            data["recipient"] = recipient
        return render(TEMPLATE, data, language=language)


def guardian_lines(guardian: Mandate, demand: Demand) -> list[str]:
    """The address of a guardian, under whose name stands for whom."""
    town = f"{guardian.postal_code} {guardian.city}".strip()
    with translation.override(demand.language):
        helped = _("for {name}").format(name=applicant_name(demand))
    return [guardian.who, helped, guardian.address, town]


def _data(
    filled: Filled, demand: Demand, organisation: Organisation, renewal: OneTap | None
) -> dict[str, Any]:
    counter: Counter = demand.counter
    city = organisation.city or counter.city
    today = day(clock.today())
    return {
        "title": filled.subject,
        "publisher": organisation.name,
        "description": filled.subject,
        "sender": [settings.WAGTAIL_SITE_NAME, organisation.name, *_place(organisation)],
        "place_and_date": _("{city}, {date}").format(city=city, date=today) if city else today,
        "recipient": [applicant_name(demand), *postal_address(demand)],
        "blocks": filled.as_data(),
        "renewal": _one_tap(demand, renewal) if renewal else [],
        "signature": organisation.name,
        "footer": _("Demand {number}").format(number=demand.number),
        "labels": {"page": _("page")},
    }


def _place(organisation: Organisation) -> list[str]:
    lines = (organisation.address, f"{organisation.postal_code} {organisation.city}".strip())
    return [line for line in lines if line]


def _one_tap(demand: Demand, renewal: OneTap) -> list[str]:
    return [
        _("To renew online in one step, without signing in:"),
        _("page {page}").format(page=renewal.page),
        _("registration number {number}").format(number=number_spaced(demand.number)),
        _("code {code}").format(code=renewal.code),
    ]
