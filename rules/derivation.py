"""Facts that follow from others: their rules are read once, when the vocabulary is built."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from .conditions import Condition, facts_used
from .errors import RuleError
from .number_parsing import parse_number
from .numbers import Number, number_facts
from .parsing import parse_condition

if TYPE_CHECKING:
    from .facts import Fact
    from .vocabulary import Vocabulary

DEEPEST = 5


@dataclass(frozen=True)
class Derived:
    """The rule of a derived fact, and the facts it speaks of."""

    rule: Condition | Number
    facts: frozenset[str]


def derive(vocabulary: "Vocabulary") -> Mapping[str, Derived]:
    """The rule of every derived fact; RuleError for a mistake in one, or one that needs itself."""
    found = {fact.code: _read(fact, vocabulary) for fact in vocabulary if fact.is_derived}
    depths: dict[str, int] = {}
    for code in found:
        _measure(code, found, depths, ())
    return found


def _read(fact: "Fact", vocabulary: "Vocabulary") -> Derived:
    if fact.formula is not None:
        number = parse_number(fact.formula, vocabulary, path=fact.code, wanted=fact.type)
        return Derived(number, number_facts(number))
    condition = parse_condition(fact.condition, vocabulary, path=fact.code)
    return Derived(condition, facts_used(condition))


def _measure(
    code: str, found: Mapping[str, Derived], depths: dict[str, int], above: tuple[str, ...]
) -> int:
    if code in above:
        raise RuleError(code, _("this fact would follow from itself"))
    if code not in found:
        return 0
    if code not in depths:
        below = [_measure(used, found, depths, (*above, code)) for used in found[code].facts]
        depths[code] = 1 + max(below, default=0)
    if depths[code] > DEEPEST:
        raise RuleError(code, _("this fact is derived from derived facts more than 5 times over"))
    return depths[code]
