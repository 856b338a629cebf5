"""What a demand lacks and what it tells of years gone: one answer, whoever asks for it.

The list, its filter and its exports, the file, the space, letters, the data that a person takes
away, scores, ceilings and the figures by channel all read it here, in the same words. Nothing of it
prevents registration (CCH R441-2-3), and nobody is refused for it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register import papers, requested
from register.access import FieldRights, FieldSet
from register.codes import DocumentKind, DocumentStatus
from register.disclosed import Level
from register.form.tax_years import are_of_years_gone, of_years_gone
from register.held import documents_of, documents_of_each
from register.models import Demand, Document, Event, EventKind, Merge
from register.selectors.space import pieces_to_send


class Lack(StrEnum):
    """What may be missing, or to update, in a demand; the first that an agent settles first."""

    IDENTITY = "identity"
    PAPER = "paper"
    INCOME = "income"
    OLD_INCOME = "old_income"


LABELS: Mapping[Lack, Promise] = {
    Lack.IDENTITY: _("Identity to be checked"),
    Lack.PAPER: _("Document awaited"),
    Lack.INCOME: _("Incomes not known"),
    Lack.OLD_INCOME: _("Incomes to update"),
}
# The group of data that some tell of: those who do not read it are told nothing of them.
TELLS: Mapping[Lack, FieldSet] = {
    Lack.INCOME: FieldSet.RESOURCES,
    Lack.OLD_INCOME: FieldSet.RESOURCES,
}
# The same as tests of demands. Papers have none: whether one answers a request is read, not sought.
CONDITIONS: Mapping[Lack, Callable[[], Q]] = {
    Lack.IDENTITY: lambda: Q(facts__identity_verified__in=[False]),
    Lack.INCOME: lambda: Q(is_association=False, facts__annual_income__isnull=True),
    Lack.OLD_INCOME: lambda: Q(facts__annual_income__isnull=False) & of_years_gone(),
}


@dataclass(frozen=True)
class Missing:
    """One thing that a demand lacks: in the words of the list, or the paper by its name."""

    lack: Lack
    words: str


@dataclass(frozen=True)
class Declared:
    """What is needed of a demand to say what its declaration lacks."""

    is_association: bool
    # None for an association, which shows no identity document.
    identity_verified: bool | None
    # Euros per year; None when a fiscal reference income is not known.
    annual_income: Decimal | None
    tax_year: int | None
    received_on: date

    def lacks(self, can_read: Callable[[FieldSet], bool]) -> Iterator[Lack]:
        """What the reader may know of it, papers aside."""
        found = {
            Lack.IDENTITY: self.identity_verified is False,
            Lack.INCOME: not self.is_association and self.annual_income is None,
            Lack.OLD_INCOME: self.annual_income is not None
            and are_of_years_gone(self.tax_year, self.received_on),
        }
        for lack, is_so in found.items():
            if is_so and (lack not in TELLS or can_read(TELLS[lack])):
                yield lack


def missing_of(demand: Demand, rights: FieldRights, *, sends_papers: bool = False) -> list[Missing]:
    """What one demand lacks, as this reader may know it.

    Who may not read documents is told which were asked for, not what came; the applicant and her
    helpers, who send them, know both.
    """
    lacks = list(_declared(demand).lacks(rights.can_read))
    knows = sends_papers or rights.can_read(FieldSet.DOCUMENTS)
    held = documents_of(demand) if knows else []
    named = [
        Missing(Lack.PAPER, piece.name)
        for piece in pieces_to_send(demand, rights, held)
        if _is_told(piece.kind, lacks, rights, was_refused=piece.was_refused)
    ]
    found = [Missing(lack, str(LABELS[lack])) for lack in lacks]
    return sorted([*found, *named], key=lambda each: list(Lack).index(each.lack))


def incomes_to_update(demand: Demand) -> bool:
    """True when the resources that are counted are of years that count no more."""
    return Lack.OLD_INCOME in _declared(demand).lacks(lambda _group: True)


def may_wait() -> Q:
    """The only demands that may wait for a paper, by what was asked, refused or merged: a test."""
    of_it = {"demand": OuterRef("pk")}
    asked = Event.objects.filter(kind=EventKind.PIECE_REQUESTED, **of_it)
    refused = Document.objects.filter(status=DocumentStatus.REFUSED, **of_it)
    merged = Merge.objects.filter(kept=OuterRef("pk"), undone_at=None)
    return Q(Exists(asked)) | Q(Exists(refused)) | Q(Exists(merged))


def lacks_of_each(
    declared: Mapping[int, Declared],
    readable: Mapping[int, Collection[FieldSet]],
    may_wait: Collection[int],
) -> dict[int, tuple[Lack, ...]]:
    """What each of these demands lacks, by key, for who reads these groups of data of each.

    In as many queries whatever their number, and in none unless some `may_wait` for a paper.
    """
    asked: dict[int, list[Event]] = {key: [] for key in declared}
    held: dict[int, list[Document]] = {}
    if may_wait:
        for event in requested.requests_in(may_wait):
            asked[event.demand_id].append(event)
        held = documents_of_each([k for k in may_wait if FieldSet.DOCUMENTS in readable[k]])
    found = {}
    for key, each in declared.items():
        rights = FieldRights(dict.fromkeys(readable[key], Level.READ), {})
        lacks = list(each.lacks(rights.can_read))
        if _waits_for_a_paper(asked[key], held.get(key, []), lacks, rights):
            lacks.append(Lack.PAPER)
        found[key] = tuple(sorted(lacks, key=list(Lack).index))
    return found


def _waits_for_a_paper(
    asked: Sequence[Event], held: Sequence[Document], lacks: Collection[Lack], rights: FieldRights
) -> bool:
    again = (document.kind for document in requested.to_send_again(held))
    still = (papers.kind_of(event.reason) for event in requested.unanswered(asked, held))
    return any(_is_told(kind, lacks, rights, was_refused=True) for kind in again) or any(
        _is_told(kind, lacks, rights, was_refused=False) for kind in still
    )


def _is_told(kind: str, lacks: Collection[Lack], rights: FieldRights, *, was_refused: bool) -> bool:
    """An identity document is awaited as long as the identity is to be checked: said once."""
    if kind == DocumentKind.IDENTITY and Lack.IDENTITY in lacks:
        return False
    return not was_refused or rights.can_read_document(kind)


def _declared(demand: Demand) -> Declared:
    facts = demand.facts
    return Declared(
        demand.is_association,
        facts.identity_verified,
        facts.annual_income,
        demand.tax_year,
        demand.received_on,
    )
