"""What every simulation shares: the two sets of rules, the progress, the tables it fills."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from register.access import vocabulary
from register.parameters import parameter_bindings
from rules import registry
from rules.kinds import parse_body
from rules.models import RuleModuleVersion
from rules.vocabulary import Vocabulary

# What a simulation yields between two counts: how many of how many steps are done.
Steps = Iterator[tuple[int, int]]
READING = ("SELECT", "WITH", "EXPLAIN", "DECLARE", "FETCH", "CLOSE", "SAVEPOINT", "RELEASE")


class WouldWrite(Exception):
    """A simulation tried to change something: a fault of ours, never of the person who asked."""


@dataclass(frozen=True)
class Placed:
    """The parsed body of a module, and where it holds ("": everywhere)."""

    territory: str
    body: Any


@dataclass(frozen=True)
class Bodies:
    """The modules of one kind as they are in force, and as they would be with the new version."""

    before: tuple[Placed, ...]
    after: tuple[Placed, ...]
    # Those of the simulated module: None before, when it is new.
    own_before: Any | None
    own_after: Any
    # The figures in force where the module holds.
    figures: Mapping[str, Any]
    vocabulary: Vocabulary
    today: date


@dataclass(frozen=True)
class Line:
    """Files before and after, those gained and those lost, for one value of a dimension."""

    key: str
    before: int
    after: int
    gained: int
    lost: int


@dataclass(frozen=True)
class Table:
    """One table of a simulation: what is counted, by which dimension, line by line.

    `subject` is a code of the simulated module (a label, a delay) or of whoever is concerned.
    """

    measure: str
    dimension: str
    lines: tuple[Line, ...]
    subject: str = ""


@dataclass
class Outcome:
    """What a simulation has found so far."""

    stock: int = 0
    # How many figures one file can be in, by what is asked and never by what is found.
    questions: int = 0
    tables: list[Table] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Codes and numbers only: words are put on them when they are shown."""
        return {
            "stock": self.stock,
            "questions": self.questions,
            "tables": [
                {
                    "measure": table.measure,
                    "dimension": table.dimension,
                    "subject": table.subject,
                    "lines": [
                        [line.key, line.before, line.after, line.gained, line.lost]
                        for line in table.lines
                    ],
                }
                for table in self.tables
            ],
        }


def bodies_for(version: RuleModuleVersion, today: date) -> Bodies:
    """The rules in force, and the rules with this version.

    Raises RuleError when the version cannot be read.
    """
    module, facts = version.module, vocabulary()
    in_force = [each for each in registry.all_in_force() if each.kind == module.kind]
    own = next((each for each in in_force if each.code == module.code), None)
    body = parse_body(module.kind, version.body, facts)
    kept = [Placed(each.territory, each.body) for each in in_force if each is not own]
    return Bodies(
        before=tuple(Placed(each.territory, each.body) for each in in_force),
        after=(*kept, Placed(module.territory, body)),
        own_before=own.body if own else None,
        own_after=body,
        figures=parameter_bindings(module.territory, today),
        vocabulary=facts,
        today=today,
    )


@contextmanager
def reading_only() -> Iterator[None]:
    """Within this block any statement that would change the database is refused, on any engine."""
    with connection.execute_wrapper(_refuse_writing):
        yield


def _refuse_writing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if not sql.lstrip(" (\n").upper().startswith(READING):
        raise WouldWrite(sql.split(maxsplit=1)[0])
    return execute(sql, params, many, context)
