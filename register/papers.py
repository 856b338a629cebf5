"""Papers that may be asked of somebody: only those of the list in force (CCH R441-2-4-1)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register import access, clock, codes
from register.access import FieldRights, FieldSet
from register.held import covering, givers, valid_documents
from register.models import Demand, Document, EventKind
from register.parameters import parameter_bindings
from register.principals import Principal
from rules import registry
from rules.documents import weigh
from rules.kinds.documents import Documents, Reason, RequiredDocument, Stage
from rules.publication.words import FIELD_SETS
from rules.sentences import sentence
from rules.types import Truth

__all__ = [
    "Paper",
    "PaperRefused",
    "answered_by",
    "check_may_ask",
    "check_may_receive",
    "expected",
    "kind_of",
    "label",
    "listed",
    "name_for",
    "name_for_all",
    "of_demand",
    "of_kind",
    "offered_kinds",
    "reasons",
    "receivable",
    "requestable",
    "tells_more_than",
    "why_valid",
]


@dataclass(frozen=True)
class Paper:
    """A paper of the list, the version that lists it, and whether the demand calls for it.

    `held` is the document of the shared file that proves it already; `givers` how many people of
    the household each give it.
    """

    document: RequiredDocument
    called_for: Truth
    version_id: int
    held: Document | None = None
    givers: int = 1

    @property
    def code(self) -> str:
        return self.document.code

    @property
    def is_for_later(self) -> bool:
        """True when the situation is not known yet: it may be asked for once it is."""
        return self.called_for is Truth.UNKNOWN

    @property
    def is_ruled_out(self) -> bool:
        """True when the situation is known and is another."""
        return self.called_for is Truth.FALSE


class PaperRefused(ValidationError):
    """The list does not let this paper be asked for.

    `is_readable` says whether the person may know the situation that calls for it.
    """

    def __init__(self, paper: Paper, is_readable: bool, reason: str) -> None:
        self.paper = paper
        self.is_readable = is_readable
        super().__init__({"piece": reason})


def listed(stage: Stage | None = None) -> list[RequiredDocument]:
    """Every paper of the lists in force, those of one stage if it is given."""
    return [
        document
        for module in registry.in_force("documents")
        for document in module.body.documents
        if stage is None or document.stage is stage
    ]


def of_demand(demand: Demand) -> list[Paper]:
    """Every paper of the list, weighed against what this demand says.

    None of an association: the list is that of the people to be housed.
    """
    if demand.is_association:
        return []
    facts, today = registry.vocabulary(), clock.today()
    documents = valid_documents(demand)
    people, adults = list(demand.persons.all()), demand.facts.adults or 0
    figures = parameter_bindings(demand.department_id, today)
    return [
        Paper(
            document,
            called_for,
            module.version_id,
            covering(document, documents, people, adults),
            givers(document, people, adults),
        )
        for module in registry.in_force("documents")
        for document, called_for in weigh(module.body.documents, facts, figures, demand, today)
    ]


def requestable(principal: Principal, demand: Demand) -> list[Paper]:
    """What this person may ask of this applicant: what a paper would tell her, she may read."""
    rights = access.fields(principal, demand)
    return [
        paper
        for paper in of_demand(demand)
        if not _why_not(paper, rights) and not _why_not_again(paper, rights)
    ]


def receivable(principal: Principal, demand: Demand) -> list[Paper]:
    """What this person may put in the file when the applicant brings it, valid there or not."""
    rights = access.fields(principal, demand)
    return [
        paper
        for paper in of_demand(demand)
        if not _why_not(paper, rights) and rights.can_read_document(paper.document.kind)
    ]


def expected(demand: Demand, rights: FieldRights) -> list[Paper]:
    """What may be asked of this applicant once registered, as the reader may know it."""
    return [
        paper
        for paper in of_demand(demand)
        if paper.document.stage is not Stage.REGISTRATION
        and not _why_not(paper, rights)
        and (paper.held is None or not rights.can_read_document(paper.document.kind))
    ]


def check_may_ask(principal: Principal, demand: Demand, code: str) -> int:
    """The version of the list that allows a paper to be asked for.

    Raises ValidationError with the reason of the rule when it does not. Whoever may not read the
    situation gets the same answer whatever it is.
    """
    paper = _of_list(demand, code)
    if paper is None:
        told = _("This document is not in the list: nothing else may be asked for (%(law)s).")
        raise ValidationError({"piece": told % {"law": _law()}})
    rights = access.fields(principal, demand)
    if reason := _why_not(paper, rights):
        raise PaperRefused(paper, _may_know(paper, rights), reason)
    if reason := _why_not_again(paper, rights):
        raise ValidationError({"piece": reason})
    return paper.version_id


def check_may_receive(principal: Principal, demand: Demand, code: str) -> Paper:
    """The paper of the list, when this person may put it in the file.

    Raises ValidationError with the reason: what may not be asked for may not be kept either.
    Whoever may not read the situation gets the same answer whatever it is.
    """
    paper = _of_list(demand, code)
    if paper is None:
        told = _("This document is not in the list: hand it back, it may not be kept (%(law)s).")
        raise ValidationError({"paper": told % {"law": _law()}})
    rights = access.fields(principal, demand)
    if reason := _why_not(paper, rights) or _why_not_read(paper, rights):
        raise ValidationError({"paper": reason})
    return paper


def _of_list(demand: Demand, code: str) -> Paper | None:
    return next((paper for paper in of_demand(demand) if paper.code == code), None)


def _law() -> str:
    return ", ".join(module.legal_basis for module in registry.in_force("documents"))


def _why_not(paper: Paper, rights: FieldRights) -> str:
    tells = paper.document.tells
    if tells is not None and not _may_know(paper, rights):
        told = _("Asking for this document tells of a group of data you may not read: %(group)s.")
        return told % {"group": FIELD_SETS[FieldSet(tells)]}
    if paper.is_ruled_out and paper.document.when is not None:
        told = _("This document may only be asked for in this situation: %(situation)s")
        return told % {"situation": sentence(paper.document.when, registry.vocabulary())}
    return ""


def _why_not_again(paper: Paper, rights: FieldRights) -> str:
    """A document that is there is not asked for again, whichever landlord received it."""
    if reason := _why_not_read(paper, rights):
        return reason
    return why_valid(paper.held) if paper.held else ""


def why_valid(document: Document) -> str:
    """What is said to whoever asks for a paper that the shared file holds: who checked it, when."""
    told = _("It is in the shared file: %(who)s checked it on %(day)s, %(until)s (%(law)s).")
    until = _("valid until %(day)s") % {"day": _day(document.valid_until)}
    return told % {
        "who": document.checked_by or _("an agent"),
        "day": _day(document.checked_at),
        "until": until if document.valid_until else _("valid without limit of time"),
        "law": "CCH, art. R441-2-4-1",
    }


def _why_not_read(paper: Paper, rights: FieldRights) -> str:
    if rights.can_read_document(paper.document.kind):
        return ""
    return _("You may not read documents of this kind, nor know which are in the shared file.")


def _day(moment: date | None) -> str:
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return date_format(day, "DATE_FORMAT") if day else ""


def _may_know(paper: Paper, rights: FieldRights) -> bool:
    tells = paper.document.tells
    return tells is None or rights.can_read(tells)


def _find(code: str) -> RequiredDocument | None:
    """A paper of a list that is or was in force, as its latest version names it."""
    for installed in registry.ever("documents"):
        if isinstance(installed.body, Documents) and (found := installed.body.get(code)):
            return found
    return None


def label(code: str) -> str:
    """The name of a paper asked for, even one that is no longer in the list."""
    found = _find(code)
    return str(found.title) if found else code


def kind_of(code: str) -> str:
    """The kind of documents under which a paper is kept; the code itself for an unknown one."""
    found = _find(code)
    return str(found.kind) if found else code


def tells_more_than(code: str, rights: FieldRights) -> bool:
    """True when the very name of a paper asked for says what the reader may not know."""
    found = _find(code)
    return found is not None and found.tells is not None and not rights.can_read(found.tells)


def name_for(code: str, rights: FieldRights) -> str:
    """The name of a paper asked for, or that of its kind when the name would tell too much."""
    return _name_of_kind(code) if tells_more_than(code, rights) else label(code)


def name_for_all(code: str) -> str:
    """A name that whoever reads the messages of a file may read: that of the kind, if need be."""
    found = _find(code)
    return _name_of_kind(code) if found is not None and found.tells is not None else label(code)


def _name_of_kind(code: str) -> str:
    return str(dict(codes.DocumentKind.choices).get(kind_of(code), ""))


def answered_by(demand: Demand, kind: str) -> str:
    """The paper that a document of this kind answers: asked for last, or the only one; else ""."""
    asked = demand.events.filter(kind=EventKind.PIECE_REQUESTED).order_by("-at", "-pk")
    last = next((e.reason for e in asked.only("reason") if kind_of(e.reason) == kind), "")
    possible = {document.code for document in of_kind(kind)}
    if last in possible:
        return last
    return possible.pop() if len(possible) == 1 else ""


def of_kind(kind: str, rights: FieldRights | None = None) -> list[RequiredDocument]:
    """Papers of the lists in force that are kept under this kind, as the reader may know them."""
    return [
        document
        for document in listed()
        if document.kind == kind and (rights is None or not tells_more_than(document.code, rights))
    ]


def reasons() -> list[Reason]:
    """Why a document is not used, by the lists in force."""
    return [reason for module in registry.in_force("documents") for reason in module.body.reasons]


def offered_kinds() -> list[tuple[str, str]]:
    """Kinds of documents that a paper of the list belongs to, as choices of a form."""
    kinds = {str(document.kind) for document in listed()}
    return [(value, str(name)) for value, name in codes.DocumentKind.choices if value in kinds]
