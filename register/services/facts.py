"""Keeps the facts row and the audience rows of a demand in step with its tables.

Called inside the transaction of every service that changes the demand; nothing else writes them.
"""

from copy import copy
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from register import clock, lifecycle
from register.codes import PersonRole
from register.held import documents_of
from register.models import (
    Contact,
    CurrentHousing,
    Demand,
    DemandFacts,
    DemandState,
    Event,
    EventKind,
    Merge,
    Person,
    Reason,
    WishedCommune,
    WishedType,
)
from register.norms import Norms
from register.parameters import parameter_bindings
from register.priorities import write_detections
from register.services.audiences import copy_again, refresh_audiences
from register.services.fact_row import Declared, copy_demand, facts_from
from register.services.identities import keep_identities
from rules.reading import Bindings
from rules.statements import Slot, statement
from rules.writing import update


class Touched(Enum):
    """What a service wrote, so that no more is read again than what follows from it."""

    # Anything: every table that facts are computed from is read.
    EVERYTHING = auto()
    # State, dates and seal of the demand, which its facts copy as they are.
    LIFE = auto()


@dataclass(frozen=True)
class Marks:
    """Codes and places that a demand is marked with, in order, read by one query."""

    home_types: list[str]
    reasons: list[str]
    # The EPCI of each wished commune, and the quarter wished in some.
    communes: dict[str, str | None]
    quarters: dict[str, str]
    # The same in words.
    places: list[str]
    # The reason of each offer that was declined.
    declined: list[str]


def refresh_facts(
    *,
    demand: Demand,
    touched: Touched = Touched.EVERYTHING,
    stored: DemandFacts | None = None,
    figures: Bindings | None = None,
) -> DemandFacts:
    """Compute facts and audiences again and store what changed.

    `touched` says what was written; `stored` are the facts read since the demand was locked, and
    `figures` the published figures of the day, when they are at hand.
    """
    stored = stored or DemandFacts.objects.filter(pk=demand.pk).first()
    known = _figures(demand) if figures is None else figures
    if touched is Touched.LIFE and stored is not None and not _is_due(stored):
        facts = _moved(demand, stored, known)
        _store(facts, stored)
        copy_again(demand=demand, before=stored, facts=facts)
        return facts
    marks = _marks(demand)
    declared = _declared(demand, marks, known)
    facts = _computed(demand, declared, known)
    _store(facts, stored)
    keep_identities(demand, declared.persons, declared.contact)
    refresh_audiences(demand=demand, facts=facts, communes=marks.communes, quarters=marks.quarters)
    if lifecycle.goes_on_elsewhere(demand):
        _refresh_kept(demand)
    return facts


def _refresh_kept(closed: Demand) -> None:
    """Papers of a demand closed by a merge count for the one that goes on."""
    made = Merge.objects.filter(other=closed, undone_at=None).first()
    if made is not None:
        kept = Demand.objects.select_for_update(no_key=True).get(pk=made.kept_id)
        if kept.state != DemandState.ERASED:
            refresh_facts(demand=kept)


def compute_facts(demand: Demand) -> DemandFacts:
    """The facts row a demand should have today, computed from its own tables, not saved."""
    figures = _figures(demand)
    return _computed(demand, _declared(demand, _marks(demand), figures), figures)


def differing_columns(stored: DemandFacts, computed: DemandFacts) -> list[str]:
    """Names of the columns in which two rows of one demand differ."""
    names = [field.attname for field in DemandFacts._meta.concrete_fields]
    return [name for name in names if getattr(stored, name) != getattr(computed, name)]


def _figures(demand: Demand) -> Bindings:
    return parameter_bindings(demand.department_id, clock.today())


def _is_due(stored: DemandFacts) -> bool:
    """True when days have passed that change by themselves what is stored."""
    return stored.recompute_on is not None and stored.recompute_on <= clock.today()


def _store(facts: DemandFacts, stored: DemandFacts | None) -> None:
    if stored is None:
        facts.save(force_insert=True)
    elif changed := differing_columns(stored, facts):
        update(facts, changed)


