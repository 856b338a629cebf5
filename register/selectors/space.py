"""What the applicant, and those she mandated, read in the space (CCH L441-2-6, R441-2-17).

Every function takes a principal or a demand that `access` already opened to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from register import access, bits, codes, papers, requested
from register.access import Action, FieldRights, FieldSet
from register.form.definition import tells_an_income
from register.form.tax_years import counted_today
from register.held import documents_of, own_documents
from register.models import (
    Commune,
    Correction,
    Demand,
    DemandState,
    Document,
    Event,
    EventKind,
    Message,
    Organisation,
    Share,
    WishedCommune,
)
from register.principals import Principal
from register.selectors import mandates, steps
from register.selectors.deliveries import Sending, sendings_of
from register.selectors.handover import handed_over_at, since_handed_over, told_to_heir
from register.selectors.separations import told_discreetly
from register.selectors.who_asked import WhoAsked

# What an heir may know of what was said to whoever asked before her.
NOTHING = FieldRights({}, {})


def own_demands(principal: Principal) -> QuerySet[Demand]:
    """The person's own demands, the live ones first, then the latest."""
    return _open_to(principal).filter(account=principal.user)


def helped_demands(principal: Principal) -> list[tuple[Demand, str]]:
    """Demands of people who gave the principal a mandate in force, with their names."""
    demands = _open_to(principal).exclude(account=principal.user)
    return [(demand, applicant_name(demand)) for demand in demands]


def demand_of(principal: Principal, number: str, action: Action = Action.VIEW) -> Demand:
    """The demand of that number; the same Http404 when it is foreign, unknown or malformed."""
    return access.get_demand(principal, action, number)


def own_demand_of(principal: Principal, number: str, action: Action = Action.VIEW) -> Demand:
    """The same for the applicant herself: to a helper it answers as if there were none."""
    demand = demand_of(principal, number, action)
    if not is_own(principal, demand):
        raise Http404
    return demand


def acts_open(principal: Principal, demand: Demand) -> frozenset[Action]:
    """What the person may do of what a mandate can give: all of it for the applicant."""
    given = (Action.ANSWER, Action.MODIFY, Action.RENEW, Action.WITHDRAW)
    return frozenset(each for each in given if access.decide(principal, each, demand).allowed)


def opens_documents(principal: Principal, demand: Demand) -> bool:
    """True for who may open the documents: a helper knows which they are, and sends some."""
    return access.decide(principal, Action.VIEW_DOCUMENT, demand).allowed


def has_several(principal: Principal) -> bool:
    """True for somebody who follows more than one demand."""
    return access.scope(principal, Action.VIEW).count() > 1


def _open_to(principal: Principal) -> QuerySet[Demand]:
    ended = Q(state__in=(DemandState.STRUCK_OFF, DemandState.MERGED, DemandState.ERASED))
    return (
        access.scope(principal, Action.VIEW)
        .select_related("counter", "department", "association", "facts")
        .annotate(is_over=Count("pk", filter=ended))
        .order_by("is_over", "-received_on", "-pk")
    )


def is_own(principal: Principal, demand: Demand) -> bool:
    """True for the applicant herself, False for a helper."""
    return principal.user is not None and demand.account_id == principal.user.pk


def applicant_name(demand: Demand) -> str:
    """Name of the person, or of the association, whose demand it is."""
    return WhoAsked(demand).now()


def home_wished(demand: Demand) -> str:
    """The home that a demand is for, in one line: sizes, then places in order of preference."""
    sizes = bits.codes_in(demand.facts.wished_home_types, bits.HOME_TYPES)
    labels = (str(codes.HomeType(code).label) for code in sorted(sizes))
    return ", ".join([*labels, *demand.facts.wished_places.splitlines()])


def declared(demand: Demand, rights: FieldRights | None = None) -> Demand:
    """The demand with everything its applicant declared; with `rights`, what they open of it."""
    return _whole(rights).get(pk=demand.pk)


