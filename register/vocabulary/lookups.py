"""Keyed lookups of the set facts: one query that says whether a demand is found under some keys."""

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from register.annex import Topic
from register.household import ADULT_ROLES
from register.models import (
    Demand,
    DemandGroupPermission,
    DemandUserPermission,
    Income,
    Mandate,
    MandateScope,
    Need,
    Person,
    Share,
    WishedCommune,
)
from register.principals import in_force_on
from register.territories import territory_tree
from rules.reading import ReadOnce
from rules.territories import QUARTER

PLACES_READ, HELPERS_READ = "_wished_places_read", "_helpers_read"
SHARE_PERMISSION = "view_demand"
# Where each kind of audience is written: on the demand, or on the communes it wishes.
OWN = {"dep": "department_id", "org": "registered_by_id"}
WISHED = {"commune": "commune_id", "epci": "commune__epci_id"}


def audiences_of(key: str) -> tuple[str, ...]:
    """The audiences in which the demands of a territory are indexed: a region has several."""
    return territory_tree().departments(key) if key.startswith("region:") else (key,)


def _in_audience(keys: frozenset[str]) -> Q:
    """Told from the demand's own tables: the audience index answers faster, and only for lists.

    A quarter is reached by who wishes it, and by who wishes the whole commune that holds it.
    """
    codes: dict[str, list[str]] = {}
    for key in sorted({audience for each in keys for audience in audiences_of(each)}):
        prefix, _colon, code = key.partition(":")
        codes.setdefault(prefix, []).append(code)
    wished = Q()
    found = Q()
    for prefix, wanted in codes.items():
        if prefix == QUARTER:
            wished |= _reaching(wanted)
        elif prefix in WISHED:
            wished |= Q((f"{WISHED[prefix]}__in", wanted))
        else:
            found |= Q((f"{OWN[prefix]}__in", wanted))
    if wished:
        found |= Q(Exists(WishedCommune.objects.filter(wished, demand=OuterRef("pk"))))
    return found


def _reaching(quarters: list[str]) -> Q:
    """Wishes that reach one of these quarters; one that nobody knows is reached by none."""
    held = {code: territory_tree().commune_of(code) for code in quarters}
    known = [code for code, commune in held.items() if commune]
    whole = Q(commune_id__in=sorted({held[code] for code in known}), quarter__isnull=True)
    return whole | Q(quarter_id__in=known)


def read_once(demand: Demand) -> ReadOnce:
    """The demand as one decision reads it: what several facts ask for is looked up once.

    A copy, so that nothing read for a decision outlives it.
    """
    weighed = copy(demand)
    weighed.__dict__ |= {PLACES_READ: [], HELPERS_READ: []}
    return ReadOnce(weighed)


class Place(NamedTuple):
    """A wished commune, its EPCI, and the quarter when one is wished rather than the whole."""

    commune: str
    epci: str | None
    quarter: str | None

    @property
    def quarters(self) -> frozenset[str]:
        """The quarters that this wish reaches: its own, or all those of the whole commune."""
        tree = territory_tree()
        if self.quarter is None:
            return tree.quarters_of(self.commune)
        return frozenset({self.quarter} if tree.commune_of(self.quarter) else ())


def wished_places(demand: Demand) -> list[Place]:
    """The places that one demand wishes."""
    if "wished_communes" in getattr(demand, "_prefetched_objects_cache", {}):
        wishes = demand.wished_communes.all()
        return [Place(wish.commune_id, wish.commune.epci_id, wish.quarter_id) for wish in wishes]
    kept: list[list[Place]] | None = demand.__dict__.get(PLACES_READ)
    if kept:
        return kept[0]
    rows = demand.wished_communes.values_list("commune_id", "commune__epci_id", "quarter_id")
    places = [Place(*row) for row in rows]
    if kept is not None:
        kept.append(places)
    return places


def _of_account(keys: frozenset[str]) -> Q:
    return Q(account_id__in=[int(key) for key in keys])


def mandates_in_force(**where: Any) -> Any:
    """Mandates that hold today: begun, not ended, not revoked."""
    return Mandate.objects.filter(
        in_force_on(timezone.localdate()), revoked_at__isnull=True, **where
    )


