"""The forms of each kind of module: one short file per kind, made of `rules.editor.fields`."""

from collections.abc import Mapping

from . import deadlines, documents, fields, rights
from .sections import Section

_SECTIONS: Mapping[str, tuple[Section, ...]] = {
    "rights": rights.SECTIONS,
    "fields": fields.SECTIONS,
    "deadlines": deadlines.SECTIONS,
    "documents": documents.SECTIONS,
}
_CASES: Mapping[str, Section] = {
    "rights": rights.CASES,
    "fields": fields.CASES,
    "deadlines": deadlines.CASES,
    "documents": documents.CASES,
}


def sections(kind: str) -> tuple[Section, ...]:
    """The lists of rules of a module of this kind; none: written in files only."""
    return _SECTIONS.get(kind, ())


def cases(kind: str) -> Section | None:
    """The test cases of a module of this kind."""
    return _CASES.get(kind)
