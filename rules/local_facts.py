"""Answers to local questions as facts: what a vocabulary adds when questions modules are in force.

Those of a question that is no longer asked can still be read, and are unknown for every row: a rule
in force that speaks of one keeps its meaning, and neither gains nor loses anything by it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .facts import Fact
from .types import FactType

if TYPE_CHECKING:
    from .kinds.questions import Question

QUESTION = "question."
Declare = Callable[["Question", FactType], Fact]


@dataclass(frozen=True)
class LocalFacts:
    """The local questions a vocabulary knows, by module, and how it declares their answers.

    `while_filling` are the declared facts known before a demand is sent: a question may depend on
    these alone. `declare` gives the fact that an answer becomes.
    """

    declare: Declare | None = None
    while_filling: frozenset[str] = frozenset()
    asked: Mapping[str, tuple["Question", ...]] = field(default_factory=dict)
    retired: Mapping[str, tuple["Question", ...]] = field(default_factory=dict)

    def with_questions(
        self,
        asked: Mapping[str, Iterable["Question"]],
        retired: Mapping[str, Iterable["Question"]],
    ) -> "LocalFacts":
        """The same with the questions of these modules, which replace what was known of them."""
        return replace(
            self,
            asked={**self.asked, **{code: tuple(each) for code, each in asked.items()}},
            retired={**self.retired, **{code: tuple(each) for code, each in retired.items()}},
        )

    def facts(self) -> dict[str, Fact]:
        """The fact of each question by code; where two modules ask the same, the first's."""
        found: dict[str, Fact] = {}
        for every, is_retired in ((self.asked, False), (self.retired, True)):
            for question in (each for questions in every.values() for each in questions):
                fact_type = question.type.fact_type
                if self.declare and fact_type and question.fact_code not in found:
                    fact = self.declare(question, fact_type)
                    found[fact.code] = replace(fact, is_forgotten=is_retired)
        return found
