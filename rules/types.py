"""What a fact can be, and what a condition can answer."""

from collections.abc import Iterable
from enum import Enum, StrEnum


class FactType(StrEnum):
    """The kinds of facts a rule may speak of.

    A duration is a number of whole months; a percent is written as read ("33" is 33 %); a commune
    is an INSEE code; a territory set holds keys such as "commune:21231" or "dep:21".
    """

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    PERCENT = "percent"
    MONEY_MONTH = "money_month"
    MONEY_YEAR = "money_year"
    DATE = "date"
    DURATION = "duration"
    CODE = "code"
    CODE_SET = "code_set"
    COMMUNE = "commune"
    TERRITORY_SET = "territory_set"


DECIMAL_TYPES = frozenset(
    {FactType.DECIMAL, FactType.PERCENT, FactType.MONEY_MONTH, FactType.MONEY_YEAR}
)
WHOLE_TYPES = frozenset({FactType.INTEGER, FactType.DURATION})
NUMBER_TYPES = DECIMAL_TYPES | WHOLE_TYPES
TEXT_TYPES = frozenset({FactType.CODE, FactType.COMMUNE})
SET_TYPES = frozenset({FactType.CODE_SET, FactType.TERRITORY_SET})


def are_comparable(one: FactType, other: FactType) -> bool:
    """Whether values of these types may be compared or added: euros a month are no euros a year.

    A plain decimal number has no unit of its own and goes with any decimal.
    """
    if one is other:
        return True
    return {one, other} <= DECIMAL_TYPES and FactType.DECIMAL in (one, other)


class Truth(Enum):
    """Kleene's three values: what is not known is neither true nor false.

    Never used as a Python boolean: an unknown answer must be handled on purpose, because a right is
    lost on it and a prohibition is kept on it.
    """

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("compare a Truth with Truth.TRUE, Truth.FALSE or Truth.UNKNOWN")

    @classmethod
    def of(cls, answer: bool) -> "Truth":
        return cls.TRUE if answer else cls.FALSE

    def negated(self) -> "Truth":
        return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}.get(self, Truth.UNKNOWN)


def all_of(answers: Iterable[Truth]) -> Truth:
    """Kleene's AND; true when there is nothing to satisfy."""
    found = Truth.TRUE
    for answer in answers:
        if answer is Truth.FALSE:
            return answer
        found = found if answer is Truth.TRUE else answer
    return found


def any_of(answers: Iterable[Truth]) -> Truth:
    """Kleene's OR; false when there is nothing to choose from."""
    found = Truth.FALSE
    for answer in answers:
        if answer is Truth.TRUE:
            return answer
        found = found if answer is Truth.FALSE else answer
    return found
