"""Reading automation modules: what a rule answers on one demand, and what holds it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from .explanation import Trace, explain_condition
from .kinds.automation import AutomaticRule, OnUnknown
from .reading import Bindings
from .types import Truth
from .vocabulary import Vocabulary

DEEPEST = 3


class Answer(StrEnum):
    """What a rule does on one demand once it is started."""

    ACT = "act"
    COMPLETE = "complete"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class Held(StrEnum):
    """Why a rule that would have acted is held back."""

    LOOP = "loop"
    DEPTH = "depth"


@dataclass(frozen=True)
class Weighed:
    """The answer of a rule, with the trace of its condition."""

    answer: Answer
    trace: Trace

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes of the facts that nobody knows yet."""
        leaves = self.trace.comparisons()
        unknown = (leaf for leaf in leaves if leaf.truth is Truth.UNKNOWN and leaf.fact)
        return tuple(dict.fromkeys(leaf.fact.code for leaf in unknown if leaf.fact))


def weigh(
    rule: AutomaticRule, vocabulary: Vocabulary, bindings: Bindings, subject: Any, today: date
) -> Weighed:
    """Whether the rule acts; what is not known never lets it act."""
    trace = explain_condition(rule.condition, vocabulary, bindings, subject, today)
    if trace.truth is Truth.TRUE:
        return Weighed(Answer.ACT, trace)
    if trace.truth is Truth.FALSE:
        return Weighed(Answer.NOTHING, trace)
    asks = rule.on_unknown is OnUnknown.TASK
    return Weighed(Answer.COMPLETE if asks else Answer.UNKNOWN, trace)


def held_back(rule: str, chain: Sequence[str]) -> Held | None:
    """The loop guard. `chain` is the rules that led to the present step, the first cause first.

    No rule comes twice in a chain, and no chain has more than three rules.
    """
    if rule in chain:
        return Held.LOOP
    return Held.DEPTH if len(chain) >= DEEPEST else None
