"""Which body a demand waits for: the one that registered it, or the counters nearest to her wish.

Nobody walks into the online door, which the manager of the shared file holds: whoever applied there
would otherwise be nobody's. R441-2-1 lets every counter register every demand; those whose
territory holds the first wished commune look after it. No right is given here: whoever reads a list
of these combines it with `access.scope`.
"""

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from register.agreements import audiences
from register.models import (
    Commune,
    Demand,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    WishedCommune,
)
from register.principals import Principal, PrincipalKind

# The most local first: who is asked alone when one body has to be named.
LOCAL = (OrganisationKind.COMMUNE, OrganisationKind.EPCI, OrganisationKind.DEPARTMENT)
_FIRST = 1


def in_charge_of(principal: Principal) -> QuerySet[Any, Any]:
    """The keys of the demands that the principal's organisation is in charge of.

    Two lists, each read in its own index, rather than one condition that needs the whole register.
    """
    body = principal.organisation
    if body is None:
        return Demand.objects.none().values("pk")
    own = Demand.objects.filter(registered_by=body)
    territory = _territory(principal)
    if not body.is_counter or body.kind == OrganisationKind.MANAGER or not territory:
        return own.values("pk")
    wishes = WishedCommune.objects.filter(
        position=_FIRST,
        commune__in=Commune.objects.filter(territory).order_by(),
        demand__registered_by__in=_online_door(),
    )
    return own.values("pk").union(wishes.order_by().values("demand"), all=True)


def is_in_charge(principal: Principal, demand: Demand) -> bool:
    """True when the principal's organisation is in charge of this demand."""
    return Demand.objects.filter(pk=demand.pk, pk__in=in_charge_of(principal)).exists()


def body_in_charge(demand: Demand) -> Organisation:
    """The one body that a task about a demand goes to.

    Of the counters in charge, the commune's, else its EPCI's, else the department's, if its
    agreement holds today; without any, the body that registered: the manager, for the online door.
    """
    if demand.registered_by.kind != OrganisationKind.MANAGER:
        return demand.registered_by
    first = demand.wished_communes.filter(position=_FIRST).select_related("commune").first()
    if first is None:
        return demand.registered_by
    place = first.commune
    near = (
        Q(kind=OrganisationKind.COMMUNE, commune=place)
        | Q(kind=OrganisationKind.DEPARTMENT)
        | Q(kind=OrganisationKind.EPCI, epci__isnull=False, epci=place.epci_id)
    )
    found = Organisation.objects.filter(near, is_counter=True).order_by(_nearness(), "pk")
    return next((body for body in found if _looks_after(body, demand)), demand.registered_by)


def _territory(principal: Principal) -> Q:
    """The communes of the territory that the agreements in force open to the organisation.

    A commune also reads the demands of its EPCI (R441-2-6 d): it is in charge of its own.
    """
    keys = {"dep": "department", "epci": "epci", "commune": "pk"}
    if principal.facts["organisation.kind"] == OrganisationKind.COMMUNE:
        keys.pop("epci")
    held = Q()
    for audience in audiences(principal.facts):
        prefix, _, code = audience.partition(":")
        if prefix in keys:
            held |= Q((keys[prefix], code))
    return held


def _online_door() -> QuerySet[Organisation]:
    return Organisation.objects.filter(kind=OrganisationKind.MANAGER).order_by()


def _nearness() -> Case:
    ranks = [When(kind=kind, then=Value(rank)) for rank, kind in enumerate(LOCAL)]
    return Case(*ranks, output_field=IntegerField())


def _looks_after(body: Organisation, demand: Demand) -> bool:
    member = Membership(organisation=body, role=Role.AGENT)
    somebody = Principal(PrincipalKind.MEMBERSHIP, membership=member)
    return is_in_charge(somebody, demand)
