"""`docs/rights.md`: who may do what, from the rights modules on disk and their own sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.utils.translation import override

from register.models import OrganisationKind, Role
from register.principals import PrincipalKind
from rules import registry
from rules.conditions import Condition
from rules.disk import MODULES, Package, read_packages, with_questions_of
from rules.kinds.fields import FieldRule, Fields
from rules.kinds.rights import Action, Grant, Guard, Rights
from rules.publication.words import FIELD_SETS, actions_text, fields_text
from rules.sentences import sentence
from rules.sql import compile_condition
from rules.types import FactType, Truth
from rules.vocabulary import Vocabulary

from .markdown import page, table

INTRODUCTION = """\
Rights are data: the modules under `rules/modules/`, installed by `manage.py rules install`, read by
`register/access.py` for lists, for one file and for each group of data. Nothing else gives a right.

- A **grant** opens: one that is true is enough. A **guard** closes: one that is not certainly false
  is enough. What is unknown never opens a file.
- An organisation's territories come from its agreements in force today; when the agreement ends,
  so do its rights.
- Not allowed answers exactly like not existing."""

MATRIX_NOTE = """\
The numbers say on which demands, and refer to the list under the table. An empty cell is a refusal
for every demand. Guards that depend on the demand (a sealed file, an erased one) come on top."""

LEVELS_NOTE = """\
Of a file that the grants open, a person reads each group of data at the widest level of the rules
that are true of both. `masked`: the person may know that there is something, not what. An empty
cell discloses nothing."""

# Any territory will do: the table asks whether a right can exist, not where.
SOMEWHERE = frozenset({"0"})
ANY_DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Person:
    """A kind of person in the table, and what rights modules know about such a person."""

    who: str
    role: str
    facts: Mapping[str, Any]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The facts that modules on disk may speak of: nothing is installed where docs are written."""
    facts = registry.declared()
    return with_questions_of(read_packages(MODULES, facts), facts)


def write() -> str:
    """The page, in English."""
    modules = on_disk()
    with override("en"):
        matrix = Matrix.of(modules).written()
        return page(
            "Who may do what",
            INTRODUCTION,
            f"## Which actions, by kind of person\n\n{MATRIX_NOTE}\n\n{matrix}",
            f"## Which data, by rule\n\n{LEVELS_NOTE}\n\n{_levels()}",
            *(section for package, body in modules for section in _module(package, body)),
            *(section for package, body in _disclosing() for section in _fields(package, body)),
        )


def _module(package: Package, body: Rights) -> Iterator[str]:
    yield _card(package)
    for grant in body.grants:
        yield _grant(grant)
    for guard in body.guards:
        yield _guard(guard)


def _fields(package: Package, body: Fields) -> Iterator[str]:
    yield _card(package)
    facts = vocabulary()
    for rule in body.rules:
        lines = [
            ("Who", sentence(rule.principal, facts)),
            ("Which demands", sentence(rule.row, facts)),
            ("Which data", fields_text(rule.levels)),
        ]
        yield _rule("Data", rule, lines)


def _card(package: Package) -> str:
    manifest = package.manifest
    card = (
        f"Module `{manifest.code}`, version {manifest.version}, territory"
        f" {manifest.territory or 'everywhere'}, by {manifest.author}; {manifest.legal_basis}."
    )
    return f"## {manifest.title}\n\n{card}\n\n{manifest.summary}"


def _grant(grant: Grant) -> str:
    facts = vocabulary()
    lines = [
        ("Who", sentence(grant.principal, facts)),
        ("Which demands", sentence(grant.row, facts)),
        ("What is allowed", actions_text(grant.actions)),
    ]
    return _rule("Grant", grant, lines)


def _guard(guard: Guard) -> str:
    lines = [
        ("What is refused", actions_text(guard.actions)),
        ("When", sentence(guard.deny_when, vocabulary())),
    ]
    return _rule("Guard", guard, lines)


def _rule(kind: str, rule: Grant | Guard | FieldRule, lines: list[tuple[str, str]]) -> str:
    rows = [*lines, ("Legal basis", rule.legal_basis)]
    return f"### {kind}: {rule.title}\n\n`{rule.code}`\n\n" + table(("", ""), rows)


