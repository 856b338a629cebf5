"""The facts that rules may speak of. The register declares them; this package knows none."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .derivation import Derived, derive
from .errors import RuleError
from .facts import PRINCIPAL, PRINCIPAL_PREFIXES, ROW, Fact, Text
from .lists import Lists
from .local_facts import QUESTION, LocalFacts
from .parameters import PREFIX, Declaration, DeclaredParameters, Parameters, fact_code
from .territories import NoTerritories, Territories
from .types import NUMBER_TYPES, SET_TYPES, FactType

if TYPE_CHECKING:
    from .kinds.questions import Question

__all__ = ["PRINCIPAL", "PRINCIPAL_PREFIXES", "ROW", "Fact", "Text", "Vocabulary"]

LAST_BIT = 62


class Vocabulary:
    """Every fact that rules may use, and the keyed relations in which sets are looked up.

    `relations` maps a relation's name to a function from a set of keys to one lookup (a `Q`,
    usually an `Exists`). `territories` is the territory tree; `parameters` the declared parameters,
    bound like facts of the person who acts. `day` is the day on which rules are written: codes
    retired by then are refused. `lists` are the closed lists of texts and of automatic rules.
    `local` are the answers to local questions.
    Raises RuleError on a declaration that a reading could not follow.
    """

    def __init__(
        self,
        facts: Iterable[Fact],
        relations: Mapping[str, Callable[[frozenset[str]], Q]] | None = None,
        territories: Territories | None = None,
        parameters: Parameters | None = None,
        day: date | None = None,
        lists: Lists | None = None,
        local: LocalFacts | None = None,
    ) -> None:
        self.local = local or LocalFacts()
        self.lists = lists or Lists()
        self.relations = dict(relations or {})
        self.territories = territories or NoTerritories()
        self.parameters = parameters or DeclaredParameters()
        self.day = day
        self._facts: dict[str, Fact] = {}
        for fact in facts:
            if fact.code in self._facts:
                raise RuleError(fact.code, _("this fact is declared twice"))
            self._check(fact)
            self._facts[fact.code] = fact
        self._derived = derive(self)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def __contains__(self, code: object) -> bool:
        return code in self._facts

    def fact(self, code: Any, path: str = "") -> Fact:
        """The fact or parameter of this code; RuleError when the vocabulary does not have it."""
        if isinstance(code, str) and code in self._facts:
            return self._facts[code]
        kind, _dot, rest = str(code).partition(".")
        if kind != PREFIX:
            raise RuleError(path, _("the fact “{code}” does not exist").format(code=code))
        if (declared := self.parameters.declaration(rest)) is None:
            raise RuleError(path, _("the parameter “{code}” does not exist").format(code=rest))
        return _parameter(declared)

    def derived(self, fact: Fact) -> Derived:
        """The rule from which a derived fact follows."""
        return self._derived[fact.code]

    def with_questions(
        self,
        asked: Mapping[str, Iterable["Question"]],
        retired: Mapping[str, Iterable["Question"]] | None = None,
    ) -> "Vocabulary":
        """This vocabulary with the answers to the questions of these modules as facts."""
        known = copy.copy(self)
        known.local = self.local.with_questions(asked, retired or {})
        declared = {c: fact for c, fact in self._facts.items() if not c.startswith(QUESTION)}
        known._facts = {**declared, **known.local.facts()}
        return known

    def is_retired(self, code: str) -> bool:
        """True for the fact of a question that nobody is asked any more."""
        return code in self._facts and self._facts[code].is_forgotten

    def lookup(self, relation: str, keys: frozenset[str]) -> Q:
        """The one query that says whether a row is found under any of these keys."""
        return self.relations[relation](keys)

    def dated(self, day: date) -> "Vocabulary":
        """The same facts for rules written on a day."""
        known = copy.copy(self)
        known.day = day
        return known

    def rooted(self, prefix: str) -> "Vocabulary":
        """The same facts for queries on the row to which `prefix` leads ("facts__").

        Facts that this row does not hold are left out, with what follows from them: a rule that
        needs one cannot be read there.
        """
        moved = {fact.code: there for fact in self if (there := _moved(fact, prefix))}
        while lost := [
            code
            for code, fact in moved.items()
            if fact.is_derived
            and not all(
                used in moved or self.fact(used).is_principal for used in self._derived[code].facts
            )
        ]:
            for code in lost:
                del moved[code]
        return Vocabulary(
            moved.values(),
            self.relations,
            self.territories,
            self.parameters,
            self.day,
            self.lists,
            self.local,
        )

    def _check(self, fact: Fact) -> None:
        if fact.is_principal:
            if fact.is_derived:
                raise RuleError(fact.code, _("what is known of the person is bound, not derived"))
            return
        if fact.is_derived:
            _check_derived(fact)
        elif fact.getter is None:
            raise RuleError(fact.code, _("this fact cannot be read from an object"))
        elif fact.bits is not None:
            _check_bits(fact)
        elif fact.type in SET_TYPES:
            if fact.relation not in self.relations:
                raise RuleError(fact.code, _("this set of codes has no keyed relation"))
        elif fact.column is None:
            raise RuleError(fact.code, _("this fact has no column"))


def _check_bits(fact: Fact) -> None:
    places = list((fact.bits or {}).values())
    if fact.column is None or fact.type not in SET_TYPES:
        raise RuleError(fact.code, _("only a set of codes with a column is kept in bits"))
    if len(set(places)) < len(places) or not all(0 <= place <= LAST_BIT for place in places):
        raise RuleError(fact.code, _("each code has its own bit, from 0 to 62"))


def _check_derived(fact: Fact) -> None:
    yes_no = fact.type is FactType.BOOLEAN
    wanted = fact.type in NUMBER_TYPES if fact.formula is not None else yes_no
    both = fact.formula is not None and fact.condition is not None
    if both or not wanted or fact.from_date:
        raise RuleError(
            fact.code, _("a formula gives a number and a condition a yes or no, never both")
        )


def _parameter(item: Declaration) -> Fact:
    return Fact(
        code=fact_code(item.code),
        type=item.type,
        label=item.label,
        source=item.source,
        unit=item.unit_label,
    )


def _moved(fact: Fact, prefix: str) -> Fact | None:
    if fact.column is None or fact.elsewhere is not None:
        return fact
    if not fact.column.startswith(prefix):
        return None
    return replace(fact, column=fact.column.removeprefix(prefix))
