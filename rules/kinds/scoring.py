"""Scoring modules: the grid of points that helps to choose between demands (cotation).

Sources: articles L441-1 and L441-2-8 of the CCH. A grid is public; the commission stays sovereign.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.conditions import AllOf, Comparison, Condition
from rules.errors import RuleError
from rules.facts import Fact
from rules.number_parsing import parse_number
from rules.numbers import Constant, Number, Tiers
from rules.operators import Operator
from rules.parsing import check_choice, check_nameable, parse_condition
from rules.types import NUMBER_TYPES, FactType
from rules.values import parse_literal
from rules.vocabulary import Vocabulary

from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, text

MOST_POINTS = 1000
_ALWAYS = AllOf()


class Scope(StrEnum):
    """For whom: people not yet in social housing, people who ask for a transfer, or both."""

    FIRST_TIME = "first_time"
    TRANSFER = "transfer"
    BOTH = "both"


class Mode(StrEnum):
    """Whether the criteria of a section add up or only the highest counts."""

    SUM = "sum"
    MAX = "max"


class OnUnknown(StrEnum):
    """What is done of a criterion when the file does not tell: nothing, or ask for it."""

    NOT_EARNED = "not_earned"
    TO_COMPLETE = "to_complete"


class ProofBy(StrEnum):
    """Who or what proves a criterion: the register itself, a verified document, a body."""

    AUTOMATIC = "automatic"
    DOCUMENT = "document"
    BODY = "body"


class Order(StrEnum):
    """Which of two equal demands comes first: smallest value, largest, most codes of a set."""

    ASCENDING = "ascending"
    DESCENDING = "descending"
    MOST = "most"


@dataclass(frozen=True)
class Proof:
    """How a criterion is proved: `condition` is true once it is.

    `organisations` are the kinds of bodies that may recognise it, for the public to know.
    """

    by: ProofBy
    condition: Condition = _ALWAYS
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Criterion:
    """One line of the grid: when it is met, how many points, on which proof."""

    code: str
    title: Bilingual
    when: Condition
    points: Number
    proof: Proof
    on_unknown: OnUnknown
    scope: Scope
    legal_basis: str
    explanation: Bilingual | None = None
    chapter: int | None = None


@dataclass(frozen=True)
class Section:
    """Criteria that add up, or of which only the highest counts."""

    code: str
    title: Bilingual
    mode: Mode
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Exclusion:
    """Demands to which the grid does not apply."""

    code: str
    title: Bilingual
    when: Condition
    legal_basis: str
    chapter: int | None = None


@dataclass(frozen=True)
class TieBreak:
    """What tells two demands with as many points apart."""

    fact: str
    order: Order


@dataclass(frozen=True)
class Ties:
    """The rules that order demands with as many points: published as one item of the grid."""

    rules: tuple[TieBreak, ...]
    code: str = "tie-break"
    chapter: int | None = None


@dataclass(frozen=True)
class Grid:
    """The body of a scoring module.

    `first_time` names the yes/no fact that tells first-time applicants from transfers. When
    `counts_declared`, a criterion counts from the declaration on, provisionally, until proved.
    """

    scope: Scope
    first_time: str
    counts_declared: bool
    sections: tuple[Section, ...]
    exclusions: tuple[Exclusion, ...]
    tie_break: tuple[TieBreak, ...]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every line of the grid, in order."""
        return tuple(criterion for section in self.sections for criterion in section.criteria)

    @property
    def items(self) -> tuple[Criterion | Exclusion | Ties, ...]:
        """Every rule, in the order of the module."""
        return (*self.criteria, *self.exclusions, Ties(self.tie_break))


def parse(data: Any, vocabulary: Vocabulary) -> Grid:
    """The typed body of a scoring module; RuleError when anything in it is not acceptable."""
    required = {"scope", "first_time", "counts_declared", "sections", "exclusions", "tie_break"}
    body = mapping(data, "", required)
    fact = vocabulary.fact(body["first_time"], "first_time")
    if fact.type is not FactType.BOOLEAN:
        raise RuleError("first_time", _("a yes/no fact is expected here"))
    grid = Grid(
        scope=_one_of(Scope, body["scope"], "scope"),
        first_time=fact.code,
        counts_declared=_flag(body["counts_declared"], "counts_declared"),
        sections=tuple(
            _section(item, path, vocabulary)
            for path, item in items(body["sections"], "sections", empty=False)
        ),
        exclusions=tuple(
            _exclusion(item, path, vocabulary)
            for path, item in items(body["exclusions"], "exclusions")
        ),
        tie_break=tuple(
            _tie_break(item, path, vocabulary)
            for path, item in items(body["tie_break"], "tie_break", empty=False)
        ),
    )
    distinct([section.code for section in grid.sections], "sections")
    distinct([item.code for item in grid.items], "criteria")
    return grid


