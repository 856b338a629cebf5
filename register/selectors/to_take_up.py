"""What an applicant wrote or sent and nobody has taken up yet, and for whom it waits.

Words wait for the body that they answer, the last one to have asked her something, until it or the
manager speaks with her, or says that there is nothing to answer. Words that answer nobody wait for
the bodies in charge of her demand, until any body speaks with her. A paper belongs to the shared
file: it waits for the same bodies, until whoever may has checked it (CCH R441-2-4-1). Her answers
to requests to correct are in `corrections`.

After a demand was struck off nobody checks its papers, and what she had written before was answered
by the end itself, which is told with its reasons (R441-2-8); what she writes afterwards waits: she
may contest it, or come back within the tolerance. Nothing waits on a demand that was merged, whose
words are read in the one that goes on.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from register import access, clock
from register.access import Action, FieldSet
from register.agreements import agreements_in_force
from register.codes import DocumentStatus
from register.disclosed import TELLING_RESOURCES
from register.models import (
    LIVE_STATES,
    Demand,
    DemandState,
    Document,
    Event,
    EventKind,
    Mandate,
    Message,
    Organisation,
)
from register.principals import Principal
from register.selectors.in_charge import in_charge_of, is_in_charge
from register.selectors.worklist import COUNT_CAP
from register.selectors.worklist_lines import WorklistRow, read_lines

MOST_SHOWN = 100
# Steps by which a body asks the applicant something.
ASKING = (EventKind.MESSAGE_SENT, EventKind.PIECE_REQUESTED, EventKind.CORRECTION_ASKED)
# Steps by which an agent takes up what she wrote.
TAKING_UP = (*ASKING, EventKind.CONTACTED, EventKind.NOTHING_TO_ANSWER)
_CLOSED = (DemandState.MERGED, DemandState.ERASED)


@dataclass(frozen=True)
class Words:
    """One message of the applicant, and the key of the body that it answers, if any."""

    key: int
    at: datetime
    text: str
    body: int | None

    @property
    def anchor(self) -> str:
        """Where it is in a page: by its moment, since its key would tell how many were written."""
        return f"message-{self.at:%Y%m%d%H%M%S%f}"


@dataclass(frozen=True)
class Paper:
    """One document to be checked, and whether her helper sent it."""

    document: Document
    is_by_helper: bool


@dataclass
class Waiting:
    """A demand on which something waits: since when, in answer to which bodies, and what."""

    line: WorklistRow
    since: datetime
    bodies: list[str] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)

    @property
    def days(self) -> int:
        """Whole days since the oldest of them."""
        return (clock.today() - timezone.localdate(self.since)).days


class _Row(NamedTuple):
    """A message or a document that waits; `body` is the one that it answers, if any."""

    at: datetime
    demand: int
    key: int
    body: int | None


def waiting(principal: Principal) -> tuple[list[Waiting], int, bool]:
    """What waits for the principal's organisation by demand, the oldest first, and how many.

    The last is true when there are more than were counted. The manager sees what waits for anybody.
    Papers that she may not know of are not told; of words that she may not read, the text is empty.
    """
    words = _rows(_words_for(principal), "sent_at")
    papers = _rows(_papers_for(principal), "added_at")
    rows = sorted([*words, *papers], key=_age)
    since = {row.demand: row.at for row in reversed(rows)}
    oldest = sorted(since, key=lambda demand: (since[demand], demand))[:MOST_SHOWN]
    lines = read_lines(principal, Action.LIST, oldest, also=[FieldSet.CONTACT])
    found = {line.demand.pk: Waiting(line, since[line.demand.pk]) for line in lines}
    _add_words(found, [row for row in words if row.demand in found])
    _add_papers(found, [row.key for row in papers if row.demand in found])
    _add_bodies(found, [row for row in rows if row.demand in found])
    is_capped = max(len(words), len(papers)) > COUNT_CAP
    return list(found.values()), len(since), is_capped


def _add_words(found: dict[int, Waiting], rows: list[_Row]) -> None:
    texts = dict(Message.objects.filter(pk__in=[row.key for row in rows]).values_list("pk", "body"))
    for row in sorted(rows, key=_age):
        one = found[row.demand]
        text = texts.get(row.key, "") if FieldSet.CONTACT in one.line.readable else ""
        one.words.append(Words(row.key, row.at, text, row.body))


def _add_papers(found: dict[int, Waiting], keys: list[int]) -> None:
    helpers = set(Mandate.objects.filter(demand__in=found).values_list("demand", "helper"))
    documents = Document.objects.filter(pk__in=keys).select_related("stored_file", "put_in_by")
    for document in documents.order_by("added_at", "pk"):
        sender = (document.demand_id, document.stored_file.uploaded_by_id)
        found[document.demand_id].papers.append(Paper(document, sender in helpers))


def _add_bodies(found: dict[int, Waiting], rows: list[_Row]) -> None:
    names = _names({row.body for row in rows if row.body})
    for row in rows:
        bodies = found[row.demand].bodies
        if row.body and names[row.body] not in bodies:
            bodies.append(names[row.body])


def words_on(demand: Demand) -> list[Words]:
    """Messages of the applicant of one file that nobody has taken up, the oldest first.

    For who may read them (`contact`).
    """
    found = _words().filter(demand=demand).order_by("sent_at", "pk")
    told = ("pk", "sent_at", "body", "waits_for")
    return [Words(*row) for row in found.values_list(*told)]


def words_for(principal: Principal, demand: Demand) -> list[Words]:
    """Those that wait for the principal's organisation."""
    body, words = principal.organisation, words_on(demand)
    if body is None or not words:
        return []
    if principal.is_manager:
        return words
    in_charge = is_in_charge(principal, demand)
    return [each for each in words if each.body == body.pk or (in_charge and not each.body)]


