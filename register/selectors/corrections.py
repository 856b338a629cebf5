"""Requests to correct: what they may be about, those of a demand, those that wait for somebody."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register import access
from register.access import Action, FieldRights
from register.codes import SCANNED_KINDS, DocumentKind
from register.disclosed import TELLING_RESOURCES
from register.form.definition import QUESTIONS
from register.form.single import Asked, asked_of, find
from register.held import own_documents
from register.models import CorrectedPart, Correction, Demand, DemandState, Document
from register.principals import Principal
from register.selectors.handover import since_handed_over
from register.selectors.in_charge import in_charge_of

# The choices of a list, under headings.
Grouped = list[tuple[str, list[tuple[str, str]]]]
MOST_SHOWN = 100
PIECE = "piece"


@dataclass(frozen=True)
class Subject:
    """What a request to correct names: one question of the form, or one document of the file."""

    ref: str
    part: CorrectedPart
    group: str | Promise
    title: str
    asked: Asked | None = None
    document: Document | None = None


def subjects(demand: Demand, rights: FieldRights) -> Iterator[Subject]:
    """What the reader may ask about: answers in the order of the form, then documents."""
    names = rights.can_read(CorrectedPart.IDENTITY)
    for asked in asked_of(demand):
        if rights.can_read(asked.question.part):
            title = asked.label_for(names=names)
            part = CorrectedPart(asked.question.part)
            yield Subject(asked.ref, part, asked.question.section, title, asked)
    # The paper form is her own, signed: what was copied from it may be wrong, it is not.
    proofs = own_documents(demand).exclude(kind__in=SCANNED_KINDS)
    for document in proofs.order_by("kind", "-added_at"):
        if rights.can_read_document(document.kind):
            yield Subject(
                f"{PIECE}@{document.pk}",
                part_of(document),
                _("Documents"),
                str(document.get_kind_display()),
                document=document,
            )


def choices_of(demand: Demand, rights: FieldRights) -> Grouped:
    """The same as choices of a list, under the parts of the form."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for subject in subjects(demand, rights):
        grouped.setdefault(str(subject.group), []).append((subject.ref, subject.title))
    return list(grouped.items())


def part_of(document: Document) -> CorrectedPart:
    """The group of data that a document tells of, so that words about it are read with it."""
    tells = DocumentKind(document.kind) in TELLING_RESOURCES
    return CorrectedPart.RESOURCES if tells else CorrectedPart.DOCUMENTS


def asked_in(correction: Correction) -> Asked | None:
    """The question that a request opens; None about a document, or of somebody who has left."""
    person = f"@{correction.person_id}" if correction.person_id else ""
    ref = f"{correction.question}{person}"
    return find(correction.demand, ref) if correction.question else None


def title_of(correction: Correction) -> str:
    """What a request is about, in a few words that name nobody."""
    if question := QUESTIONS.get(correction.question):
        return Asked(question, correction.demand).label_for(names=False)
    if correction.document:
        return str(correction.document.get_kind_display())
    return str(correction.get_part_display())


def is_read(correction: Correction, rights: FieldRights) -> bool:
    """True when the reader may know what a request is about, and what is said of it."""
    question = QUESTIONS.get(correction.question)
    told_by = question.told_by if question else ()
    return all(map(rights.can_read, (correction.part, *told_by)))


def corrections_of(demand: Demand) -> list[Correction]:
    """Every request between bodies and the applicant of today, the latest first."""
    asked = since_handed_over(demand.corrections.all(), demand, "asked_at")
    return list(asked.select_related("organisation", "document__stored_file"))


def waiting_for_applicant(demand: Demand) -> list[Correction]:
    """What organisations asked her to put right, the oldest first."""
    return [each for each in reversed(corrections_of(demand)) if each.waits_for_applicant]


def to_close(principal: Principal, demand: Demand) -> list[Correction]:
    """Requests of one file that the principal may end, on parts that she reads."""
    rights = access.fields(principal, demand)
    found = _open(principal).filter(demand=demand).order_by("asked_at", "pk")
    return [each for each in found if rights.can_read(each.part)]


def waiting(principal: Principal) -> tuple[list[Correction], int]:
    """Open requests that wait for the organisation, the oldest first, and how many there are.

    Asked by applicants of the body in charge of their demand, or answered by them.
    """
    found = _open(principal).filter(
        Q(organisation__isnull=True) | Q(answered_at__isnull=False),
        demand__in=access.scope(principal, Action.RECORD_ACT),
    )
    return list(found.order_by("asked_at", "pk")[:MOST_SHOWN]), found.count()


def _open(principal: Principal) -> QuerySet[Correction]:
    if principal.organisation is None:
        return Correction.objects.none()
    # What a merge closed is answered in the demand that goes on.
    found = Correction.objects.filter(closed_at__isnull=True).exclude(
        demand__state=DemandState.MERGED
    )
    found = found.select_related("demand", "document")
    if principal.is_manager:
        return found
    by_applicants = Q(organisation__isnull=True, demand__in=in_charge_of(principal))
    return found.filter(by_applicants | Q(organisation=principal.organisation))