def _section(data: Any, path: str, vocabulary: Vocabulary) -> Section:
    mapping(data, path, {"code", "title", "mode", "criteria"})
    mode = _one_of(Mode, data["mode"], f"{path}.mode")
    criteria = tuple(
        _criterion(item, place, vocabulary)
        for place, item in items(data["criteria"], f"{path}.criteria", empty=False)
    )
    for index, criterion in enumerate(criteria):
        if mode is Mode.MAX and not _adds(criterion.points):
            raise RuleError(
                f"{path}.criteria[{index}].points",
                _("where only the highest criterion counts, each gives points"),
            )
    return Section(
        code(data["code"], f"{path}.code"),
        bilingual(data["title"], f"{path}.title"),
        mode,
        criteria,
    )


def _adds(points: Number) -> bool:
    if isinstance(points, Constant):
        return points.value > 0
    return not isinstance(points, Tiers) or points.gives > 0


def _criterion(data: Any, path: str, vocabulary: Vocabulary) -> Criterion:
    required = {"code", "title", "points", "proof", "on_unknown", "legal_basis"}
    mapping(data, path, required, {"when", "scope", "explanation", "chapter"})
    when = data.get("when", {"all": []})
    explained = data.get("explanation")
    return Criterion(
        code=code(data["code"], f"{path}.code"),
        title=bilingual(data["title"], f"{path}.title"),
        when=parse_condition(when, vocabulary, path=f"{path}.when"),
        points=_points(data["points"], f"{path}.points", vocabulary),
        proof=_proof(data["proof"], f"{path}.proof", vocabulary),
        on_unknown=_one_of(OnUnknown, data["on_unknown"], f"{path}.on_unknown"),
        scope=_one_of(Scope, data.get("scope", Scope.BOTH), f"{path}.scope"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        explanation=bilingual(explained, f"{path}.explanation") if explained else None,
        chapter=chapter(data, path),
    )


def _points(data: Any, path: str, vocabulary: Vocabulary) -> Number:
    if isinstance(data, dict):
        return parse_number(data, vocabulary, path=path)
    value = Decimal(str(parse_literal(FactType.INTEGER, data, path)))
    if not 0 < abs(value) <= MOST_POINTS:
        raise RuleError(path, _("between −1,000 and 1,000 points, and not 0, are expected here"))
    return Constant(value.quantize(Decimal("0.0001")))


def _proof(data: Any, path: str, vocabulary: Vocabulary) -> Proof:
    mapping(data, path, {"by"}, {"fact", "codes", "organisations"})
    by = _one_of(ProofBy, data["by"], f"{path}.by")
    if by is ProofBy.AUTOMATIC:
        mapping(data, path, {"by"})
        return Proof(by)
    required = {"by", "fact", "codes"}
    mapping(data, path, required | ({"organisations"} if by is ProofBy.BODY else set()))
    fact = vocabulary.fact(data["fact"], f"{path}.fact")
    if fact.type is not FactType.CODE_SET or fact.is_principal:
        raise RuleError(f"{path}.fact", _("a set of codes of the demand is expected here"))
    found = [(place, text(item, place)) for place, item in _codes(data["codes"], f"{path}.codes")]
    for place, value in found:
        check_nameable(fact, place)
        check_choice(value, fact, vocabulary, place)
    bodies = _codes(data.get("organisations", []), f"{path}.organisations", empty=True)
    return Proof(
        by,
        Comparison(fact.code, Operator.OVERLAPS, frozenset(value for _place, value in found)),
        tuple(text(item, place) for place, item in bodies),
    )


def _codes(data: Any, path: str, *, empty: bool = False) -> list[tuple[str, Any]]:
    return list(items(data, path, empty=empty))


def _exclusion(data: Any, path: str, vocabulary: Vocabulary) -> Exclusion:
    mapping(data, path, {"code", "title", "when", "legal_basis"}, {"chapter"})
    return Exclusion(
        code=code(data["code"], f"{path}.code"),
        title=bilingual(data["title"], f"{path}.title"),
        when=parse_condition(data["when"], vocabulary, path=f"{path}.when"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        chapter=chapter(data, path),
    )


def _tie_break(data: Any, path: str, vocabulary: Vocabulary) -> TieBreak:
    mapping(data, path, {"fact", "order"})
    fact = vocabulary.fact(data["fact"], f"{path}.fact")
    order = _one_of(Order, data["order"], f"{path}.order")
    if not _can_order(fact, order):
        raise RuleError(f"{path}.fact", _("this fact cannot put demands in this order"))
    return TieBreak(fact.code, order)


def _can_order(fact: Fact, order: Order) -> bool:
    """Exact orders only: days rather than the months counted from them, figures, plain codes."""
    if fact.is_principal or fact.is_derived or fact.from_date:
        return False
    if order is Order.MOST:
        return fact.bits is not None
    if order is Order.ASCENDING and fact.type is FactType.CODE:
        return True
    return fact.type is FactType.DATE or fact.type in NUMBER_TYPES


def _one_of(kind: Any, raw: Any, path: str) -> Any:
    if raw not in list(kind):
        allowed = ", ".join(kind)
        raise RuleError(path, _("one of these is expected here: {codes}").format(codes=allowed))
    return kind(raw)


def _flag(raw: Any, path: str) -> bool:
    if not isinstance(raw, bool):
        raise RuleError(path, _("a yes or no answer is expected here"))
    return raw