def late_by_body(demands: QuerySet[Demand], before: datetime) -> list[tuple[str, int]]:
    """Of these demands, how many hold words older than this, by the body that they wait for.

    What answers nobody is counted with the body that registered the demand.
    """
    late = _words().filter(sent_at__lt=before, demand__in=demands)
    awaited = Coalesce("waits_for", "demand__registered_by", output_field=BigIntegerField())
    counted = late.annotate(awaited=awaited)
    found = counted.order_by().values_list("awaited").annotate(Count("demand", distinct=True))
    names = _names({body for body, _count in found})
    return sorted((names[body], count) for body, count in found)


def _words_for(principal: Principal) -> QuerySet[Message, Any]:
    return _for(principal, _words().filter(demand__in=access.scope(principal, Action.LIST)))


def _papers_for(principal: Principal) -> QuerySet[Document, Any]:
    """To be checked, of the kinds that she may know of in each demand that she may list."""
    known = {group: _known(principal, group) for group in (FieldSet.DOCUMENTS, FieldSet.RESOURCES)}
    tells_less = ~Q(kind__in=sorted(TELLING_RESOURCES))
    found = Document.objects.filter(
        tells_less | known[FieldSet.RESOURCES],
        known[FieldSet.DOCUMENTS],
        status=DocumentStatus.RECEIVED,
        demand__state__in=LIVE_STATES,
    )
    found = found.annotate(waits_for=_asked_by("added_at"))
    return _for(principal, found)


def _known(principal: Principal, group: FieldSet) -> Q:
    """The demands that she may list and of which she may read this group of data."""
    opened = access.scope(principal, Action.LIST)
    if not access.reads_all(principal, Action.LIST, group):
        opened = opened.filter(access.readable(principal, group))
    return Q(demand__in=opened)


def _words() -> QuerySet[Message, Any]:
    """Messages of applicants that nobody has taken up, with the body that they answer."""
    written = Message.objects.filter(organisation__isnull=True, taken_up_at__isnull=True)
    ended = Event.objects.filter(
        demand=OuterRef("demand"), at__gt=OuterRef("sent_at"), kind=EventKind.STRUCK_OFF
    )
    return (
        written.exclude(demand__state__in=_CLOSED)
        .filter(~Exists(ended))
        .annotate(waits_for=_asked_by("sent_at"))
    )


def _asked_by(moment: str) -> Subquery:
    """The last body to have asked her something before, of those whose agreement is in force."""
    bodies = agreements_in_force(clock.today()).order_by().values("organisation")
    asked = Event.objects.filter(
        demand=OuterRef("demand"),
        at__lt=OuterRef(moment),
        kind__in=ASKING,
        organisation__in=bodies,
    )
    return Subquery(asked.order_by("-at", "-pk").values("organisation")[:1])


def _for(principal: Principal, found: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Of these, what waits for the principal's organisation; all of it for the manager."""
    body = principal.organisation
    if body is None:
        return found.none()
    if principal.is_manager:
        return found
    unasked = Q(waits_for__isnull=True, demand__in=in_charge_of(principal))
    return found.filter(Q(waits_for=body.pk) | unasked)


def _age(row: _Row) -> tuple[datetime, int, int]:
    return row.at, row.demand, row.key


def _rows(found: QuerySet[Any, Any], moment: str) -> list[_Row]:
    """The oldest, in an index that holds what waits and no more."""
    told = found.order_by(moment).values_list(moment, "demand", "pk", "waits_for")
    return [_Row(*row) for row in told[: COUNT_CAP + 1]]


def _names(keys: set[int]) -> dict[int, str]:
    found = Organisation.objects.filter(pk__in=keys)
    return dict(found.values_list("pk", "short_name"))
