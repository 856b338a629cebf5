"""One demand as a reader may see it: what she may not read is never loaded."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from register import access, clock, codes, lifecycle
from register.access import Action, Decision, FieldRights, FieldSet
from register.models import (
    Association,
    Commune,
    Contact,
    Demand,
    Document,
    Event,
    Label,
    Message,
    Organisation,
    Share,
)
from register.principals import Principal
from register.safe_way import way_in_words
from register.selectors import notes, steps
from register.selectors.answers import AnswerView, answers_of, masked_sets
from register.selectors.deliveries import Sending, sendings_of
from register.selectors.eligibility import Assessment, assess_demand
from register.selectors.handover import words_set_apart
from register.selectors.merges import OtherDemand, others_of
from register.selectors.missing import missing_of
from register.selectors.people import PersonView, people_as
from register.selectors.priorities import PriorityView, priorities_of
from register.selectors.space import acting
from register.selectors.step_reasons import change_words, reason_known
from rules.models import RuleModuleVersion


@dataclass(frozen=True)
class EventView:
    """An event with the words it needs: names instead of identifiers."""

    event: Event
    reason: str
    text: str
    message: str
    commune: str
    home_type: str
    residence: str
    partner: str
    rules: tuple[str, ...]
    readers: tuple[str, ...] = ()
    answers: datetime | None = None
    change: str = ""
    set_apart: str = ""
    sendings: tuple[Sending, ...] = ()
    # Who acted for the applicant, in both names; empty when nobody did.
    under: str = ""


@dataclass(frozen=True)
class DemandFile:
    """Everything one screen shows of one demand."""

    demand: Demand
    rights: FieldRights
    decision: Decision
    people: list[PersonView]
    contact: Contact | None
    home_types: list[str]
    communes: list[str]
    labels: list[Label]
    documents: list[Document]
    events: list[EventView]
    shares: list[Share]
    priorities: list[PriorityView] = field(default_factory=list)
    eligibility: Assessment | None = None
    missing: list[str] = field(default_factory=list)
    answers: list[AnswerView] = field(default_factory=list)
    masked_answers: list[FieldSet] = field(default_factory=list)
    merged_with: list[OtherDemand] = field(default_factory=list)
    association: Association | None = None

    @property
    def applicant(self) -> PersonView | None:
        """The person who asks."""
        return next((p for p in self.people if p.role == codes.PersonRole.APPLICANT), None)

    @property
    def name(self) -> str:
        """Who asks, a person or an association; empty for whoever may not read it."""
        if self.association:
            return self.association.name
        return self.applicant.name if self.applicant else ""

    @property
    def safe_way(self) -> str:
        """How the applicant of a sealed file is reached, for whoever may read her contact."""
        return way_in_words(self.contact.safe_way) if self.contact and self.demand.is_sealed else ""

    @property
    def adults(self) -> int:
        """People aged 18 or more."""
        return sum(p.is_adult for p in self.people)

    @property
    def children(self) -> int:
        """People under 18, visiting children included."""
        return len(self.people) - self.adults


def read_file(principal: Principal, demand: Demand) -> DemandFile:
    """The file of a demand that the principal may open; Http404 otherwise, whatever was asked."""
    decision = access.decide(principal, Action.VIEW, demand)
    if not decision.allowed:
        raise Http404
    rights = access.fields(principal, demand)
    documents = _documents(demand) if rights.can_read("documents") else []
    told = demand.events.select_related("user", "organisation").order_by("-at", "-id")
    told = told.prefetch_related("field_changes")
    events = steps.known(told, rights, principal)
    return DemandFile(
        demand=demand,
        rights=rights,
        decision=decision,
        people=people_as(demand, rights),
        association=Association.objects.filter(demand=demand).first()
        if rights.can_read("identity")
        else None,
        contact=Contact.objects.filter(demand=demand).first()
        if rights.can_read("contact")
        else None,
        home_types=[w.get_code_display() for w in demand.wished_types.all()]
        if rights.can_read("wishes")
        else [],
        communes=[w.place for w in demand.wished_communes.select_related("commune", "quarter")]
        if rights.can_read("wishes")
        else [],
        labels=_labels(demand, rights),
        documents=[found for found in documents if rights.can_read_document(found.kind)],
        events=_events(events, rights),
        priorities=priorities_of(demand, rights),
        eligibility=_eligibility(demand, rights),
        merged_with=others_of(principal, demand),
        shares=list(
            demand.shares.select_related("organisation", "recipient", "granted_by").order_by(
                "-starts_on"
            )
        ),
        missing=[each.words for each in missing_of(demand, rights)],
        answers=answers_of(demand, rights),
        masked_answers=masked_sets(rights),
    )


def people_of(principal: Principal, demand: Demand) -> list[PersonView]:
    """The household as the principal may read it, the applicant first."""
    return people_as(demand, access.fields(principal, demand))


def _eligibility(demand: Demand, rights: FieldRights) -> Assessment | None:
    """Ceilings follow from resources: who may not read those is told neither."""
    return assess_demand(demand) if rights.can_read("resources") else None


def document_of(principal: Principal, number: str, document_id: int, action: Action) -> Document:
    """A document of a demand open to the principal for this action; Http404 otherwise."""
    demand = access.get_demand(principal, action, number)
    rights = access.fields(principal, demand)
    found = next(iter(_documents(demand, pk=document_id)), None)
    if found is None or not rights.can_read_document(found.kind):
        raise Http404
    return found


def takes_papers(demand: Demand) -> bool:
    """True when papers may be put in: the list is that of the people to be housed."""
    return not demand.is_association and not lifecycle.goes_on_elsewhere(demand)


def holds_files(demand: Demand, keys: Iterable[UUID]) -> bool:
    """True when one of these files is a document of this demand."""
    return demand.documents.filter(stored_file__in=list(keys)).exists()


def share_of(demand: Demand, share_id: int) -> Share:
    """An exceptional share of this demand; Http404 when it has none of this identifier."""
    found = demand.shares.filter(pk=share_id).select_related("organisation", "recipient").first()
    if found is None:
        raise Http404
    return found


def organisations_to_share_with(principal: Principal) -> Any:
    """Every organisation but the principal's own, by name."""
    others = Organisation.objects.order_by("name")
    own = principal.organisation
    return others.exclude(pk=own.pk) if own else others


