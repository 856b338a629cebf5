"""Documents of the shared file that prove something today: none is asked for twice (R441-2-4-1).

The one place that says which documents count for a demand: its own, and those of the demands that
were merged into it, as long as the merge stands. Nothing is moved: they stay where they are, under
the rights of the demand that holds them (ADR 0022).
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from register import clock, codes
from register.household import is_on_applicants_notice, tax_notices
from register.models import Demand, Document, Merge, Person
from register.selectors.handover import handed_over_each
from rules.kinds.documents import Provider, RequiredDocument, Stage

# A card that has expired since was compared all the same.
COMPARED = (codes.DocumentStatus.VERIFIED, codes.DocumentStatus.OBSOLETE)


def documents_of(demand: Demand) -> list[Document]:
    """Every document that counts for this demand, the first received first.

    Of a merged demand, those of nobody in particular and those of people who are of this one too.
    """
    return documents_of_each([demand.pk])[demand.pk]


def documents_of_each(demands: Collection[int]) -> dict[int, list[Document]]:
    """The same of several demands by key, in as many queries whatever their number."""
    went_on_in = _merged_into(demands)
    keys = {*demands, *(closed for closed, _kept in went_on_in)}
    found = Document.objects.filter(demand__in=keys, is_of_former=False).order_by("added_at", "pk")
    told = list(found.select_related("stored_file", "checked_by", "person"))
    carries = {kept for _closed, kept in went_on_in}
    people, moments = _people_of(carries), handed_over_each(carries)
    return {
        key: [
            document
            for document in told
            if document.demand_id == key
            or (
                (document.demand_id, key) in went_on_in
                and counts_for(document, people[key], moments.get(key))
            )
        ]
        for key in demands
    }


def _people_of(demands: Collection[int]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = {key: [] for key in demands}
    if demands:
        for person in Person.objects.filter(demand__in=demands).order_by("pk"):
            found[person.demand_id].append(person)
    return found


def counts_for(document: Document, people: Sequence[Person], moment: datetime | None) -> bool:
    """True of a document of a merged demand that counts for the one that goes on.

    `people` are those of that one, `moment` when it was last given over: what names nobody is of
    its applicant, if it came since.
    """
    if document.person:
        return same_of(document.person, people) is not None
    return moment is None or document.added_at > moment


def valid_documents(demand: Demand) -> list[Document]:
    """Those that somebody checked and whose last day, if they have one, has not passed."""
    return [document for document in documents_of(demand) if is_valid(document)]


def own_documents(demand: Demand) -> QuerySet[Document]:
    """Those of the people of today: what whoever gave the demand over had sent proves nothing."""
    return demand.documents.filter(is_of_former=False)


def was_identified(demand: Demand, person: int) -> bool:
    """True when an identity document of hers was compared, whatever time did to it since."""
    cards = own_documents(demand).filter(kind=codes.DocumentKind.IDENTITY, person=person)
    return cards.filter(status__in=COMPARED).exists()


def is_valid(document: Document) -> bool:
    """True when it was checked, is readable, and its last day has not passed."""
    is_past = document.valid_until is not None and document.valid_until < clock.today()
    is_readable = document.stored_file.scan_status != codes.ScanStatus.INFECTED
    return document.status == codes.DocumentStatus.VERIFIED and is_readable and not is_past


def givers(paper: RequiredDocument, people: Sequence[Person], adults: int) -> int:
    """How many of a household each give this paper: the rule that lists it says from whom."""
    told = {
        Provider.EACH_ADULT: adults,
        Provider.EACH_TAX_HOUSEHOLD: len(tax_notices(people)),
    }
    return told.get(paper.provider, 1)


def covering(
    paper: RequiredDocument, documents: Sequence[Document], people: Sequence[Person], adults: int
) -> Document | None:
    """The document that makes a paper useless to ask for, the first to lapse; None without any.

    A paper asked of each adult is there once each has hers, and one asked of each tax household
    once each household has one: a common notice is that of both spouses (CGI, art. 6). One
    identity document of the two kinds is enough to register.
    """
    proving = [document for document in documents if _proves(document, paper)]
    whose = [_giver(document.person, paper, people) for document in proving]
    if not proving or _how_many(whose) < givers(paper, people, adults):
        return None
    return min(proving, key=lambda document: document.valid_until or date.max)


def same_of(person: Person, people: Sequence[Person]) -> Person | None:
    """Who of these people is this person, perhaps of another demand."""
    return next((each for each in people if _is_same(person, each)), None)


def _merged_into(demands: Collection[int]) -> set[tuple[int, int]]:
    """Each demand that one of these goes on for, with that one; merged one after the other too."""
    standing = Merge.objects.filter(undone_at=None)
    goes_on = {key: {key} for key in demands}
    found: set[tuple[int, int]] = set()
    while steps := list(standing.filter(kept__in=goes_on).values_list("other", "kept")):
        goes_on, kept_for = {}, goes_on
        for closed, kept in steps:
            goes_on.setdefault(closed, set()).update(kept_for[kept])
            found.update((closed, last) for last in kept_for[kept])
    return found


def _proves(document: Document, paper: RequiredDocument) -> bool:
    if paper.stage is Stage.REGISTRATION:
        return document.kind == codes.DocumentKind.IDENTITY
    return document.paper == paper.code


def _giver(
    person: Person | None, paper: RequiredDocument, people: Sequence[Person]
) -> Person | None:
    """For whom a paper stands: that of a spouse taxed together is that of the applicant too."""
    if person is None or paper.provider is not Provider.EACH_TAX_HOUSEHOLD:
        return person
    mine = same_of(person, people) or person
    if not is_on_applicants_notice(mine):
        return person
    return next((each for each in people if each.role == codes.PersonRole.APPLICANT), person)


def _how_many(whose: Sequence[Person | None]) -> int:
    people: list[Person | None] = []
    for giver in whose:
        if not any(_is_same(giver, person) for person in people):
            people.append(giver)
    return len(people)


def _is_same(one: Person | None, other: Person | None) -> bool:
    """True of one row, and of two of merged demands that share a birth date or a name.

    Twins then pass for one: a paper too many is asked for, never one too few.
    """
    if one is None or other is None:
        return one is other
    if one.demand_id == other.demand_id:
        return one.pk == other.pk
    return one.birth_date == other.birth_date or one.search_name == other.search_name
