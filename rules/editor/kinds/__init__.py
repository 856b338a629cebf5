"""The forms of each kind of module: one short file per kind, made of `rules.editor.fields`."""

from collections.abc import Mapping

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
from .sections import Section

_SECTIONS: Mapping[str, tuple[Section, ...]] = {
    "rights": rights.SECTIONS,
    "fields": fields.SECTIONS,
    "priority": priority.SECTIONS,
    "eligibility": eligibility.SECTIONS,
    "deadlines": deadlines.SECTIONS,
    "scoring": scoring.SECTIONS,
    "documents": documents.SECTIONS,
    "questions": questions.SECTIONS,
    "automation": automation.SECTIONS,
    "letters": letters.SECTIONS,
}
_CASES: Mapping[str, Section] = {
    "rights": rights.CASES,
    "fields": fields.CASES,
    "priority": priority.CASES,
    "eligibility": eligibility.CASES,
    "deadlines": deadlines.CASES,
    "scoring": scoring.CASES,
    "documents": documents.CASES,
    "questions": questions.CASES,
    "automation": automation.CASES,
    "letters": letters.CASES,
}


def sections(kind: str) -> tuple[Section, ...]:
    """The lists of rules of a module of this kind; none: written in files only."""
    return _SECTIONS.get(kind, ())


def cases(kind: str) -> Section | None:
    """The test cases of a module of this kind, when they have a form."""
    return _CASES.get(kind)