def _documents(demand: Demand, **where: Any) -> list[Document]:
    return list(
        demand.documents.filter(**where)
        .select_related("stored_file", "checked_by", "person", "demand", "put_in_by")
        .order_by("kind", "-added_at", "pk")
    )


def _labels(demand: Demand, rights: FieldRights) -> list[Label]:
    if not rights.can_read("score"):
        return []
    today = clock.today()
    health = rights.can_read("health")
    return [
        label
        for label in demand.labels.select_related("granted_by")
        if label.decision == codes.LabelDecision.RECOGNISED
        and label.holds_on(today)
        and (health or label.code not in codes.SENSITIVE_LABELS)
    ]


def _events(events: list[Event], rights: FieldRights) -> list[EventView]:
    messages = _in_bulk(Message, (e.details.get("message") for e in events))
    communes = _in_bulk(Commune, (e.details.get("commune") for e in events))
    told = (each for e in events for each in (e.details.get("organisation"), *notes.bodies(e)))
    partners = _in_bulk(Organisation, told)
    versions = _versions(events)
    written = {event.pk: event.at for event in events}
    readable = rights.can_read("contact")
    # By which way she is told is part of her contact details.
    sendings = sendings_of(events) if readable else {}
    helpers = acting(events, rights)
    return [
        EventView(
            event=event,
            reason=reason_known(event, rights),
            text="" if steps.withholds_text(event, rights) else event.text,
            message=_body(messages.get(event.details.get("message")), readable),
            commune=_text(communes.get(event.details.get("commune"))),
            home_type=_choice(codes.HomeType, event.details.get("home_type")),
            residence=str(event.details.get("residence", "")),
            partner=_text(partners.get(event.details.get("organisation"))),
            change=change_words(event, rights),
            set_apart=words_set_apart(event) if rights.can_read("notes") else "",
            answers=written.get(event.details.get("thread")),
            readers=tuple(_text(partners.get(body)) for body in notes.bodies(event)),
            rules=tuple(versions[pk] for pk in event.rule_versions if pk in versions),
            sendings=tuple(sendings.get(event.pk, ())),
            under=helpers.get(event.pk, ""),
        )
        for event in events
    ]


def _body(message: Message | None, readable: bool) -> str:
    return message.body if message and readable else ""


def _text(value: Any) -> str:
    return str(value) if value else ""


def _choice(choices: Any, code: Any) -> str:
    return str(dict(choices.choices).get(code, ""))


def _in_bulk(model: type[Any], keys: Iterable[Any]) -> dict[Any, Any]:
    wanted = {key for key in keys if key}
    return model.objects.in_bulk(wanted) if wanted else {}


def _versions(events: list[Event]) -> dict[int, str]:
    """Module versions by identifier, as "code 2"."""
    wanted = {pk for event in events for pk in event.rule_versions}
    rows = RuleModuleVersion.objects.filter(pk__in=wanted).select_related("module")
    return {row.pk: str(row) for row in rows} if wanted else {}
