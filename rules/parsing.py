"""From JSON to a condition, refusing whatever a reading could not follow."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from .conditions import AllOf, AnyOf, Comparison, Condition, Not, Ref
from .errors import RuleError
from .facts import Fact
from .operators import OPERATORS, Operator, expected_type
from .territories import check_keys
from .types import WHOLE_TYPES, FactType, are_comparable
from .values import Value, parse_literal

if TYPE_CHECKING:
    from .numbers import Amount
    from .vocabulary import Vocabulary

DEEPEST = 12
MOST_NODES = 500


@dataclass
class Budget:
    """How much of a tree was read: conditions and the numbers inside them count together."""

    nodes: int = 0

    def spend(self, path: str, depth: int) -> None:
        """One part more; RuleError beyond 12 levels or 500 parts, so that every tree ends."""
        self.nodes += 1
        if depth > DEEPEST:
            raise RuleError(path, _("the condition has more than 12 levels"))
        if self.nodes > MOST_NODES:
            raise RuleError(path, _("the condition has more than 500 parts"))


def parse_condition(
    data: Any,
    vocabulary: "Vocabulary",
    *,
    path: str = "",
    principal_only: bool = False,
    budget: Budget | None = None,
    depth: int = 1,
) -> Condition:
    """The condition written as JSON.

    `principal_only` limits the facts to those about the person who acts. Raises RuleError, with the
    place in the tree, for an unknown fact, parameter or operator, a value of another type or unit,
    a code or territory that does not exist or is retired, more than 12 levels or 500 nodes.
    """
    parser = _Parser(vocabulary, principal_only, budget or Budget())
    return parser.condition(data, path, depth)


def usable_fact(code: Any, vocabulary: "Vocabulary", path: str, principal_only: bool) -> Fact:
    """The fact of this code, if it may be spoken of here."""
    fact = vocabulary.fact(code, path)
    if principal_only and not fact.is_principal:
        raise RuleError(path, _("only facts about the person who acts are possible here"))
    return fact


def check_nameable(fact: Fact, path: str) -> None:
    """RuleError where a rule writes a value of a fact that singles out one row or person.

    A simulation of it would tell what that one file holds.
    """
    if fact.is_identifying:
        raise RuleError(
            path, _("“{fact}” singles out one file: a rule names none").format(fact=fact.label)
        )


def check_choice(code: str, fact: Fact, vocabulary: "Vocabulary", path: str) -> None:
    """RuleError for a code that the fact never takes, or takes no more on the day of the rules."""
    if fact.choices is not None and code not in fact.choices:
        raise RuleError(
            path, _("“{code}” is not a code of “{fact}”").format(code=code, fact=fact.label)
        )
    if is_retired(fact, code, vocabulary.day):
        since = fact.retired[code]
        told = (
            _("“{code}” is a code of “{fact}” no more since {day}")
            if since > date.min
            else _("“{code}” is a code of “{fact}” no more")
        )
        raise RuleError(path, told.format(code=code, fact=fact.label, day=since.isoformat()))


def is_retired(fact: Fact, code: str, day: date | None) -> bool:
    """Whether a code of a fact is used no more on a day; without a day, none is."""
    return day is not None and code in fact.retired and fact.retired[code] <= day


class _Parser:
    def __init__(self, vocabulary: "Vocabulary", principal_only: bool, budget: Budget) -> None:
        self.vocabulary = vocabulary
        self.principal_only = principal_only
        self.budget = budget

    def condition(self, data: Any, path: str, depth: int) -> Condition:
        self.budget.spend(path, depth)
        if not isinstance(data, dict):
            raise RuleError(path, _("a condition is expected here"))
        if "fact" in data:
            return self.comparison(data, path, depth)
        if len(data) != 1 or not {"all", "any", "not"} & set(data):
            raise RuleError(
                path, _("a condition is “all”, “any”, “not” or the comparison of a fact")
            )
        ((word, content),) = data.items()
        inner = at(path, word)
        if word == "not":
            return Not(self.condition(content, inner, depth + 1))
        if not isinstance(content, list):
            raise RuleError(inner, _("a list of conditions is expected here"))
        parts = tuple(
            self.condition(part, f"{inner}[{index}]", depth + 1)
            for index, part in enumerate(content)
        )
        return AllOf(parts) if word == "all" else AnyOf(parts)

    def comparison(self, data: dict[str, Any], path: str, depth: int) -> Comparison:
        if unknown := sorted(str(key) for key in set(data) - {"fact", "op", "value"}):
            raise RuleError(path, _("“{key}” means nothing here").format(key=unknown[0]))
        fact = usable_fact(data["fact"], self.vocabulary, at(path, "fact"), self.principal_only)
        operator = self.operator(fact, data.get("op"), at(path, "op"))
        wanted = expected_type(fact.type, operator)
        if wanted is None:
            if "value" in data:
                raise RuleError(at(path, "value"), _("this comparison takes no value"))
            return Comparison(fact.code, operator)
        if "value" not in data:
            raise RuleError(path, _("a value is missing"))
        raw, place = data["value"], at(path, "value")
        if not isinstance(raw, dict):
            return Comparison(fact.code, operator, self.written(fact, operator, wanted, raw, place))
        if set(raw) == {"number"}:
            return Comparison(fact.code, operator, self.amount(fact, raw, place, depth))
        return Comparison(fact.code, operator, self.reference(wanted, operator, raw, place))

    def operator(self, fact: Fact, raw: Any, path: str) -> Operator:
        allowed = OPERATORS[fact.type]
        if raw not in [operator.value for operator in allowed]:
            raise RuleError(
                path,
                _("“{operator}” cannot be used with “{fact}”: choose among {allowed}").format(
                    operator=raw, fact=fact.label, allowed=", ".join(allowed)
                ),
            )
        return Operator(raw)

    def written(
        self, fact: Fact, operator: Operator, wanted: FactType, raw: Any, path: str
    ) -> Value:
        check_nameable(fact, path)
        value = parse_literal(wanted, raw, path)
        if wanted is FactType.TERRITORY_SET and isinstance(value, frozenset):
            of_a_commune = fact.type is FactType.COMMUNE
            check_keys(value, self.vocabulary.territories, path, of_a_commune=of_a_commune)
        elif fact.type is FactType.COMMUNE:
            codes = value if isinstance(value, frozenset) else {value}
            keys = [f"commune:{code}" for code in codes]
            check_keys(keys, self.vocabulary.territories, path, of_a_commune=True)
        elif isinstance(value, str | frozenset):
            for code in sorted({value} if isinstance(value, str) else value):
                check_choice(code, fact, self.vocabulary, path)
        return value

    def amount(self, fact: Fact, raw: dict[str, Any], path: str, depth: int) -> "Amount":
        # Numbers hold conditions and conditions numbers: one of the two is imported late.
        from .number_parsing import parse_amount

        return parse_amount(
            raw["number"],
            fact,
            self.vocabulary,
            path=at(path, "number"),
            principal_only=self.principal_only,
            budget=self.budget,
            depth=depth + 1,
        )

    def reference(
        self, wanted: FactType, operator: Operator, raw: dict[str, Any], path: str
    ) -> Ref:
        if set(raw) != {"ref"}:
            raise RuleError(path, _("a reference has one key, “ref”"))
        target = self.vocabulary.fact(raw["ref"], at(path, "ref"))
        if not target.is_principal:
            raise RuleError(
                at(path, "ref"), _("a reference points to a fact about the person who acts")
            )
        counted = operator is Operator.OLDER_THAN_MONTHS and target.type in WHOLE_TYPES
        if not (counted or are_comparable(target.type, wanted)):
            raise RuleError(
                at(path, "ref"),
                _("“{fact}” does not have the type that this comparison needs").format(
                    fact=target.label
                ),
            )
        return Ref(target.code)


def at(path: str, key: str) -> str:
    """The place of a key inside another place."""
    return f"{path}.{key}" if path else key
