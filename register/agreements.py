"""What agreements open today: the territories, purposes and groups of data of an organisation.

Rights modules read these facts about whoever acts. They are computed at each request from the
agreements that are signed and in force, so that rights end with them (CCH R441-2-5, R441-2-6).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    CharField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from register.models import (
    Agreement,
    AgreementStatus,
    BuildState,
    BuiltAudience,
    Commune,
    Organisation,
    OrganisationKind,
    Share,
    StockHolding,
    User,
    built_key,
)
from rules import registry
from rules.comparing import months_between
from rules.statements import statement

NOTHING: frozenset[str] = frozenset()
# The places that an agreement names.
_NAMED = ("departments", "epcis", "communes", "quarters")
_OF_LANDLORDS = {
    "dep": "departments",
    "epci": "epcis",
    "commune": "communes",
    "quarter": "quarters",
}
Facts = dict[str, Any]


def in_force_on(day: date) -> Q:
    """Condition for rows with `starts_on` and an optional `ends_on`, both included."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def agreements_in_force(day: date) -> QuerySet[Agreement]:
    """Agreements that open something on this day: signed, begun, neither suspended nor ended."""
    return Agreement.objects.filter(in_force_on(day), status=AgreementStatus.SIGNED)


@dataclass
class Terms:
    """What one agreement says, as codes."""

    departments: set[str] = field(default_factory=set)
    epcis: set[str] = field(default_factory=set)
    communes: set[str] = field(default_factory=set)
    quarters: set[str] = field(default_factory=set)
    stock_epcis: set[str] = field(default_factory=set)
    stock_communes: set[str] = field(default_factory=set)
    stock_quarters: set[str] = field(default_factory=set)
    data_classes: frozenset[str] = NOTHING
    purposes: frozenset[str] = NOTHING
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Opened:
    """Everything that opens something to an organisation today, read at once."""

    organisation: Organisation
    terms: Mapping[int, Terms]
    stock: frozenset[str]
    epci_departments: frozenset[str]
    is_shared_with: bool
    person_is_shared_with: bool
    # Audiences built and ready, each with the audiences that it stands for.
    built: tuple[tuple[str, frozenset[str]], ...] = ()

    @cached_property
    def by_data_class(self) -> Mapping[str, frozenset[int]]:
        """For each group of data, the agreements that may open it."""
        found: dict[str, set[int]] = {}
        for pk, terms in self.terms.items():
            for name in terms.data_classes:
                found.setdefault(name, set()).add(pk)
        return {name: frozenset(pks) for name, pks in found.items()}

    def facts(self, agreements: Iterable[int]) -> Facts:
        """The facts of the organisation as if only these agreements had been signed."""
        chosen = [self.terms[pk] for pk in agreements]
        facts = facts_without_agreement(self.organisation)
        if not chosen:
            return facts
        departments = _all(terms.departments for terms in chosen)
        facts |= {
            "organisation.codes": frozenset({str(self.organisation.pk)}),
            "organisation.departments": departments,
            "organisation.commune_codes": _all(self._communes(terms) for terms in chosen),
            "organisation.epci_codes": _all(self._epcis(terms) for terms in chosen),
            "organisation.quarter_codes": _all(terms.quarters for terms in chosen),
            "organisation.data_classes": _all(terms.data_classes for terms in chosen),
            "organisation.purposes": _all(terms.purposes for terms in chosen),
            **_dates(chosen),
        }
        if self.organisation.kind == OrganisationKind.LANDLORD:
            facts["organisation.stock_departments"] = departments & self.stock
            facts["organisation.stock_epcis"] = _all(terms.stock_epcis for terms in chosen)
            facts["organisation.stock_communes"] = _all(terms.stock_communes for terms in chosen)
            facts["organisation.stock_quarters"] = _all(terms.stock_quarters for terms in chosen)
        if self.is_shared_with:
            facts["principal.share_keys"] = frozenset({str(self.organisation.pk)})
        return facts

    def _communes(self, terms: Terms) -> set[str]:
        """The communes that the agreement names, and the body's own when it lies inside."""
        own = self.organisation.commune
        inside = own is not None and (
            own.department_id in terms.departments
            or own.epci_id in terms.epcis
            or own.insee in terms.communes
        )
        return terms.communes | ({own.insee} if own is not None and inside else set())

    def _epcis(self, terms: Terms) -> set[str]:
        """The EPCIs that the agreement names, and the body's own when it lies in its departments.

        A commune counter also reads demands on its EPCI's territory (R441-2-6 d).
        """
        own = self.organisation.commune
        found = set(terms.epcis)
        if own is not None and own.epci_id and own.department_id in terms.departments:
            found.add(own.epci_id)
        if self.organisation.epci_id and terms.departments & self.epci_departments:
            found.add(self.organisation.epci_id)
        return found


