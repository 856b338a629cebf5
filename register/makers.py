"""How rules make what is kept of their decisions: on the day, and again when it is replayed.

Each maker reads one version of the rules, what is known of the person and of the demand, and terms
given by whoever acted; it returns what is kept, as JSON, and must come out the same later.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from register import codes
from register.models import DecisionKind
from register.priorities import agreed
from rules import documents, priority, scoring
from rules.eligibility import assess
from rules.explanation import Explainer
from rules.kinds import Body
from rules.kinds.documents import Documents
from rules.kinds.eligibility import Eligibility
from rules.kinds.priority import Priorities
from rules.kinds.scoring import Grid
from rules.reading import Bindings, ReadOnce
from rules.types import Truth
from rules.vocabulary import Vocabulary

Made = dict[str, Any]
PEOPLE = "demand.household_size"


@dataclass(frozen=True)
class Question:
    """What is asked of the rules: about what, of whom, on which day, on which terms."""

    subject: str
    vocabulary: Vocabulary
    bindings: Bindings
    row: ReadOnce
    on: date
    terms: Mapping[str, Any]


def make(kind: DecisionKind | str, body: Body, asked: Question) -> Made:
    """What this version of the rules answers."""
    return _MAKERS[kind](body, asked)


def _score(grid: Any, asked: Question) -> Made:
    """The points of the demand, and what each line of the grid gave."""
    return scoring.score(grid, asked.vocabulary, asked.bindings, asked.row, asked.on).kept


def _label(body: Priorities, asked: Question) -> Made:
    """In whose name a priority is answered and until when, and whether the rules had noticed it."""
    rule, terms = body.get(asked.subject), asked.terms
    until = date.fromisoformat(terms["until"]) if terms["until"] else None
    given = agreed(rule, terms["bodies"], asked.on, body=terms["body"], valid_to=until)
    noticed = ""
    if rule is not None:
        noticed = priority.notice(
            rule, asked.vocabulary, asked.bindings, asked.row, asked.on
        ).outcome
    return {
        "decision": terms["decision"],
        "body": given.body,
        "until": given.valid_to.isoformat() if given.valid_to else "",
        "noticed": noticed,
    }


def _refusal(body: Any, asked: Question) -> Made:
    if isinstance(body, Grid):
        return _score(body, asked)
    return _paper(body, asked) if isinstance(body, Documents) else _home(body, asked)


def _paper(body: Documents, asked: Question) -> Made:
    """Whether a paper may be asked for: its situation is read by those only who may know it."""
    listed = [paper for paper in (body.get(asked.subject),) if paper is not None]
    if not asked.terms["is_readable"]:
        return {"may_ask": False}
    weighed = documents.weigh(listed, asked.vocabulary, asked.bindings, asked.row, asked.on)
    return {"may_ask": all(truth is not Truth.FALSE for _paper, truth in weighed)}


def _home(body: Eligibility, asked: Question) -> Made:
    """What the rules say of a household refused for its income, or for its size."""
    if asked.subject == codes.RefusalReason.SIZE_UNSUITED:
        reader = Explainer(asked.vocabulary, asked.bindings, asked.row, asked.on)
        people = reader.value(asked.vocabulary.fact(PEOPLE))
        norm = body.norm(people) if isinstance(people, int) else None
        return {"home_types": list(norm.types) if norm else []}
    found = assess(body, asked.vocabulary, asked.bindings, asked.row, asked.on)
    return {"ceilings": {each.rule.code: each.outcome for each in found}}


_MAKERS: Mapping[str, Callable[[Any, Question], Made]] = {
    DecisionKind.SCORE: _score,
    DecisionKind.LABEL: _label,
    DecisionKind.REFUSAL: _refusal,
}