def asked_today(demand: Demand, ref: str) -> Demand:
    """The same as one question of it, by ref, is put today: a tax income, of the years that count.

    For a page: nothing of it is written.
    """
    whole = declared(demand)
    return counted_today(whole) if tells_an_income([ref]) else whole


def declarations(keys: Sequence[int], rights: FieldRights) -> Mapping[int, Demand]:
    """The same for several demands at once, by key."""
    return {demand.pk: demand for demand in _whole(rights).filter(pk__in=keys)}


def _whole(rights: FieldRights | None) -> QuerySet[Demand]:
    wished = WishedCommune.objects.select_related("commune", "quarter")
    told: dict[FieldSet, tuple[str | Prefetch[Any], ...]] = {
        FieldSet.IDENTITY: ("flat_sharers",),
        FieldSet.HOUSEHOLD: ("reasons",),
        FieldSet.RESOURCES: ("persons__incomes",),
        FieldSet.HEALTH: ("persons__needs",),
        FieldSet.WISHES: ("wished_types", Prefetch("wished_communes", wished)),
    }
    rows = {
        FieldSet.IDENTITY: "association",
        FieldSet.CONTACT: "contact",
        FieldSet.HOUSEHOLD: "current_housing",
    }
    return Demand.objects.select_related(
        "facts", *(rows[each] for each in _read(rows, rights))
    ).prefetch_related("persons", *(name for each in _read(told, rights) for name in told[each]))


def _read(groups: Iterable[FieldSet], rights: FieldRights | None) -> list[FieldSet]:
    return [each for each in groups if rights is None or rights.can_read(each)]


def public_events(demand: Demand, rights: FieldRights | None = None) -> list[Event]:
    """Steps the applicant may read, the latest first; internal notes are never among them.

    With the `rights` of a helper, what she may know of them: reasons and words that tell of a group
    of data she does not read are left out. What was written before the demand changed hands was
    said to somebody else: that it happened is told, not the words.
    """
    steps_told = (
        demand.events.filter(is_public=True)
        .exclude(kind=EventKind.NOTE)
        .select_related("organisation")
        .order_by("-at", "-pk")
    )
    moment = handed_over_at(demand)
    if moment is None:
        kept = list(steps_told)
    else:
        kept = [_as_happened(each) if each.at < moment else each for each in steps_told]
    # In the order of what is told: the place of a step would tell its day.
    found = sorted(
        map(told_discreetly, map(told_to_heir, kept)), key=attrgetter("at"), reverse=True
    )
    return found if rights is None else [_as_told(e, rights) for e in steps.known(found, rights)]


def _as_told(event: Event, rights: FieldRights) -> Event:
    """A copy of the step, never saved."""
    told = copy(event)
    told.reason = "" if steps.withholds_reason(event, rights) else event.reason
    told.text = event.text
    if steps.withholds_text(event, rights):
        told.text, told.details = "", {**event.details, "question": "", "questions": []}
    return told


def _as_happened(event: Event) -> Event:
    """A copy without anything that was written of the step."""
    told = _as_told(event, NOTHING)
    told.text = ""
    return told


def documents(demand: Demand) -> list[Document]:
    """Supporting documents of the demand with their files."""
    return list(own_documents(demand).select_related("stored_file", "person", "put_in_by"))


def document_of(demand: Demand, stored_file: UUID) -> Document:
    """The document of this demand kept in that file. Raises Http404."""
    document = own_documents(demand).filter(stored_file=stored_file).first()
    if document is None:
        raise Http404
    return document


def messages(demand: Demand) -> list[Message]:
    """The conversation with the applicant of today, oldest first."""
    written = since_handed_over(demand.messages.all(), demand, "sent_at")
    return list(written.select_related("organisation"))


def unread_messages(demand: Demand) -> list[Message]:
    """Messages of organisations that the applicant has not opened yet."""
    return [each for each in messages(demand) if each.organisation_id and not each.read_at]


