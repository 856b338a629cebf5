"""Local questions of the modules in force: which are asked of whom, and what an answer says."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from register import clock
from register.parameters import parameter_bindings
from register.services.application import DemandApplication
from register.vocabulary.filling import facts_while_filling
from rules import questions as rules
from rules import registry
from rules.installed import Installed
from rules.kinds.questions import Question, Questions

__all__ = [
    "Asker",
    "LocalQuestion",
    "asks_in",
    "definition",
    "ever_asked",
    "in_force",
    "known",
    "of_version",
]


@dataclass(frozen=True)
class LocalQuestion:
    """A question, the version that asks it, and the department it is for ("": everywhere).

    `module` and `number` name that version to whoever reads the published schema.
    """

    question: Question
    version_id: int
    territory: str
    module: str = ""
    number: int = 0

    @property
    def code(self) -> str:
        return self.question.code


def in_force() -> list[LocalQuestion]:
    """The questions asked today, module by module, each code once."""
    found: dict[str, LocalQuestion] = {}
    for module in registry.in_force("questions"):
        for local in _of(module):
            found.setdefault(local.code, local)
    return list(found.values())


def ever_asked() -> list[LocalQuestion]:
    """Those in force, then those that were, as their latest version put them: answers are kept."""
    found = {local.code: local for local in in_force()}
    for version in registry.ever("questions"):
        for local in _of(version):
            found.setdefault(local.code, local)
    return list(found.values())


def of_version(version_id: int) -> list[LocalQuestion]:
    """The questions of a version that is or was in force; none for any other."""
    installed = registry.governed(version_id)
    return list(_of(installed)) if installed else []


def _of(installed: Installed[Any]) -> Iterator[LocalQuestion]:
    if isinstance(installed.body, Questions):
        for question in installed.body.questions:
            yield LocalQuestion(
                question,
                installed.version_id,
                installed.territory,
                installed.code,
                installed.number,
            )


def asks_in(local: LocalQuestion, department: str) -> bool:
    """True when the question is for this department, or when none is chosen yet."""
    return not local.territory or not department or local.territory == department


def known() -> dict[str, Question]:
    """Every question ever asked, by code, as its latest version puts it."""
    local = registry.vocabulary().local
    found: dict[str, Question] = {}
    for every in (local.asked, local.retired):
        for questions in every.values():
            for question in questions:
                found.setdefault(question.code, question)
    return found


def definition(code: str, version_id: int) -> Question | None:
    """The question as the person read it, else as it is put today."""
    asked = {local.code: local.question for local in of_version(version_id)}
    return asked.get(code) or known().get(code)


class Asker:
    """Decides which questions are put to somebody, from what she has declared so far.

    `declared` is read for the questions that have a condition, and for them alone.
    """

    def __init__(self, department: str, declared: Callable[[], DemandApplication]) -> None:
        self.department = department
        self.declared = declared

    @cached_property
    def _facts(self) -> object:
        return facts_while_filling(self.declared())

    def asked(self, candidates: Iterable[LocalQuestion]) -> list[LocalQuestion]:
        """Those of `candidates` for her department whose condition is certainly true."""
        here = [each for each in candidates if asks_in(each, self.department)]
        if all(each.question.when is None for each in here):
            return here
        put = rules.asked(
            [each.question for each in here],
            registry.vocabulary(),
            parameter_bindings(self.department, clock.today()),
            self._facts,
            clock.today(),
        )
        return [each for each in here if each.question in put]