def facts_without_agreement(organisation: Organisation | None) -> Facts:
    """What is known of a body that no agreement opens anything to."""
    return {
        "organisation.kind": organisation.kind if organisation else None,
        "organisation.is_counter": organisation.is_counter if organisation else None,
        "organisation.codes": NOTHING,
        "organisation.departments": NOTHING,
        "organisation.stock_departments": NOTHING,
        "organisation.stock_epcis": NOTHING,
        "organisation.stock_communes": NOTHING,
        "organisation.stock_quarters": NOTHING,
        "organisation.commune_codes": NOTHING,
        "organisation.epci_codes": NOTHING,
        "organisation.quarter_codes": NOTHING,
        "organisation.data_classes": NOTHING,
        "organisation.purposes": NOTHING,
        "organisation.agreement_starts_on": None,
        "organisation.agreement_ends_on": None,
        "organisation.agreement_months_left": None,
        "principal.share_keys": NOTHING,
    }


def opened_today(
    organisation: Organisation, user: User | None = None, *, also: int | None = None
) -> Opened:
    """What opens something to this organisation, and to this member of it, in one query.

    The same query tells which rules are in force: whoever asks what is open reads them next.
    `also` reads one more agreement as if it were in force: what a draft would open.
    """
    body = (organisation.pk, organisation.kind, organisation.epci_id)
    person = user.pk if user else None
    lines = statement(_rows, body, person, registry.today(), also).rows()
    registry.remember([line for line in lines if line[0] == registry.STAMP])
    rows = [line for line in lines if line[0] != registry.STAMP]
    terms: dict[int, Terms] = {}
    others: dict[str, set[str]] = {}
    built: dict[str, frozenset[str]] = {}
    for kind, place, more, agreement in rows:
        if kind == "built":
            built[built_key(organisation.pk, more)] = frozenset(json.loads(place))
        elif agreement:
            terms.setdefault(agreement, Terms())
        else:
            others.setdefault(kind, set()).add(place)
    stock = frozenset(others.get("stock", ()))
    for kind, place, more, agreement in rows:
        if agreement and place is not None:
            _say(terms[agreement], kind, place, more, stock)
    return Opened(
        organisation=organisation,
        terms=terms,
        stock=stock,
        epci_departments=frozenset(others.get("epci_department", ())),
        is_shared_with="share" in others,
        person_is_shared_with="person_share" in others,
        built=tuple(sorted(built.items())),
    )


def _say(terms: Terms, kind: str, place: str, more: str | None, stock: frozenset[str]) -> None:
    """Put in the terms of an agreement one thing that it says.

    `more` is the purposes beside the groups of data, the last day beside the first, or for a
    landlord the department of a place, of an EPCI one where it has homes.
    """
    if kind == "data_classes":
        terms.data_classes = frozenset(json.loads(place))
        terms.purposes = frozenset(json.loads(more or "[]"))
        return
    if kind == "dates":
        terms.starts_on = date.fromisoformat(place)
        terms.ends_on = date.fromisoformat(more) if more else None
        return
    getattr(terms, kind).add(place)
    if kind in ("epcis", "communes", "quarters") and more in stock:
        getattr(terms, f"stock_{kind}").add(place)