@dataclass(frozen=True)
class PieceToSend:
    """A document somebody waits for: asked for, or sent but not usable.

    `kind` is where it is kept in the file, `name` what was asked for.
    """

    kind: str
    name: str
    organisation: Organisation | None
    since: date
    why: str
    was_refused: bool


def pieces_to_send(
    demand: Demand, rights: FieldRights, held: Sequence[Document] | None = None
) -> list[PieceToSend]:
    """What is still to be sent, as the reader may know it: one line per paper.

    `held` are the documents that she may know of: all of them for the applicant.
    """
    held = documents_of(demand) if held is None else held
    waiting: dict[str, PieceToSend] = {}
    for document in requested.to_send_again(held):
        waiting[document.kind] = PieceToSend(
            document.kind,
            str(document.get_kind_display()),
            None,
            _day(document.checked_at),
            document.refusal_reason if rights.can_read_document(document.kind) else "",
            True,
        )
    asked = requested.requests_in([demand.pk]).select_related("organisation")
    for event in requested.unanswered(asked, held):
        name = papers.name_for(event.reason, rights)
        why = "" if steps.withholds_text(event, rights) else event.text
        waiting[event.reason] = PieceToSend(
            papers.kind_of(event.reason), name, event.organisation, _day(event.at), why, False
        )
    return list(waiting.values())


def _day(moment: object) -> date:
    return timezone.localdate(moment)  # type: ignore[arg-type]


def shares(demand: Demand) -> list[Share]:
    """Exceptional shares of this file, those in force first."""
    return list(
        demand.shares.select_related("organisation").order_by("-ends_on", "organisation__name")
    )


@dataclass(frozen=True)
class Names:
    """Names for the codes that events hold."""

    communes: dict[str, str]
    organisations: dict[int, str]
    papers: dict[str, str]
    sendings: Mapping[int, list[Sending]]
    helpers: Mapping[int, str]
    # Who the mandates that steps speak of are for; empty for who may not know the applicant.
    mandates: Mapping[int, str]


def names_in(events: list[Event], rights: FieldRights) -> Names:
    """Communes, organisations and papers that the events mention by code, for this reader."""
    details = [event.details for event in events]
    communes = {d["commune"] for d in details if d.get("commune")}
    organisations = {d["organisation"] for d in details if d.get("organisation")}
    asked = {event.reason for event in events if event.kind == EventKind.PIECE_REQUESTED}
    return Names(
        dict(Commune.objects.filter(pk__in=communes).values_list("pk", "name")),
        dict(Organisation.objects.filter(pk__in=organisations).values_list("pk", "name")),
        {code: papers.name_for(code, rights) for code in asked},
        _sendings(events) if rights.can_read(FieldSet.CONTACT) else {},
        acting(events, rights),
        mandates.names_of(d["mandate"] for d in details if d.get("mandate"))
        if rights.can_read(FieldSet.IDENTITY)
        else {},
    )


def _sendings(events: list[Event]) -> Mapping[int, list[Sending]]:
    """How the applicant of today was told: not how whoever gave the demand over was."""
    found = sendings_of(events).items()
    return {step: [each for each in sent if not each.is_to_former] for step, sent in found}


def answered_under(correction: Correction) -> str:
    """Who answered a request to correct for the applicant, in both names; empty when nobody did."""
    steps = correction.demand.events.filter(details__correction=correction.pk)
    return next(iter(acting(steps.filter(details__has_key=mandates.UNDER)).values()), "")


def acting(events: Iterable[Event], rights: FieldRights | None = None) -> Mapping[int, str]:
    """Who acted for the applicant, by step, in both names: of steps of one demand."""
    under = [event for event in events if mandates.UNDER in event.details]
    if not under:
        return {}
    named = rights is None or rights.can_read(FieldSet.IDENTITY)
    return mandates.both_names(under, WhoAsked(under[0].demand) if named else None)
