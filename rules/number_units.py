"""The unit of a number: what may be added to what, and which numbers are whole."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from .errors import RuleError
from .numbers import (
    Choice,
    Combined,
    Constant,
    FactNumber,
    Number,
    Operation,
    Rounded,
    Table,
    Tiers,
    parts_of,
)
from .types import WHOLE_TYPES, FactType

if TYPE_CHECKING:
    from .vocabulary import Vocabulary

# None: a figure without a unit, which goes with any.
Unit = FactType | None

_UNITLESS = (FactType.INTEGER, FactType.DECIMAL)


def unit_of(fact_type: FactType) -> Unit:
    """The unit of a type of facts."""
    return None if fact_type in _UNITLESS else fact_type


def joined(units: Iterable[tuple[Unit, str]]) -> Unit:
    """The unit of numbers taken together, each with its place.

    RuleError, at the place of the first that has another unit than those before it.
    """
    common: Unit = None
    for unit, path in units:
        if common is None:
            common = unit
        elif unit is not None and unit is not common:
            raise RuleError(path, _("this number does not have the same unit as the others"))
    return common


def check_unit(unit: Unit, wanted: FactType, path: str) -> None:
    """RuleError when a number has another unit than what it is the value of."""
    if None not in (unit, unit_of(wanted)) and unit is not unit_of(wanted):
        raise RuleError(path, _("this number does not have the unit that is expected here"))


def is_whole(number: Number, vocabulary: "Vocabulary") -> bool:
    """True when the number is whole whatever the row."""
    if isinstance(number, Constant):
        return number.value == int(number.value)
    if isinstance(number, FactNumber):
        return vocabulary.fact(number.fact).type in WHOLE_TYPES
    if isinstance(number, Rounded) and number.places == 0:
        return True
    if isinstance(number, Tiers):
        return all(value == int(value) for value in (number.gives, number.cap or 0))
    if isinstance(number, Combined) and number.operation is Operation.QUOTIENT:
        return False
    if isinstance(number, Combined | Rounded | Table | Choice):
        return all(is_whole(part, vocabulary) for part in parts_of(number))
    return False