def _rows(
    body: tuple[int, str, str | None], person: int | None, today: date, also: int | None
) -> QuerySet[Any, Any]:
    """Lines "what, code, what more, of which agreement": few tables, for the database to plan."""
    organisation, kind, epci = body
    read = Q(in_force_on(today), status=AgreementStatus.SIGNED) | Q(pk=also)
    agreements = Agreement.objects.filter(read, organisation=organisation)
    told = Q(recipient__isnull=True) | Q(recipient=person)
    shares = active_shares(today).filter(told, organisation=organisation)
    ready = BuiltAudience.objects.filter(organisation=organisation, state=BuildState.READY)
    stock = StockHolding.objects.filter(organisation=organisation, homes__gt=0)
    is_landlord = kind == OrganisationKind.LANDLORD
    text, none = CharField(), Value(0, output_field=IntegerField())
    no_more = Value("", output_field=text)
    places = _places_of(stock) if is_landlord else {}
    shared = Case(
        When(recipient__isnull=True, then=Value("share")),
        default=Value("person_share"),
        output_field=text,
    )
    parts: list[tuple[Any, QuerySet[Any], Any, Any, Any]] = [
        ("data_classes", agreements, Cast("data_classes", text), Cast("purposes", text), F("pk")),
        ("dates", agreements, Cast("starts_on", text), Cast("ends_on", text), F("pk")),
        *((what, agreements, F(what), places.get(what, no_more), F("pk")) for what in _NAMED),
        (shared, shares, no_more, no_more, none),
        ("built", ready, Cast("keys", text), Cast("pk", text), none),
    ]
    if epci:
        communes = Commune.objects.filter(epci=epci)
        parts.append(("epci_department", communes, F("department"), no_more, none))
    if is_landlord:
        parts.append(("stock", stock, F("department"), no_more, none))
    selected = [
        rows.order_by()
        .annotate(
            what=Value(what, output_field=text) if isinstance(what, str) else what,
            place=place,
            more=more,
            of=of,
        )
        .values_list("what", "place", "more", "of")
        for what, rows, place, more, of in parts
    ]
    return selected[0].union(*selected[1:], registry.stamp_lines(today), all=True)


def _places_of(stock: QuerySet[StockHolding]) -> dict[str, Any]:
    """The department of each kind of place; of an EPCI, which may lie in several, one of these."""
    inside = Commune.objects.filter(
        epci=OuterRef("epcis"), department__in=stock.values("department")
    ).order_by()
    return {
        "epcis": Subquery(inside.values("department")[:1]),
        "communes": F("communes__department"),
        "quarters": F("quarters__commune__department"),
    }


def active_shares(day: date) -> QuerySet[Share]:
    """Exceptional shares that hold on `day`: begun, not ended, not revoked."""
    return Share.objects.filter(in_force_on(day), revoked_at__isnull=True)


def is_party(organisation: Organisation | None, agreement: Agreement) -> bool:
    """True for the body that the agreement opens demands to, and for those that sign with it."""
    if organisation is None:
        return False
    if organisation.pk == agreement.organisation_id:
        return True
    return agreement.co_signers.filter(pk=organisation.pk).exists()


@dataclass(frozen=True)
class Perimeter:
    """The audiences that one agreement opens, and which state of the agreement they are of."""

    keys: frozenset[str]
    generation: int


def perimeter(agreement: Agreement) -> Perimeter:
    """The audiences (`dep:21`, `epci:…`, `commune:…`, `quarter:…`) that it opens today.

    None when it is not in force. `generation` rises with every change of what it opens, so that
    what was prepared for another state of it is known to be stale.
    """
    opened = opened_today(agreement.organisation)
    if agreement.pk not in opened.terms:
        return Perimeter(NOTHING, agreement.generation)
    return Perimeter(audiences(opened.facts([agreement.pk])), agreement.generation)


def audiences(facts: Mapping[str, Any]) -> frozenset[str]:
    """The audiences of the territories in these facts, as the rules read them by kind of body."""
    kind = facts["organisation.kind"]
    read = {
        "dep": "departments",
        "epci": "epci_codes",
        "commune": "commune_codes",
        "quarter": "quarter_codes",
    }
    if kind == OrganisationKind.LANDLORD:
        read = {prefix: f"stock_{name}" for prefix, name in _OF_LANDLORDS.items()}
    elif kind in (OrganisationKind.COMMUNE, OrganisationKind.EPCI):
        read.pop("dep")
    return frozenset(
        f"{prefix}:{code}"
        for prefix, name in read.items()
        for code in facts[f"organisation.{name}"]
    )


def _dates(chosen: Sequence[Terms]) -> Facts:
    """From which day to which these agreements hold together; no last day when one has none."""
    starts = [terms.starts_on for terms in chosen if terms.starts_on]
    ends = [terms.ends_on for terms in chosen if terms.ends_on]
    last = max(ends) if len(ends) == len(chosen) else None
    left = None if last is None else months_between(registry.today(), last)
    return {
        "organisation.agreement_starts_on": min(starts, default=None),
        "organisation.agreement_ends_on": last,
        # A draft read as if it were in force may be over already.
        "organisation.agreement_months_left": None if left is None else max(left, 0),
    }


def _all(sets: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
