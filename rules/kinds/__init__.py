"""The kinds of rule modules: each parses and validates the body of its modules."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.errors import RuleError
from rules.retired import refuse_retired
from rules.vocabulary import Vocabulary

from . import (
    automation,
    deadlines,
    documents,
    eligibility,
    fields,
    letters,
    priority,
    questions,
    rights,
    scoring,
)

Body = (
    rights.Rights
    | fields.Fields
    | deadlines.Deadlines
    | documents.Documents
    | eligibility.Eligibility
    | priority.Priorities
    | questions.Questions
    | letters.Letters
    | automation.Automation
    | scoring.Grid
)

PARSERS: Mapping[str, Callable[[Any, Vocabulary], Body]] = {
    "rights": rights.parse,
    "fields": fields.parse,
    "deadlines": deadlines.parse,
    "documents": documents.parse,
    "eligibility": eligibility.parse,
    "priority": priority.parse,
    "questions": questions.parse,
    "letters": letters.parse,
    "automation": automation.parse,
    "scoring": scoring.parse,
}


def parse_body(kind: str, data: Any, vocabulary: Vocabulary, *, stored: bool = False) -> Body:
    """The typed body of a module; RuleError when the kind or anything in it is not acceptable.

    A body being written may not speak of a question that is no longer asked; a `stored` one may:
    the answer is then unknown for everybody.
    """
    if kind not in PARSERS:
        raise RuleError("kind", _("“{kind}” is not a kind of module").format(kind=kind))
    if not stored:
        refuse_retired(data, vocabulary)
    return PARSERS[kind](data, vocabulary)
