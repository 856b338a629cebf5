"""The SQL reading of a number: one expression over columns, NULL where it is unknown."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, Protocol

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast, ExtractMonth, ExtractYear

from .comparing import months_before
from .conditions import Condition
from .facts import Fact
from .functions import (
    DECIMAL,
    Difference,
    Greatest,
    Least,
    Product,
    Quotient,
    Rounding,
    TierSteps,
    TierStepsDown,
    Total,
    literal,
)
from .number_explanation import cases
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
)

# Above this many tiers the steps are divided rather than listed.
MOST_STEPS = 24

UNKNOWN = Cast(Value(None), DECIMAL)

_FUNCTIONS = {
    Operation.SUM: Total,
    Operation.PRODUCT: Product,
    Operation.MIN: Least,
    Operation.MAX: Greatest,
    Operation.DIFFERENCE: Difference,
    Operation.QUOTIENT: Quotient,
}


class Compiler(Protocol):
    """What compiles the facts and conditions inside a number."""

    today: date

    def fact(self, code: str) -> Fact:
        """The fact of this code."""
        ...

    def bound(self, fact: Fact) -> Any:
        """The value of a fact about who acts, or of a parameter."""
        ...

    def rule(self, fact: Fact) -> Any:
        """The number from which a derived fact follows."""
        ...

    def sides(self, condition: Condition) -> tuple[Q, Q]:
        """The queries of a condition: where it is true, where it is false."""
        ...


def expression(number: Number, compiler: Compiler) -> Any:
    """The expression of a number, of the type `functions.DECIMAL`."""
    if isinstance(number, Constant):
        return literal(number.value)
    if isinstance(number, FactNumber):
        return fact_expression(compiler.fact(number.fact), compiler)
    if isinstance(number, Table | Choice):
        return _choice(number, compiler)
    if isinstance(number, Combined):
        return _FUNCTIONS[number.operation](*(expression(part, compiler) for part in number.parts))
    if isinstance(number, Rounded):
        places = Value(number.places, output_field=IntegerField())
        return Rounding(expression(number.part, compiler), places)
    return _tiers(number, compiler)


def fact_expression(fact: Fact, compiler: Compiler) -> Any:
    """The expression of a fact that is a number."""
    if fact.is_principal:
        value = compiler.bound(fact)
        return UNKNOWN if value is None else literal(value)
    if fact.is_forgotten:
        return UNKNOWN
    if fact.elsewhere is not None:
        return Cast(fact.elsewhere.value(), DECIMAL)
    if fact.is_derived:
        return expression(compiler.rule(fact), compiler)
    if fact.from_date:
        return Cast(_months_since(str(fact.column), compiler.today), DECIMAL)
    return Cast(F(str(fact.column)), DECIMAL)


def _months_since(column: str, today: date) -> Any:
    months = (today.year - ExtractYear(column)) * 12 + (today.month - ExtractMonth(column))
    return Case(
        When(**{f"{column}__day__gt": today.day}, then=months - 1),
        default=months,
        output_field=IntegerField(),
    )


def _choice(number: Table | Choice, compiler: Compiler) -> Any:
    rest = UNKNOWN if number.otherwise is None else expression(number.otherwise, compiler)
    for when, then in reversed(cases(number, compiler.fact)):
        true, false = compiler.sides(when)
        rest = Case(
            When(true, then=expression(then, compiler)),
            When(false, then=rest),
            default=UNKNOWN,
            output_field=DECIMAL,
        )
    return rest


def _tiers(number: Tiers, compiler: Compiler) -> Any:
    steps = listed_days(number, compiler)
    if steps is not None:
        column = str(compiler.fact(number.of.fact).column)  # type: ignore[union-attr]
        missing = When(**{f"{column}__isnull": True}, then=UNKNOWN)
        return Case(
            missing, *ladder(column, steps, literal), default=literal(0), output_field=DECIMAL
        )
    parts = [expression(number.of, compiler), literal(number.each), literal(number.gives)]
    if number.cap is not None:
        parts.append(literal(number.cap))
    return (TierSteps if number.gives > 0 else TierStepsDown)(*parts)


def listed_days(number: Tiers, compiler: Compiler) -> list[tuple[date, Decimal]] | None:
    """For capped tiers of a duration that runs from a date: since which day each sum is reached."""
    if not isinstance(number.of, FactNumber) or number.cap is None:
        return None
    fact = compiler.fact(number.of.fact)
    steps = int((number.cap / number.gives).to_integral_value(ROUND_CEILING))
    if not fact.from_date or steps > MOST_STEPS or number.each != int(number.each):
        return None
    reached = [step * number.gives for step in range(1, steps + 1)]
    reached[-1] = number.cap
    months = [step * int(number.each) for step in range(1, len(reached) + 1)]
    days = [months_before(compiler.today, elapsed) for elapsed in months]
    return list(zip(days, reached, strict=True))


def ladder(
    column: str, steps: list[tuple[date, Decimal]], write: Callable[[Decimal], Any]
) -> list[When]:
    """One comparison of dates per step: many times cheaper than counting months in every row."""
    return [When(**{f"{column}__lte": day}, then=write(given)) for day, given in reversed(steps)]
