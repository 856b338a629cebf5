"""The facts that rules may speak of. The register declares them; this package knows none."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .errors import RuleError
from .types import FactType

if TYPE_CHECKING:
    from .kinds.questions import Question

Text = str | Promise

PRINCIPAL_PREFIXES = frozenset({"principal", "organisation", "membership"})
PRINCIPAL = "principal"
ROW = "demand"
QUESTION = "question."


@dataclass(frozen=True, eq=False)
class Fact:
    """One fact: what it is called, where the law speaks of it, how each reading obtains it.

    `label` is a definite noun phrase ("the number of people to house"), or for a yes/no fact a
    clause ("the file is sealed"). `column` is the query path of a scalar row fact; `relation` and
    `key` say in which keyed relation, and under which key, a set of codes is looked up. `getter`
    reads the fact from one object. `phrases` gives the wording of a
    comparison where the general wording would be clumsy: keys are a phrase name of
    `rules.wording` ("overlaps"), or one with what is expected ("overlaps:organisation.codes");
    `{value}` stands for what is expected. `theme` is the heading under which the editor finds it.
    `within` says that `column` is one of another table: it turns a test of that column into a test
    of the row ("it has such an answer").
    """

    code: str
    type: FactType
    label: Text
    source: str
    unit: Text = ""
    sensitivity: str = "ordinary"
    choices: Mapping[str, Text] | None = None
    column: str | None = None
    getter: Callable[[Any], Any] | None = None
    relation: str | None = None
    key: Callable[[str], str] | None = None
    within: Callable[[Q], Q] | None = None
    phrases: Mapping[str, Text] = field(default_factory=dict)
    theme: Text = ""

    @property
    def namespace(self) -> str:
        """Whether the fact is about the person who acts or about the row acted upon."""
        return PRINCIPAL if self.code.partition(".")[0] in PRINCIPAL_PREFIXES else ROW

    @property
    def is_principal(self) -> bool:
        return self.namespace == PRINCIPAL

    @property
    def is_forgotten(self) -> bool:
        """True for a fact that no row has any more: unknown whatever is stored."""
        return self.getter is _nothing

    def keys(self, codes: Iterable[str]) -> frozenset[str]:
        """The keys under which these codes are found in the fact's relation."""
        return frozenset(self.key(code) if self.key else code for code in codes)


def forgotten(fact: Fact) -> Fact:
    """The same fact, unknown for every row in both readings: nothing is gained or lost by it."""
    return replace(fact, getter=_nothing)


def _nothing(_row: Any) -> None:
    return None


class Vocabulary:
    """Every fact that rules may use, and the keyed relations in which sets are looked up.

    `relations` maps a relation's name to a function from a set of keys to one lookup (a `Q`,
    usually an `Exists`). `while_filling` are the facts known before a demand is sent, on which
    local questions may depend; `answers` declares the fact that a local question's answer becomes.
    Raises RuleError on a declaration that a reading could not follow.
    """

    def __init__(
        self,
        facts: Iterable[Fact],
        relations: Mapping[str, Callable[[frozenset[str]], Q]] | None = None,
        *,
        while_filling: Iterable[str] = (),
        answers: Callable[["Question", FactType], Fact] | None = None,
    ) -> None:
        self.relations = dict(relations or {})
        self.while_filling = frozenset(while_filling)
        self.questions: Mapping[str, tuple[Question, ...]] = {}
        self.retired: Mapping[str, tuple[Question, ...]] = {}
        self._answers = answers
        self._facts: dict[str, Fact] = {}
        for fact in facts:
            if fact.code in self._facts:
                raise RuleError(fact.code, _("this fact is declared twice"))
            self._check(fact)
            self._facts[fact.code] = fact

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def __contains__(self, code: object) -> bool:
        return code in self._facts

    def fact(self, code: Any, path: str = "") -> Fact:
        """The fact of this code; RuleError when the vocabulary does not have it."""
        if not isinstance(code, str) or code not in self._facts:
            raise RuleError(path, _("the fact “{code}” does not exist").format(code=code))
        return self._facts[code]

    def with_questions(
        self,
        questions: Mapping[str, Iterable["Question"]],
        retired: Mapping[str, Iterable["Question"]] | None = None,
    ) -> "Vocabulary":
        """This vocabulary with the answers to the questions of these modules as facts.

        Modules already known are replaced. Facts of retired questions can still be read, so that a
        rule in force that speaks of one keeps its meaning; they are unknown for every row.
        """
        known = copy.copy(self)
        known.questions = {**self.questions, **{m: tuple(q) for m, q in questions.items()}}
        known.retired = {**self.retired, **{m: tuple(q) for m, q in (retired or {}).items()}}
        known._facts = {c: f for c, f in self._facts.items() if not c.startswith(QUESTION)}
        for every, is_retired in ((known.questions, False), (known.retired, True)):
            for question in (each for asked in every.values() for each in asked):
                known._add_answer(question, is_retired)
        return known

    def _add_answer(self, question: "Question", is_retired: bool) -> None:
        fact_type = question.type.fact_type
        if fact_type is None or self._answers is None or question.fact_code in self._facts:
            return
        fact = self._answers(question, fact_type)
        self._facts[fact.code] = forgotten(fact) if is_retired else fact

    def is_retired(self, code: str) -> bool:
        """True for the fact of a question that nobody is asked any more."""
        return code in self._facts and self._facts[code].is_forgotten

    def lookup(self, relation: str, keys: frozenset[str]) -> Q:
        """The one query that says whether a row is found under any of these keys."""
        return self.relations[relation](keys)

    def _check(self, fact: Fact) -> None:
        if fact.is_principal:
            return
        if fact.getter is None:
            raise RuleError(fact.code, _("this fact cannot be read from an object"))
        if fact.type is FactType.CODE_SET:
            if fact.relation not in self.relations:
                raise RuleError(fact.code, _("this set of codes has no keyed relation"))
        elif fact.column is None:
            raise RuleError(fact.code, _("this fact has no column"))
