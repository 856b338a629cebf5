"""The score of every row at once: one SQL expression, equal to `scoring.score` for each of them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, reduce
from operator import add
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast, Coalesce, Greatest
from django.db.models.lookups import Exact

from .conditions import AllOf, AnyOf, Comparison, Condition
from .functions import DECIMAL, literal
from .kinds.scoring import Criterion, Grid, Mode, Order, Scope, Section
from .number_sql import expression, ladder, listed_days
from .number_units import is_whole
from .numbers import Constant, FactNumber, Number, Tiers
from .operators import Operator
from .reading import Bindings
from .sql import Compiler
from .vocabulary import Vocabulary

_INTEGER = IntegerField()


class Counting(StrEnum):
    """Which points are summed: those that rank, all that is declared, or only what is proved."""

    TOTAL = "total"
    DECLARED = "declared"
    PROVED = "proved"


class CompiledGrid:
    """A grid over rows: which it concerns, how many points each has, which comes first."""

    def __init__(self, grid: Grid, vocabulary: Vocabulary, bindings: Bindings, today: date) -> None:
        self.grid = grid
        self.vocabulary = vocabulary
        self.compiler = Compiler(vocabulary, bindings, today)

    @property
    def applies(self) -> Q:
        """The rows that the grid concerns: in its scope, and under no exclusion that is true."""
        excluded = AnyOf(tuple(exclusion.when for exclusion in self.grid.exclusions))
        is_true, _is_false = self.compiler.sides(excluded)
        flag = Case(When(is_true, then=Value(1)), default=Value(0), output_field=_INTEGER)
        return self._met(self._concerned(self.grid.scope)) & Q(Exact(flag, 0))

    def score(self, counting: Counting = Counting.TOTAL) -> Any:
        """The points of a row that the grid concerns: whole numbers when every line gives some."""
        if counting is Counting.TOTAL:
            counting = Counting.DECLARED if self.grid.counts_declared else Counting.PROVED
        total = reduce(add, (self._section(section, counting) for section in self.grid.sections))
        # Named as what it is: PostgreSQL takes a bare figure in ORDER BY for a column's place.
        return Cast(total, _INTEGER if self.is_whole else DECIMAL)

    def tie_break(self) -> list[OrderBy]:
        """What orders rows with as many points, the first to be chosen coming first."""
        orders = []
        for rule in self.grid.tie_break:
            fact = self.vocabulary.fact(rule.fact)
            column = str(fact.column)
            if rule.order is Order.ASCENDING:
                orders.append(F(column).asc(nulls_last=True))
            elif rule.order is Order.DESCENDING:
                orders.append(F(column).desc(nulls_last=True))
            else:
                bits = [_bit(column, place) for place in (fact.bits or {}).values()]
                orders.append(reduce(add, bits).desc(nulls_last=True))
        return orders

    @cached_property
    def is_whole(self) -> bool:
        """True when every score is a whole number, which the database adds faster."""
        return all(is_whole(line.points, self.vocabulary) for line in self.grid.criteria)

    def _section(self, section: Section, counting: Counting) -> Any:
        lines = [(self._met(self._condition(line, counting)), line) for line in section.criteria]
        if section.mode is Mode.MAX and all(_is_written(line) for _met, line in lines):
            # The first that is met, from the highest down, is the one that counts.
            ordered = sorted(lines, key=lambda line: line[1].points.value, reverse=True)  # type: ignore[union-attr]
            return self._case(ordered)
        single = [self._case([line]) for line in lines]
        if section.mode is Mode.SUM:
            return reduce(add, single)
        return Greatest(*single, self._written(Decimal(0)))

    def _case(self, lines: Sequence[tuple[Q, Criterion]]) -> Any:
        return Case(
            *(When(met, then=self._points(line.points)) for met, line in lines),
            default=self._written(Decimal(0)),
            output_field=_INTEGER if self.is_whole else DECIMAL,
        )

    def _condition(self, line: Criterion, counting: Counting) -> Condition:
        parts = [self._concerned(line.scope), line.when]
        if counting is Counting.PROVED:
            parts.append(line.proof.condition)
        return AllOf(tuple(parts))

    def _concerned(self, scope: Scope) -> Condition:
        if scope is Scope.BOTH:
            return AllOf()
        return Comparison(self.grid.first_time, Operator.IS, scope is Scope.FIRST_TIME)

    def _met(self, condition: Condition) -> Q:
        return self.compiler.sides(condition)[0]

    def _points(self, points: Number) -> Any:
        """What a criterion gives where it is met; nothing where it cannot be told."""
        if isinstance(points, Constant):
            return self._written(points.value)
        steps = listed_days(points, self.compiler) if isinstance(points, Tiers) else None
        if steps and isinstance(points, Tiers) and isinstance(points.of, FactNumber):
            column = str(self.vocabulary.fact(points.of.fact).column)
            cases = ladder(column, steps, self._written)
            field = _INTEGER if self.is_whole else DECIMAL
            return Case(*cases, default=self._written(Decimal(0)), output_field=field)
        number = expression(points, self.compiler)
        if self.is_whole:
            number = Cast(number, _INTEGER)
        return Coalesce(number, self._written(Decimal(0)))

    def _written(self, points: Decimal) -> Any:
        return Value(int(points), output_field=_INTEGER) if self.is_whole else literal(points)


def _is_written(line: Criterion) -> bool:
    return isinstance(line.points, Constant)


def _bit(column: str, place: int) -> Any:
    return F(column).bitrightshift(place).bitand(1)
