"""The comparisons a rule may make, type by type."""

from collections.abc import Mapping
from enum import StrEnum

from .types import DECIMAL_TYPES, FactType


class Operator(StrEnum):
    """A comparison between a fact and what is expected of it."""

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
    IS_KNOWN = "is_known"
    IS_UNKNOWN = "is_unknown"


KNOWLEDGE = (Operator.IS_KNOWN, Operator.IS_UNKNOWN)
_NUMERIC = (Operator.EQUALS, Operator.AT_LEAST, Operator.AT_MOST)

OPERATORS: Mapping[FactType, tuple[Operator, ...]] = {
    FactType.BOOLEAN: (Operator.IS, *KNOWLEDGE),
    FactType.INTEGER: (*_NUMERIC, *KNOWLEDGE),
    **{decimal: (*_NUMERIC, *KNOWLEDGE) for decimal in DECIMAL_TYPES},
    FactType.DATE: (
        Operator.ON_OR_BEFORE,
        Operator.ON_OR_AFTER,
        Operator.OLDER_THAN_MONTHS,
        *KNOWLEDGE,
    ),
    FactType.CODE: (Operator.IS, Operator.IS_NOT, Operator.IN, Operator.NOT_IN, *KNOWLEDGE),
    FactType.CODE_SET: (Operator.OVERLAPS, Operator.DISJOINT, *KNOWLEDGE),
}


def expected_type(fact_type: FactType, operator: Operator) -> FactType | None:
    """The type of what stands on the right of the operator; None when nothing does."""
    if operator in KNOWLEDGE:
        return None
    if operator is Operator.OLDER_THAN_MONTHS:
        return FactType.INTEGER
    if operator in (Operator.IN, Operator.NOT_IN):
        return FactType.CODE_SET
    return fact_type
