"""The comparisons a rule may make, type by type."""

from collections.abc import Mapping
from enum import StrEnum

from .types import NUMBER_TYPES, FactType


class Operator(StrEnum):
    """A comparison between a fact and what is expected of it.

    There is no strict comparison: "more than 3" is written as the negation of "at most 3", which
    the sentences say as "more than 3".
    """

    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    EQUALS = "equals"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ON_OR_BEFORE = "on_or_before"
    ON_OR_AFTER = "on_or_after"
    OLDER_THAN_MONTHS = "older_than_months"
    OVERLAPS = "overlaps"
    DISJOINT = "disjoint"
    WITHIN = "within"
    OUTSIDE = "outside"
    IS_KNOWN = "is_known"
    IS_UNKNOWN = "is_unknown"


KNOWLEDGE = (Operator.IS_KNOWN, Operator.IS_UNKNOWN)
_NUMERIC = (Operator.EQUALS, Operator.AT_LEAST, Operator.AT_MOST)
_CHOICE = (Operator.IS, Operator.IS_NOT, Operator.IN, Operator.NOT_IN)
_PLACE = (Operator.WITHIN, Operator.OUTSIDE)

OPERATORS: Mapping[FactType, tuple[Operator, ...]] = {
    FactType.BOOLEAN: (Operator.IS, *KNOWLEDGE),
    **{number: (*_NUMERIC, *KNOWLEDGE) for number in NUMBER_TYPES},
    FactType.DATE: (
        Operator.ON_OR_BEFORE,
        Operator.ON_OR_AFTER,
        Operator.OLDER_THAN_MONTHS,
        *KNOWLEDGE,
    ),
    FactType.CODE: (*_CHOICE, *KNOWLEDGE),
    FactType.CODE_SET: (Operator.OVERLAPS, Operator.DISJOINT, *KNOWLEDGE),
    FactType.COMMUNE: (*_CHOICE, *_PLACE, *KNOWLEDGE),
    FactType.TERRITORY_SET: (*_PLACE, *KNOWLEDGE),
}


def expected_type(fact_type: FactType, operator: Operator) -> FactType | None:
    """The type of what stands on the right of the operator; None when nothing does."""
    if operator in KNOWLEDGE:
        return None
    if operator is Operator.OLDER_THAN_MONTHS:
        return FactType.DURATION
    if operator in (Operator.IN, Operator.NOT_IN):
        return FactType.CODE_SET
    if operator in _PLACE:
        return FactType.TERRITORY_SET
    return fact_type