def _moved(demand: Demand, stored: DemandFacts, figures: Bindings) -> DemandFacts:
    """The stored facts, with what is copied of the demand, and what the rules notice today."""
    facts = copy(stored)
    facts.demand = demand
    copy_demand(facts, demand)
    write_detections(facts, figures, clock.today())
    return facts


def _computed(demand: Demand, declared: Declared, figures: Bindings) -> DemandFacts:
    today = clock.today()
    facts = facts_from(demand, declared, today)
    write_detections(facts, figures, today)
    return facts


def _declared(demand: Demand, marks: Marks, figures: Bindings) -> Declared:
    persons = list(demand.persons.prefetch_related("incomes"))
    told = Demand.objects.select_related("contact", "current_housing").get(pk=demand.pk)
    return Declared(
        persons=persons,
        applicant_name=_name_of(demand, persons),
        incomes=[income.amount for person in persons for income in person.incomes.all()],
        housing=getattr(told, "current_housing", None) or CurrentHousing(),
        contact=getattr(told, "contact", None) or Contact(),
        home_types=marks.home_types,
        communes=list(marks.communes),
        places=marks.places,
        reasons=marks.reasons,
        flat_sharers=demand.flat_sharers.count(),
        labels=list(demand.labels.all()),
        documents=documents_of(demand),
        declined=marks.declined,
        norms=Norms.of(figures),
    )


def _name_of(demand: Demand, persons: list[Person]) -> str:
    if demand.is_association:
        return demand.association.name
    return next(p for p in persons if p.role == PersonRole.APPLICANT).listed_name


def _marks(demand: Demand) -> Marks:
    found: dict[str, list[tuple[str, str | None]]] = {}
    quarters: dict[str, str] = {}
    places = []
    rows = statement(_marked).rows(demand=demand.pk)
    for kind, _position, _key, code, more, quarter, named in rows:
        found.setdefault(kind, []).append((code, more))
        if quarter:
            quarters[code] = quarter
        if named:
            places.append(named)
    return Marks(
        home_types=[code for code, _more in found.get("type", ())],
        reasons=[code for code, _more in found.get("reason", ())],
        communes=dict(found.get("commune", ())),
        quarters=quarters,
        places=places,
        declined=[reason for reason, _more in found.get("declined", ())],
    )


def _marked() -> QuerySet[Any, Any]:
    """Lines "what, position, key, code, what more, quarter, place in words" of one demand."""
    demand, none = Slot("demand", Demand._meta.pk), Value(0)
    declined = Event.objects.filter(demand=demand, kind=EventKind.OFFER_DECLINED)
    parts: list[tuple[str, QuerySet[Any], Any, Any, Any]] = [
        ("type", WishedType.objects.filter(demand=demand), none, F("code"), Value("")),
        ("reason", Reason.objects.filter(demand=demand), F("position"), F("code"), Value("")),
        (
            "commune",
            WishedCommune.objects.filter(demand=demand),
            F("position"),
            F("commune_id"),
            F("commune__epci_id"),
        ),
        ("declined", declined, none, F("reason"), Value("")),
    ]
    text, words = CharField(max_length=60), CharField(max_length=220)
    wished = Cast(F("quarter_id"), text)
    named = Case(
        When(quarter__isnull=True, then=F("commune__name")),
        default=Concat(F("commune__name"), Value(" – "), F("quarter__name")),
        output_field=words,
    )
    selected = [
        rows.order_by()
        .annotate(
            what=Value(what, output_field=text),
            place=Cast(place, IntegerField()),
            key=F("pk"),
            told=Cast(code, text),
            more=Cast(more, text),
            within=wished if what == "commune" else Value("", output_field=text),
            named=named if what == "commune" else Value("", output_field=words),
        )
        .values_list("what", "place", "key", "told", "more", "within", "named")
        for what, rows, place, code, more in parts
    ]
    return selected[0].union(*selected[1:], all=True).order_by("what", "place", "key")
