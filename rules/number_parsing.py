"""From JSON to a number of a rule, refusing what two units or two engines would not agree on."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from .errors import RuleError
from .facts import Fact
from .number_units import Unit, check_unit, is_whole, joined, unit_of
from .numbers import (
    PAIRS,
    Amount,
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
from .parameters import fact_code
from .parsing import Budget, at, check_choice, check_nameable, parse_condition, usable_fact
from .types import NUMBER_TYPES, WHOLE_TYPES, FactType
from .values import parse_literal

if TYPE_CHECKING:
    from .vocabulary import Vocabulary

MOST_TERMS = 60
_WHOLE = re.compile(r"-?[0-9]{1,9}")


def parse_number(
    data: Any,
    vocabulary: "Vocabulary",
    *,
    path: str = "",
    wanted: FactType | None = None,
    principal_only: bool = False,
    budget: Budget | None = None,
    depth: int = 1,
) -> Number:
    """The number written as JSON; `wanted` is the type of what it is the value of.

    Raises RuleError, with the place in the tree, for an unknown fact or parameter, a mix of units
    (euros a month added to euros a year), a division by a written zero, or a tree too large.
    """
    parser = _Parser(vocabulary, principal_only, budget or Budget())
    number, unit = parser.number(data, path, depth)
    if wanted is not None:
        check_unit(unit, wanted, path)
        if wanted in WHOLE_TYPES and not is_whole(number, vocabulary):
            raise RuleError(path, _("this number must be whole: round it to 0 decimals"))
    return number


def parse_amount(data: Any, fact: Fact, vocabulary: "Vocabulary", **place: Any) -> Amount:
    """The number with which a fact is compared."""
    if fact.type not in NUMBER_TYPES:
        raise RuleError(
            place["path"], _("“{fact}” is not compared with a number").format(fact=fact.label)
        )
    parser = _Parser(vocabulary, place["principal_only"], place["budget"])
    number, unit = parser.number(data, place["path"], place["depth"])
    check_unit(unit, fact.type, place["path"])
    return Amount(number)


class _Parser:
    def __init__(self, vocabulary: "Vocabulary", principal_only: bool, budget: Budget) -> None:
        self.vocabulary = vocabulary
        self.principal_only = principal_only
        self.budget = budget

    def number(self, data: Any, path: str, depth: int) -> tuple[Number, Unit]:
        self.budget.spend(path, depth)
        if not isinstance(data, dict):
            raise RuleError(path, _("a number is written as an object, such as {“constant”: 3}"))
        for word, (read, optional) in _READERS.items():
            if word in data:
                if unknown := sorted(str(key) for key in set(data) - {word} - optional):
                    raise RuleError(path, _("“{key}” means nothing here").format(key=unknown[0]))
                return read(self, data, path, depth)
        raise RuleError(path, _("this is none of the numbers that a rule may use"))

    def constant(self, data: dict[str, Any], path: str, depth: int) -> tuple[Number, Unit]:
        return Constant(_decimal(data["constant"], at(path, "constant"))), None

    def fact(self, data: dict[str, Any], path: str, depth: int) -> tuple[Number, Unit]:
        place = at(path, "fact")
        fact = usable_fact(data["fact"], self.vocabulary, place, self.principal_only)
        if fact.type not in NUMBER_TYPES:
            raise RuleError(place, _("“{fact}” is not a number").format(fact=fact.label))
        return FactNumber(fact.code), unit_of(fact.type)

    def parameter(self, data: dict[str, Any], path: str, depth: int) -> tuple[Number, Unit]:
        place = at(path, "parameter")
        fact = self.vocabulary.fact(fact_code(str(data["parameter"])), place)
        return FactNumber(fact.code), unit_of(fact.type)

    def combined(self, data: dict[str, Any], path: str, depth: int) -> tuple[Number, Unit]:
        operation = next(item for item in Operation if item.value in data)
        inner = at(path, operation.value)
        raw = data[operation.value]
        if not isinstance(raw, list):
            raise RuleError(inner, _("a list of numbers is expected here"))
        if operation in PAIRS and len(raw) != 2:
            raise RuleError(inner, _("two numbers are expected here"))
        if not 2 <= len(raw) <= MOST_TERMS:
            raise RuleError(inner, _("2 to 60 numbers are expected here"))
        read = [self.number(item, f"{inner}[{i}]", depth + 1) for i, item in enumerate(raw)]
        parts, units = tuple(number for number, _unit in read), [unit for _number, unit in read]
        if operation is Operation.QUOTIENT and parts[1] == Constant(Decimal(0)):
            raise RuleError(f"{inner}[1]", _("nothing can be divided by zero"))
        if operation in (Operation.PRODUCT, Operation.QUOTIENT):
            # What is multiplied or divided has a unit of its own, which the author vouches for.
            return Combined(operation, parts), None
        places = [f"{inner}[{index}]" for index in range(len(parts))]
        return Combined(operation, parts), joined(zip(units, places, strict=True))

    def rounded(self, data: dict[str, Any], path: str, depth: int) -> tuple[Number, Unit]:
        places = data.get("places", 0)
        if isinstance(places, bool) or places not in (0, 1, 2, 3, 4):
            raise RuleError(at(path, "places"), _("0 to 4 decimals are expected here"))
        part, unit = self.number(data["round"], at(path, "round"), depth + 1)
        return Rounded(part, int(places)), unit

    def table(self, data: dict[str, Any], path: str, depth: int) -> tuple[Number, Unit]:
        inner = at(path, "table")
        table = data["table"]
        if not isinstance(table, dict) or set(table) != {"by", "rows"}:
            raise RuleError(inner, _("a table has two keys, “by” and “rows”"))
        fact = usable_fact(table["by"], self.vocabulary, at(inner, "by"), self.principal_only)
        rows = table["rows"]
        if not isinstance(rows, dict) or not 1 <= len(rows) <= MOST_TERMS:
            raise RuleError(at(inner, "rows"), _("1 to 60 rows are expected here"))
        place = at(inner, "rows")
        keys = {self.key(raw, fact, at(place, str(raw))): raw for raw in rows}
        read = {
            key: self.number(rows[raw], at(place, str(raw)), depth + 1)
            for key, raw in sorted(keys.items())
        }
        units = [(unit, at(place, str(keys[key]))) for key, (_number, unit) in read.items()]
        otherwise, rest = self.otherwise(data, path, depth)
        unit = joined([*units, (rest, at(path, "otherwise"))])
        rows_read = tuple((key, number) for key, (number, _unit) in read.items())
        return Table(fact.code, rows_read, otherwise), unit

    def key(self, raw: Any, fact: Fact, path: str) -> int | str:
        if fact.type is FactType.INTEGER and isinstance(raw, str) and _WHOLE.fullmatch(raw):
            return int(raw)
        if fact.type is not FactType.CODE:
            raise RuleError(path, _("a table is read by a code or by a whole number"))
        check_nameable(fact, path)
        code = str(parse_literal(FactType.CODE, raw, path))
        check_choice(code, fact, self.vocabulary, path)
        return code

    def choice(self, data: dict[str, Any], path: str, depth: int) -> tuple[Number, Unit]:
        inner = at(path, "choice")
        raw = data["choice"]
        if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_TERMS:
            raise RuleError(inner, _("1 to 60 cases are expected here"))
        cases, units = [], []
        for index, case in enumerate(raw):
            place = f"{inner}[{index}]"
            if not isinstance(case, dict) or set(case) != {"when", "then"}:
                raise RuleError(place, _("a case has two keys, “when” and “then”"))
            when = parse_condition(
                case["when"],
                self.vocabulary,
                path=at(place, "when"),
                principal_only=self.principal_only,
                budget=self.budget,
                depth=depth + 1,
            )
            then, unit = self.number(case["then"], at(place, "then"), depth + 1)
            cases.append((when, then))
            units.append((unit, at(place, "then")))
        otherwise, rest = self.otherwise(data, path, depth)
        return Choice(tuple(cases), otherwise), joined([*units, (rest, at(path, "otherwise"))])

    def otherwise(self, data: dict[str, Any], path: str, depth: int) -> tuple[Number | None, Unit]:
        if "otherwise" not in data:
            return None, None
        return self.number(data["otherwise"], at(path, "otherwise"), depth + 1)

    def tiers(self, data: dict[str, Any], path: str, depth: int) -> tuple[Number, Unit]:
        inner, tiers = at(path, "tiers"), data["tiers"]
        if not isinstance(tiers, dict) or not {"of", "each", "gives"} <= set(tiers):
            raise RuleError(inner, _("tiers have the keys “of”, “each”, “gives” and maybe “cap”"))
        if unknown := sorted(str(key) for key in set(tiers) - {"of", "each", "gives", "cap"}):
            raise RuleError(inner, _("“{key}” means nothing here").format(key=unknown[0]))
        of, _unit = self.number(tiers["of"], at(inner, "of"), depth + 1)
        each = _decimal(tiers["each"], at(inner, "each"))
        gives = _decimal(tiers["gives"], at(inner, "gives"))
        cap = _decimal(tiers["cap"], at(inner, "cap")) if "cap" in tiers else None
        if each <= 0:
            raise RuleError(at(inner, "each"), _("a number above zero is expected here"))
        if gives == 0:
            raise RuleError(at(inner, "gives"), _("a number other than zero is expected here"))
        if cap is not None and cap * gives <= 0:
            raise RuleError(at(inner, "cap"), _("the most that tiers give has the sign of a tier"))
        return Tiers(of, each, gives, cap), None


def _decimal(raw: Any, path: str) -> Decimal:
    return cast(Decimal, parse_literal(FactType.DECIMAL, raw, path))


def _words(operations: Iterable[Operation]) -> dict[str, Any]:
    return {operation.value: (_Parser.combined, frozenset()) for operation in operations}


_READERS: dict[str, Any] = {
    "constant": (_Parser.constant, frozenset()),
    "fact": (_Parser.fact, frozenset()),
    "parameter": (_Parser.parameter, frozenset()),
    **_words(Operation),
    "round": (_Parser.rounded, frozenset({"places"})),
    "table": (_Parser.table, frozenset({"otherwise"})),
    "choice": (_Parser.choice, frozenset({"otherwise"})),
    "tiers": (_Parser.tiers, frozenset()),
}
