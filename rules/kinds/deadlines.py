"""Deadlines modules: the delays of the law and of the charter, as data.

Sources: articles R441-2-3 to R441-2-9, R441-5 to R441-5-2, R441-10, R441-14-1, L441-1-4, L441-2-3
and L442-5-2 of the CCH; articles 641 and 642 of the Code de procédure civile.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from rules.errors import RuleError
from rules.vocabulary import Vocabulary

from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, text

LONGEST = 1200
COMMON_YEAR = 2023  # a yearly date exists every year: never 29 February
ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


class Unit(StrEnum):
    """In what a delay is counted. `at_once` leaves none; `yearly` is a date of each year."""

    YEARS = "years"
    MONTHS = "months"
    WEEKS = "weeks"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    AT_ONCE = "at_once"
    YEARLY = "yearly"


class Counting(StrEnum):
    """How the last day is found.

    `procedural` is that of the Code de procédure civile (art. 641 and 642): the day of the act does
    not count, the delay ends at midnight of its last day, and one that would end on a Saturday, a
    Sunday or a public holiday runs to the next working day.
    """

    CALENDAR = "calendar"
    PROCEDURAL = "procedural"


class Start(StrEnum):
    """The fact from which a delay runs."""

    DEPOSIT = "deposit"
    COMPLETE_DEMAND = "complete_demand"
    DEPOSIT_OR_RENEWAL = "deposit_or_renewal"
    END_OF_VALIDITY = "end_of_validity"
    WITHDRAWAL = "withdrawal"
    LEASE = "lease"
    WARNING = "warning"
    WARNING_SENT_TO_REGISTER = "warning_sent_to_register"
    STRIKING_OFF = "striking_off"
    MERGE = "merge"
    OFFER_NOTIFIED = "offer_notified"
    HOME_OFFERED_TO_STATE = "home_offered_to_state"
    FORMAL_NOTICE = "formal_notice"
    EXCEPTION_GRANTED = "exception_granted"
    APPEAL = "appeal"
    PRIORITY_RECOGNISED = "priority_recognised"
    SHELTER = "shelter"
    YEAR_END = "year_end"
    LAST_SAVED = "last_saved"
    UPLOAD_BEGUN = "upload_begun"
    PAPER_REFUSED = "paper_refused"
    INFECTION_FOUND = "infection_found"
    FILE_READ = "file_read"
    LAST_SIGN_IN = "last_sign_in"
    ACCOUNT_WARNED = "account_warned"


class Consequence(StrEnum):
    """What the end of a delay opens or closes; `none` for a mere term."""

    NONE = "none"
    REGISTERED = "registered"
    TOLD = "told"
    EXPIRED = "expired"
    STRUCK_OFF = "struck_off"
    STRUCK_OFF_ALLOWED = "struck_off_allowed"
    REACTIVATION_CLOSED = "reactivation_closed"
    REFUSED = "refused"
    ERASED = "erased"
    MEDIATION_OPENED = "mediation_opened"
    COURT_OPENED = "court_opened"
    HOME_RELEASED = "home_released"
    CONVENTION_ENDED = "convention_ended"
    EXAMINED = "examined"
    REPORTED = "reported"


@dataclass(frozen=True)
class Elsewhere:
    """The value of a delay in some departments; none listed: no department of this register."""

    territories: tuple[str, ...]
    value: int
    title: Bilingual


@dataclass(frozen=True)
class Deadline:
    """One delay: `value` in `unit`, counted from `start`, and what follows.

    `is_before`: the delay is counted back, or the yearly date itself is too late. `is_minimum`: an
    act may only leave more. `department` is the one whose public holidays count, once the delay is
    read for a place.
    """

    code: str
    value: int
    unit: Unit
    title: Bilingual
    explanation: Bilingual
    legal_basis: str
    chapter: int | None = None
    start: Start = Start.DEPOSIT
    counting: Counting = Counting.CALENDAR
    is_before: bool = False
    is_minimum: bool = False
    consequence: Consequence = Consequence.NONE
    elsewhere: tuple[Elsewhere, ...] = ()
    yearly_on: tuple[int, int] | None = None
    department: str = ""

    def within(self, department: str) -> "Deadline":
        """The delay as it is in this department."""
        own = (part.value for part in self.elsewhere if department in part.territories)
        return replace(self, value=next(own, self.value), department=department)


@dataclass(frozen=True)
class Deadlines:
    """The body of a deadlines module."""

    deadlines: tuple[Deadline, ...]

    @property
    def items(self) -> tuple[Deadline, ...]:
        """Every rule, in the order of the module."""
        return self.deadlines

    def get(self, code: str) -> Deadline:
        """The delay of this code; KeyError when the module does not set it."""
        return {deadline.code: deadline for deadline in self.deadlines}[code]


def parse(data: Any, vocabulary: Vocabulary) -> Deadlines:
    """The typed body of a deadlines module; RuleError when anything in it is not acceptable."""
    body = mapping(data, "", {"deadlines"})
    found = tuple(_deadline(item, path) for path, item in items(body["deadlines"], "deadlines"))
    distinct([deadline.code for deadline in found], "deadlines")
    return Deadlines(found)


_REQUIRED = {"code", "unit", "title", "explanation", "legal_basis", "from", "consequence"}
_OPTIONAL = {"value", "chapter", "counting", "before", "minimum", "elsewhere", "on"}


def _deadline(data: Any, path: str) -> Deadline:
    mapping(data, path, _REQUIRED, _OPTIONAL)
    unit = _choice(Unit, data["unit"], f"{path}.unit")
    counting = _choice(Counting, data.get("counting", Counting.CALENDAR.value), f"{path}.counting")
    is_before = _flag(data, "before", path)
    if counting is Counting.PROCEDURAL and (unit in _UNCOUNTED or is_before):
        raise RuleError(f"{path}.counting", _("this delay cannot be counted that way"))
    return Deadline(
        code=code(data["code"], f"{path}.code"),
        value=_value(data, unit, path),
        unit=unit,
        title=bilingual(data["title"], f"{path}.title"),
        explanation=bilingual(data["explanation"], f"{path}.explanation"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        chapter=chapter(data, path),
        start=_choice(Start, data["from"], f"{path}.from"),
        counting=counting,
        is_before=is_before,
        is_minimum=_flag(data, "minimum", path),
        consequence=_choice(Consequence, data["consequence"], f"{path}.consequence"),
        elsewhere=_elsewhere(data, path),
        yearly_on=_yearly_on(data, unit, path),
    )


_UNCOUNTED = {Unit.WORKING_DAYS, Unit.AT_ONCE, Unit.YEARLY}


def _value(data: dict[str, Any], unit: Unit, path: str) -> int:
    if unit in (Unit.AT_ONCE, Unit.YEARLY):
        if "value" in data:
            raise RuleError(f"{path}.value", _("this unit takes no number"))
        return 0
    return _count(data.get("value"), f"{path}.value")


def _count(value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LONGEST:
        raise RuleError(path, _("a number between 1 and 1,200 is expected here"))
    return value


def _elsewhere(data: dict[str, Any], path: str) -> tuple[Elsewhere, ...]:
    found = []
    for place, item in items(data.get("elsewhere", []), f"{path}.elsewhere"):
        mapping(item, place, {"territories", "value", "title"})
        codes = items(item["territories"], f"{place}.territories")
        found.append(
            Elsewhere(
                tuple(text(value, where) for where, value in codes),
                _count(item["value"], f"{place}.value"),
                bilingual(item["title"], f"{place}.title"),
            )
        )
    return tuple(found)


def _yearly_on(data: dict[str, Any], unit: Unit, path: str) -> tuple[int, int] | None:
    """Month and day of a yearly date, written "02-28"."""
    if (unit is Unit.YEARLY) != ("on" in data):
        raise RuleError(f"{path}.on", _("a yearly date, and only it, says its month and its day"))
    if unit is not Unit.YEARLY:
        return None
    try:
        day = date.fromisoformat(f"{COMMON_YEAR}-{data['on']}")
    except ValueError:
        raise RuleError(f"{path}.on", _("a month and a day are expected here: “02-28”")) from None
    return day.month, day.day


def _choice(choices: type[ChoiceT], value: Any, path: str) -> ChoiceT:
    if value not in list(choices):
        expected = ", ".join(choices)
        raise RuleError(path, _("one of these is expected here: {codes}").format(codes=expected))
    return choices(value)


def _flag(data: dict[str, Any], key: str, path: str) -> bool:
    value = data.get(key, False)
    if not isinstance(value, bool):
        raise RuleError(f"{path}.{key}", _("yes or no is expected here"))
    return value
