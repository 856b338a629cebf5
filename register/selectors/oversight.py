"""What the manager looks into: people's rights, and what one sees that another does not."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils import timezone

from register import access
from register.access import Action, FieldSet
from register.models import Demand, DemandState, Look, Membership
from register.principals import Principal, in_force_on, member_principal
from rules.publication.words import ACTIONS, FIELD_SETS

MOST_PLACES = 10
SAMPLE = 5
LATEST = 20


@dataclass(frozen=True)
class Gap:
    """Demands on which one may do (or read) something that the other may not."""

    what: str
    demands: int
    states: list[tuple[str, int]]
    communes: list[tuple[str, int]]
    sample: list[Demand]


@dataclass(frozen=True)
class Comparison:
    """Both directions, and the rules that only one of the two has.

    `withheld` are the groups of which it is not told who reads what: they depend on data masked to
    the reader.
    """

    only_one: list[Gap]
    only_two: list[Gap]
    rules_one: list[tuple[str, str]]
    rules_two: list[tuple[str, str]]
    withheld: list[str]

    @property
    def is_same(self) -> bool:
        """True when neither has anything that the other has not."""
        return not (self.only_one or self.only_two or self.withheld)


def members_in_force() -> QuerySet[Membership]:
    """Everybody who acts for an organisation today."""
    return (
        Membership.objects.filter(in_force_on(timezone.localdate()), user__is_active=True)
        .select_related("user", "organisation__commune", "organisation__epci")
        .order_by("organisation__name", "role", "user__email")
    )


def principal_of_member(membership_id: int) -> Principal:
    """As this member would act; Http404 when the membership is not in force."""
    found = members_in_force().filter(pk=membership_id).first()
    principal = member_principal(found.user, found.pk) if found else None
    if principal is None:
        raise Http404
    return principal


def latest_looks() -> list[Look]:
    """The latest looks of the manager into people's rights."""
    return list(
        Look.objects.select_related(
            "user", "subject__user", "subject__organisation", "other__user", "demand"
        )[:LATEST]
    )


def compare(one: Principal, two: Principal, reader: Principal) -> Comparison:
    """What each may do or read that the other may not, by state and commune.

    `reader` is whoever looks: states, communes and sample are of demands she may list herself, and
    the others are only counted.
    """
    listed = access.scope(reader, Action.LIST)
    rules = {p: access.openings(p, Action.VIEW) for p in (one, two)}
    told = [group for group in FieldSet if _may_be_told(group, reader)]
    return Comparison(
        only_one=_gaps(one, two, listed, told),
        only_two=_gaps(two, one, listed, told),
        rules_one=[rule for rule in rules[one] if rule not in rules[two]],
        rules_two=[rule for rule in rules[two] if rule not in rules[one]],
        withheld=[str(FIELD_SETS[group]) for group in FieldSet if group not in told],
    )


def _may_be_told(group: FieldSet, reader: Principal) -> bool:
    """False when on which demands a group is read tells what this reader never reads."""
    return all(access.may_ever_read(reader, settling) for settling in access.settled_by(group))


def _gaps(
    one: Principal, two: Principal, listed: QuerySet[Demand], told: Collection[FieldSet]
) -> list[Gap]:
    found = [
        _gap(str(name), access.scope(one, action), access.scope(two, action), listed)
        for action, name in ACTIONS.items()
    ]
    found += [
        _gap(str(name), _reading(one, group), _reading(two, group), listed)
        for group, name in FIELD_SETS.items()
        if group in told
    ]
    return [gap for gap in found if gap.demands]


def _reading(principal: Principal, group: FieldSet) -> QuerySet[Demand]:
    return access.scope(principal, Action.VIEW).filter(access.readable(principal, group))


def _gap(
    what: str, mine: QuerySet[Demand], theirs: QuerySet[Demand], listed: QuerySet[Demand]
) -> Gap:
    rows = mine.exclude(pk__in=theirs.values("pk"))
    count = rows.count()
    if not count:
        return Gap(what, 0, [], [], [])
    seen = listed.filter(pk__in=rows.values("pk"))
    states = seen.order_by().values_list("state").annotate(n=Count("pk")).order_by("-n", "state")
    communes = (
        seen.order_by()
        .values_list("wished_communes__commune__name")
        .annotate(n=Count("pk", distinct=True))
        .order_by("-n", "wished_communes__commune__name")[:MOST_PLACES]
    )
    return Gap(
        what=what,
        demands=count,
        states=[(str(DemandState(code).label), n) for code, n in states],
        communes=[(name or "", n) for name, n in communes],
        sample=list(seen.order_by("-received_on", "pk")[:SAMPLE]),
    )