def helpers_of(demand: Demand, scope: MandateScope) -> list[int]:
    """Who has a mandate that holds today and allows at least what this scope allows."""
    kept: list[Any] | None = demand.__dict__.get(HELPERS_READ)
    found = (
        kept[0]
        if kept
        else list(
            mandates_in_force(demand=demand, helper__isnull=False).values_list("helper_id", "scope")
        )
    )
    if kept is not None and not kept:
        kept.append(found)
    allowing = MandateScope.holding(scope)
    return [helper for helper, given in found if given in allowing]


def _with_mandate(scope: MandateScope, keys: frozenset[str]) -> Q:
    theirs = mandates_in_force(
        demand=OuterRef("pk"),
        helper_id__in=[int(key) for key in keys],
        scope__in=MandateScope.holding(scope),
    )
    return Q(Exists(theirs))


def shares_in_force(**where: Any) -> Any:
    """Exceptional shares that hold today."""
    return Share.objects.filter(in_force_on(timezone.localdate()), revoked_at__isnull=True, **where)


def granted_to(group_ids: Any) -> Any:
    """guardian's rows of the shares of these organisations."""
    return DemandGroupPermission.objects.filter(
        permission__codename=SHARE_PERMISSION, group__organisation__in=group_ids
    )


def _with_share(keys: frozenset[str]) -> Q:
    """Both rows of a share are needed: guardian's right and its dated reason."""
    organisations = [int(key) for key in keys]
    dated = shares_in_force(
        demand=OuterRef("pk"), organisation_id__in=organisations, recipient__isnull=True
    )
    granted = granted_to(organisations).filter(content_object=OuterRef("pk"))
    return Q(Exists(dated)) & Q(Exists(granted))


def granted_to_people(user_ids: Any) -> Any:
    """guardian's rows of the shares with these people."""
    return DemandUserPermission.objects.filter(
        permission__codename=SHARE_PERMISSION, user__in=user_ids
    )


def _with_person_share(keys: frozenset[str]) -> Q:
    """Keys are "account:organisation": the share is with an agent while acting for it."""
    pairs = [key.split(":") for key in sorted(keys)]
    theirs = Q(pk__in=[])
    for person, organisation in pairs:
        theirs |= Q(recipient_id=int(person), organisation_id=int(organisation))
    dated = shares_in_force(demand=OuterRef("pk")).filter(theirs)
    people = [int(person) for person, _organisation in pairs]
    granted = granted_to_people(people).filter(content_object=OuterRef("pk"))
    return Q(Exists(dated)) & Q(Exists(granted))


def _with_income(keys: frozenset[str]) -> Q:
    own = Income.objects.filter(person__demand=OuterRef("pk"), kind__in=sorted(keys))
    return Q(Exists(own))


def _of_adults(column: str, keys: frozenset[str]) -> Q:
    adults = Person.objects.filter(demand=OuterRef("pk"), role__in=ADULT_ROLES)
    return Q(Exists(adults.filter(**{f"{column}__in": sorted(keys)})))


def _with_custody(keys: frozenset[str]) -> Q:
    children = Person.objects.filter(demand=OuterRef("pk"), custody__in=sorted(keys))
    return Q(Exists(children))


def _with_need(topic: str, keys: frozenset[str]) -> Q:
    needs = Need.objects.filter(person__demand=OuterRef("pk"), topic=topic)
    return Q(Exists(needs.filter(code__in=sorted(keys))))


RELATIONS: dict[str, Callable[[frozenset[str]], Q]] = {
    "audience": _in_audience,
    "account": _of_account,
    "mandate": partial(_with_mandate, MandateScope.READ),
    "mandate_answer": partial(_with_mandate, MandateScope.ANSWER),
    "mandate_modify": partial(_with_mandate, MandateScope.MODIFY),
    "mandate_represent": partial(_with_mandate, MandateScope.REPRESENT),
    "share": _with_share,
    "person_share": _with_person_share,
    "income": _with_income,
    "work": partial(_of_adults, "work_status"),
    "employer": partial(_of_adults, "employer"),
    "custody": _with_custody,
    "equipment": partial(_with_need, Topic.EQUIPMENT),
    "steps": partial(_with_need, Topic.STEPS),
}
