"""The facts that rules may speak of. The register declares them; this package knows none."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .errors import RuleError
from .lists import Lists
from .types import FactType

Text = str | Promise

PRINCIPAL_PREFIXES = frozenset({"principal", "organisation", "membership"})
PRINCIPAL = "principal"
ROW = "demand"


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
    phrases: Mapping[str, Text] = field(default_factory=dict)
    theme: Text = ""

    @property
    def namespace(self) -> str:
        """Whether the fact is about the person who acts or about the row acted upon."""
        return PRINCIPAL if self.code.partition(".")[0] in PRINCIPAL_PREFIXES else ROW

    @property
    def is_principal(self) -> bool:
        return self.namespace == PRINCIPAL

    def keys(self, codes: Iterable[str]) -> frozenset[str]:
        """The keys under which these codes are found in the fact's relation."""
        return frozenset(self.key(code) if self.key else code for code in codes)


class Vocabulary:
    """Every fact that rules may use, and the keyed relations in which sets are looked up.

    `relations` maps a relation's name to a function from a set of keys to one lookup (a `Q`,
    usually an `Exists`). Raises RuleError on a declaration that a reading could not follow.
    """

    def __init__(
        self,
        facts: Iterable[Fact],
        relations: Mapping[str, Callable[[frozenset[str]], Q]] | None = None,
        lists: Lists | None = None,
    ) -> None:
        self.lists = lists or Lists()
        self.relations = dict(relations or {})
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
