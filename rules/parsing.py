"""From JSON to a condition, refusing whatever a reading could not follow."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from .conditions import AllOf, AnyOf, Comparison, Condition, Not, Ref
from .errors import RuleError
from .operators import OPERATORS, Operator, expected_type
from .types import DECIMAL_TYPES, FactType
from .values import Value, parse_literal
from .vocabulary import Fact, Vocabulary

DEEPEST = 12
MOST_NODES = 500


def parse_condition(
    data: Any, vocabulary: Vocabulary, *, path: str = "", principal_only: bool = False
) -> Condition:
    """The condition written as JSON.

    `principal_only` limits the facts to those about the person who acts. Raises RuleError, with the
    place in the tree, for an unknown fact or operator, a value of another type, a code that does
    not exist, more than 12 levels or more than 500 nodes.
    """
    return _Parser(vocabulary, principal_only).condition(data, path, depth=1)


class _Parser:
    def __init__(self, vocabulary: Vocabulary, principal_only: bool) -> None:
        self.vocabulary = vocabulary
        self.principal_only = principal_only
        self.nodes = 0

    def condition(self, data: Any, path: str, depth: int) -> Condition:
        self.nodes += 1
        if depth > DEEPEST:
            raise RuleError(path, _("the condition has more than 12 levels"))
        if self.nodes > MOST_NODES:
            raise RuleError(path, _("the condition has more than 500 parts"))
        if not isinstance(data, dict):
            raise RuleError(path, _("a condition is expected here"))
        if "fact" in data:
            return self.comparison(data, path)
        if len(data) != 1 or not {"all", "any", "not"} & set(data):
            raise RuleError(
                path, _("a condition is “all”, “any”, “not” or the comparison of a fact")
            )
        ((word, content),) = data.items()
        inner = f"{path}.{word}" if path else word
        if word == "not":
            return Not(self.condition(content, inner, depth + 1))
        if not isinstance(content, list):
            raise RuleError(inner, _("a list of conditions is expected here"))
        parts = tuple(
            self.condition(part, f"{inner}[{index}]", depth + 1)
            for index, part in enumerate(content)
        )
        return AllOf(parts) if word == "all" else AnyOf(parts)

    def comparison(self, data: dict[str, Any], path: str) -> Comparison:
        if unknown := sorted(set(data) - {"fact", "op", "value"}):
            raise RuleError(path, _("“{key}” means nothing here").format(key=unknown[0]))
        fact = self.vocabulary.fact(data["fact"], _at(path, "fact"))
        if self.principal_only and not fact.is_principal:
            raise RuleError(
                _at(path, "fact"), _("only facts about the person who acts are possible here")
            )
        operator = self.operator(fact, data.get("op"), _at(path, "op"))
        wanted = expected_type(fact.type, operator)
        if wanted is None:
            if "value" in data:
                raise RuleError(_at(path, "value"), _("this comparison takes no value"))
            return Comparison(fact.code, operator)
        if "value" not in data:
            raise RuleError(path, _("a value is missing"))
        return Comparison(
            fact.code, operator, self.expected(fact, operator, wanted, data["value"], path)
        )

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

    def expected(
        self, fact: Fact, operator: Operator, wanted: FactType, raw: Any, path: str
    ) -> Value | Ref:
        path = _at(path, "value")
        if isinstance(raw, dict):
            return self.reference(wanted, raw, path)
        value = parse_literal(wanted, raw, path)
        if operator is Operator.OLDER_THAN_MONTHS and not 0 <= int(value) <= 1200:  # type: ignore[arg-type]
            raise RuleError(path, _("a number of months between 0 and 1,200 is expected here"))
        if fact.choices is not None:
            for code in value if isinstance(value, frozenset) else {value}:
                if code not in fact.choices:
                    raise RuleError(
                        path,
                        _("“{code}” is not a code of “{fact}”").format(code=code, fact=fact.label),
                    )
        return value

    def reference(self, wanted: FactType, raw: dict[str, Any], path: str) -> Ref:
        if set(raw) != {"ref"}:
            raise RuleError(path, _("a reference has one key, “ref”"))
        target = self.vocabulary.fact(raw["ref"], _at(path, "ref"))
        if not target.is_principal:
            raise RuleError(
                _at(path, "ref"), _("a reference points to a fact about the person who acts")
            )
        if not (target.type is wanted or {target.type, wanted} <= DECIMAL_TYPES):
            raise RuleError(
                _at(path, "ref"),
                _("“{fact}” does not have the type that this comparison needs").format(
                    fact=target.label
                ),
            )
        return Ref(target.code)


def _at(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