def on_disk() -> list[tuple[Package, Rights]]:
    """The rights modules of the repository."""
    packages = read_packages(MODULES, vocabulary())
    return [(package, package.body) for package in packages if isinstance(package.body, Rights)]


def _disclosing() -> list[tuple[Package, Fields]]:
    packages = read_packages(MODULES, vocabulary())
    return [(package, package.body) for package in packages if isinstance(package.body, Fields)]


@dataclass(frozen=True)
class Matrix:
    """What each kind of person may do somewhere, and where."""

    grants: tuple[Grant, ...]
    guards: tuple[Guard, ...]
    places: tuple[str, ...]

    @classmethod
    def of(cls, modules: list[tuple[Package, Rights]]) -> "Matrix":
        """The table of these modules."""
        grants = tuple(grant for _package, body in modules for grant in body.grants)
        guards = tuple(guard for _package, body in modules for guard in body.guards)
        return cls(grants, guards, tuple(dict.fromkeys(_place(grant) for grant in grants)))

    def cell(self, person: Person, action: Action) -> str:
        """The numbers of the places where the action can be done; empty where a guard forbids."""
        if any(
            _constant(guard.deny_when, person) is Truth.TRUE
            for guard in self.guards
            if guard.applies_to(action)
        ):
            return ""
        numbers = {
            self.places.index(_place(grant)) + 1
            for grant in self.grants
            if action in grant.actions and _constant(grant.principal, person) is Truth.TRUE
        }
        return ", ".join(str(number) for number in sorted(numbers))

    def written(self) -> str:
        """The table, and under it the list its numbers refer to."""
        rows = [(person, tuple(self.cell(person, a) for a in Action)) for person in people()]
        headings = ("Who", "Role", *(f"`{action}`" for action in Action))
        legend = "\n".join(f"{n}. {place}" for n, place in enumerate(self.places, start=1))
        return f"{table(headings, _merged(rows))}\n\n{legend}"


def _place(grant: Grant) -> str:
    return sentence(grant.row, vocabulary())


def _levels() -> str:
    """How much of each group of data each rule discloses."""
    return table(
        ("Rule", *(str(name) for name in FIELD_SETS.values())),
        (
            (f"`{rule.code}`", *(rule.levels.get(name, "") for name in FIELD_SETS))
            for _package, body in _disclosing()
            for rule in body.rules
        ),
    )


def _constant(condition: Condition, person: Person) -> Truth | None:
    return compile_condition(condition, vocabulary(), person.facts, ANY_DAY).constant


def _merged(rows: list[tuple[Person, tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    """One line for the roles that have the same rights in the same kind of organisation."""
    for (who, cells), same in groupby(rows, key=lambda row: (row[0].who, row[1])):
        roles = ", ".join(person.role for person, _cells in same)
        yield (who, roles, *cells)


def people() -> Iterator[Person]:
    """Every line of the table before lines that say the same are merged."""
    for kind in OrganisationKind:
        for is_counter in (True, False):
            who = f"{kind.label}, {'a counter' if is_counter else 'not a counter'}"
            for role in Role:
                yield Person(who, str(role.label), _member(kind, is_counter, role))
    yield Person("Applicant or helper", "", _facts(PrincipalKind.APPLICANT))
    yield Person("The register itself", "", _facts(PrincipalKind.SYSTEM))
    yield Person("Anybody else", "", _facts(PrincipalKind.ANONYMOUS))


def _member(kind: OrganisationKind, is_counter: bool, role: Role) -> dict[str, Any]:
    return _facts(PrincipalKind.MEMBERSHIP) | {
        "membership.role": role.value,
        "organisation.kind": kind.value,
        "organisation.is_counter": is_counter,
    }


def _facts(kind: PrincipalKind) -> dict[str, Any]:
    sets = (fact.code for fact in vocabulary() if fact.is_principal)
    codes = {code for code in sets if vocabulary().fact(code).type is FactType.CODE_SET}
    return {**dict.fromkeys(codes, SOMEWHERE), "principal.kind": str(kind)}
