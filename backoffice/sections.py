"""The file told section by section, in the order of the form, each with its rights and source."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from register import clock
from register.access import FieldSet
from register.codes import DocumentStatus
from register.form.definition import groups_of
from register.household import overdue_birth
from register.selectors.declaration import Row, declaration
from register.selectors.file import DemandFile
from register.templatetags.shell import date_long, euros

_ICONS = {
    FieldSet.IDENTITY: "person",
    FieldSet.CONTACT: "telephone",
    FieldSet.HOUSEHOLD: "people",
    FieldSet.RESOURCES: "wallet2",
    FieldSet.HEALTH: "person-wheelchair",
    FieldSet.WISHES: "geo-alt",
}


@dataclass(frozen=True)
class Section:
    """A part of the file. Masked: `lines` is empty and `mask` says which rule hides it."""

    code: str
    title: str | Promise
    icon: str
    lines: list[Row] = field(default_factory=list)
    mask: str = ""
    source: str = ""


def sections(file: DemandFile) -> list[Section]:
    """The sections the reader may know of; one she may know nothing about is absent."""
    told = declaration(file.demand, file.rights, names_missing=True)
    found = []
    for group in groups_of(file.demand):
        code, icon = group.code, "house" if group.code == "housing" else _ICONS[group.field_set]
        if group.code in told:
            lines = [*told[group.code], *_computed(file, code)]
            found.append(Section(code, group.title, icon, lines, source=_source(file, code)))
        elif file.rights.is_masked(group.field_set):
            mask = file.rights.reason(group.field_set)
            found.append(Section(code, group.title, icon, mask=mask))
    return [*found, *_local_answers(file)]


def _computed(file: DemandFile, code: str) -> Iterator[Row]:
    """What the register works out of the answers."""
    facts = file.demand.facts
    if code == "household":
        if due := overdue_birth(file.demand, clock.today()):
            yield Row(_("Birth expected"), _still_counted(due))
        yield Row(_("Household category (income ceilings)"), str(facts.household_category))
    if code == "resources" and facts.annual_income is not None:
        yield Row(_("Reference income of the household"), _yearly(facts.annual_income))


def _still_counted(due: date) -> str:
    told = _(
        "expected on %(day)s, past for more than a month: the child still counts as to be born"
    )
    return told % {"day": date_long(due)}


def _yearly(amount: Any) -> str:
    return _("%(amount)s per year") % {"amount": euros(amount)}


def _local_answers(file: DemandFile) -> Iterator[Section]:
    """Answers to the questions of the territory; groups that may only be known of, masked."""
    title, icon = _("Local questions"), "card-checklist"
    lines = [Row(str(answer.question.label), answer.words) for answer in file.answers]
    if lines:
        yield Section("questions", title, icon, lines=lines, source=_source(file, "questions"))
    for name in file.masked_answers:
        yield Section(f"questions-{name}", title, icon, mask=file.rights.reason(name))


def _source(file: DemandFile, code: str) -> str:
    """Who vouches for the values: the applicant, or the agent who saw the document."""
    if code == "identity":
        for document in file.documents:
            if document.kind == "identity" and document.status == DocumentStatus.VERIFIED:
                return _("Compared with the document by %(who)s on %(day)s") % {
                    "who": document.checked_by,
                    "day": date_long(document.checked_at),
                }
    return _("Declared by the applicant on %(day)s") % {"day": date_long(file.demand.received_on)}
