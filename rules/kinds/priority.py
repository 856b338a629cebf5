"""Priority modules: who may be housed first, how it is noticed, proved and recognised, and by whom.

Sources: articles L441-1, L441-1-1, L441-1-2, L441-2-3 and R441-2-15 of the CCH.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.conditions import Condition
from rules.errors import RuleError
from rules.facts import Fact
from rules.parsing import parse_condition
from rules.vocabulary import Vocabulary

from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, text

LONGEST_VALIDITY = 120


class Unknown(StrEnum):
    """What becomes of a demand of which too little is known to say whether the condition holds."""

    TO_COMPLETE = "to_complete"
    NOT_DETECTED = "not_detected"


@dataclass(frozen=True)
class Priority:
    """One priority. Without `detect` the rules never notice it by themselves: somebody says so.

    `granted_by` are the bodies that may recognise it, `valid_months` how long this holds unless the
    decision says otherwise (None: as long as it is not ended).
    """

    code: str
    title: Bilingual
    explanation: Bilingual
    legal_basis: str
    detect: Condition | None
    unknown: Unknown
    proof: tuple[Bilingual, ...]
    granted_by: tuple[str, ...]
    valid_months: int | None = None
    chapter: int | None = None


@dataclass(frozen=True)
class Priorities:
    """The body of a priority module; `labels` is the fact whose codes it gives."""

    labels: str
    priorities: tuple[Priority, ...]

    @property
    def items(self) -> tuple[Priority, ...]:
        """Every rule, the first priority first."""
        return self.priorities

    def get(self, label: str) -> Priority | None:
        """The rule about a label, if the module has one."""
        return next((rule for rule in self.priorities if rule.code == label), None)


def parse(data: Any, vocabulary: Vocabulary) -> Priorities:
    """The typed body of a priority module; RuleError when anything in it is not acceptable."""
    body = mapping(data, "", {"labels", "priorities"})
    labels = vocabulary.fact(body["labels"], "labels")
    found = tuple(
        _priority(item, path, labels, vocabulary)
        for path, item in items(body["priorities"], "priorities", empty=False)
    )
    distinct([rule.code for rule in found], "priorities")
    return Priorities(labels.code, found)


def _priority(data: Any, path: str, labels: Fact, vocabulary: Vocabulary) -> Priority:
    required = {"code", "title", "explanation", "legal_basis", "unknown", "proof", "granted_by"}
    mapping(data, path, required, {"detect", "valid_months", "chapter"})
    if data["unknown"] not in list(Unknown):
        raise RuleError(f"{path}.unknown", _("what is unknown is “to_complete” or “not_detected”"))
    label = code(data["code"], f"{path}.code")
    _of(label, labels.choices or {}, labels, f"{path}.code")
    bodies = tuple(
        _body(item, place, vocabulary)
        for place, item in items(data["granted_by"], f"{path}.granted_by", empty=False)
    )
    return Priority(
        code=label,
        title=bilingual(data["title"], f"{path}.title"),
        explanation=bilingual(data["explanation"], f"{path}.explanation"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        detect=parse_condition(data["detect"], vocabulary, path=f"{path}.detect")
        if "detect" in data
        else None,
        unknown=Unknown(data["unknown"]),
        proof=tuple(
            bilingual(item, place) for place, item in items(data["proof"], f"{path}.proof")
        ),
        granted_by=bodies,
        valid_months=_months(data.get("valid_months"), f"{path}.valid_months"),
        chapter=chapter(data, path),
    )


def _of(value: str, choices: Any, fact: Fact, path: str) -> None:
    if value not in choices:
        raise RuleError(
            path, _("“{code}” is not a code of “{fact}”").format(code=value, fact=fact.label)
        )


def _body(item: Any, path: str, vocabulary: Vocabulary) -> str:
    if item not in vocabulary.lists.recognisers:
        raise RuleError(
            path, _("“{code}” is not a body that recognises priorities").format(code=item)
        )
    return str(item)


def _months(value: Any, path: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LONGEST_VALIDITY:
        raise RuleError(path, _("a number of months from 1 to 120 is expected here"))
    return value
