"""One fact: what it is called, where the law speaks of it, how each reading obtains it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

from .types import FactType

Text = str | Promise

PRINCIPAL_PREFIXES = frozenset({"principal", "organisation", "membership", "parameter", "event"})
PRINCIPAL = "principal"
ROW = "demand"


@dataclass(frozen=True)
class Elsewhere:
    """A column of another table, in the one line that says the fact of a row.

    `holds` turns a test of that column into a test of the row; `value` is its expression there.
    """

    holds: Callable[[Q], Q]
    value: Callable[[], Any]


@dataclass(frozen=True, eq=False)
class Fact:
    """A fact that rules may speak of.

    `label` is a definite noun phrase ("the number of people to house"), or for a yes/no fact a
    clause ("the file is sealed"). Where its value is:

    - `column`: the query path of a scalar. A duration may be counted `from_date`: its column and
      its getter then give the day from which months run;
    - `relation` and `key`: the keyed relation, and the key in it, where a set is looked up;
    - `column` and `bits`: a set kept in a whole number, one bit per code (`bits` gives its place);
    - `column` and `elsewhere`: a scalar kept in a line of another table;
    - `formula` or `condition`: a rule, as JSON, from which a number or a yes/no fact follows;
    - `getter`: how the same is read from one object.

    `retired` gives the day on which a code of `choices` ceased to be used: what is stored still
    reads, a newer rule may not name it. `phrases` gives the wording of a comparison where the
    general wording would be clumsy: keys are a phrase name of `rules.wording` ("overlaps"), or one
    with what is expected ("overlaps:organisation.codes"); `{value}` stands for what is expected.
    `theme` is the heading under which the editor finds the fact, and `listed` says in which list
    too long or too changing for `choices` its codes are found: a level of the territory tree
    ("quarter", "commune", "epci", "dep"), or a name of `Lists.registered`. One that `is_forgotten`
    is unknown for every row, in both readings, whatever is stored. One that `is_identifying`
    singles out a row or a person: it is compared with whoever acts, never with a written value.
    """

    code: str
    type: FactType
    label: Text
    source: str
    unit: Text = ""
    sensitivity: str = "ordinary"
    choices: Mapping[str, Text] | None = None
    retired: Mapping[str, date] = field(default_factory=dict)
    column: str | None = None
    getter: Callable[[Any], Any] | None = None
    relation: str | None = None
    key: Callable[[str], str] | None = None
    bits: Mapping[str, int] | None = None
    from_date: bool = False
    elsewhere: Elsewhere | None = None
    is_forgotten: bool = False
    formula: Mapping[str, Any] | None = None
    condition: Mapping[str, Any] | None = None
    phrases: Mapping[str, Text] = field(default_factory=dict)
    theme: Text = ""
    listed: str = ""
    is_identifying: bool = False

    @cached_property
    def namespace(self) -> str:
        """Whether the fact is about the person who acts or about the row acted upon."""
        return PRINCIPAL if self.code.partition(".")[0] in PRINCIPAL_PREFIXES else ROW

    @cached_property
    def is_principal(self) -> bool:
        """True for what is bound before any row is looked at: the person, the parameters."""
        return self.namespace == PRINCIPAL

    @cached_property
    def is_derived(self) -> bool:
        """True when the fact follows from others by a rule of its own."""
        return self.formula is not None or self.condition is not None

    def keys(self, codes: Iterable[str]) -> frozenset[str]:
        """The keys under which these codes are found in the fact's relation."""
        return frozenset(self.key(code) if self.key else code for code in codes)

    def mask(self, codes: Iterable[str]) -> int:
        """The whole number with the bits of these codes; a code without a bit is in no row."""
        places = self.bits or {}
        return sum(1 << places[code] for code in set(codes) if code in places)

    def codes(self, mask: int) -> frozenset[str]:
        """The codes of which the bits are set: the contrary of `mask`."""
        return frozenset(code for code, place in (self.bits or {}).items() if mask >> place & 1)
