"""Who can read a demand, by which rule, and who did (R441-2-6; R20)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.utils import timezone

from register import access
from register.agreements import agreements_in_force
from register.models import (
    AccessLog,
    AccessPurpose,
    Demand,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
)
from register.principals import Principal, PrincipalKind
from register.selectors.separations import Withheld, month_of

# A page or a paper tells the latest readings; the file for a computer holds every one.
SHOWN_READINGS = 200
READ_AT_ONCE = 2_000  # rows of the journal held in memory


@dataclass(frozen=True)
class Reader:
    """An organisation whose members may open the demand, and every rule that lets them."""

    organisation: Organisation
    rules: tuple[access.Reason, ...]


@dataclass(frozen=True)
class Rule:
    """A rule that opens the demand, with the organisations it opens it to."""

    code: str
    title: str
    legal_basis: str
    organisations: tuple[Organisation, ...]


def who_can_see(demand: Demand) -> list[Reader]:
    """Organisations with an agreement in force whose ordinary member could open this demand.

    Asked of `access` for each, as if one of its members were at the door: the list cannot say
    anything else than what would happen.
    """
    seen = (
        Demand.objects.prefetch_related("wished_communes__commune")
        .select_related("facts")
        .get(pk=demand.pk)
    )
    readers = []
    for organisation in under_agreement():
        decision = _opened_to(organisation, seen)
        if decision.allowed:
            readers.append(Reader(organisation, decision.grants))
    return readers


def may_open(organisation: Organisation, demand: Demand) -> bool:
    """True when an ordinary member of this body could open the demand."""
    return _opened_to(organisation, demand).allowed


def _opened_to(organisation: Organisation, demand: Demand) -> access.Decision:
    return access.decide(_typical_reader(organisation, demand), access.Action.VIEW, demand)


def by_rule(readers: list[Reader]) -> list[Rule]:
    """The same answer told rule by rule, in the order in which the rules are met."""
    rules: dict[str, access.Reason] = {}
    opened: dict[str, list[Organisation]] = {}
    for reader in readers:
        for reason in reader.rules:
            rules.setdefault(reason.code, reason)
            opened.setdefault(reason.code, []).append(reader.organisation)
    return [
        Rule(code, reason.title, reason.legal_basis, tuple(opened[code]))
        for code, reason in rules.items()
    ]


def under_agreement() -> list[Organisation]:
    """Landlords first, then the others in the order of the law."""
    current = agreements_in_force(timezone.localdate())
    found = (
        Organisation.objects.filter(pk__in=current.values("organisation"))
        .select_related("commune", "epci")
        .order_by("name")
    )
    kinds = list(OrganisationKind.values)
    return sorted(found, key=lambda organisation: kinds.index(organisation.kind))


def _typical_reader(organisation: Organisation, demand: Demand) -> Principal:
    """Somebody who reads files there: never saved, and nobody in particular.

    A sealed file is asked for by a team lead, the only one to whom it may be open.
    """
    role = Role.LEAD if demand.is_sealed else Role.READER
    if organisation.kind == OrganisationKind.MANAGER:
        role = Role.MANAGER
    member = Membership(organisation=organisation, role=role, starts_on=date.min)
    return Principal(PrincipalKind.MEMBERSHIP, membership=member)


@dataclass(frozen=True)
class Reading:
    """One opening of the file: an organisation, never the name of its agent.

    `is_discreet`: by the body that recorded a separation, which is told neither by its name nor by
    its day; `at` is then the first of the month.
    """

    at: datetime
    organisation: str
    purpose: AccessPurpose
    by_helper: bool = False
    is_discreet: bool = False


@dataclass(frozen=True)
class LatestReadings:
    """The latest readings of a file, and how many more the register keeps."""

    shown: list[Reading]
    more: int


def latest_readings(demand: Demand) -> LatestReadings:
    """What a page or a paper has room for: none is left out without being counted."""
    every = readings(demand)
    shown = list(islice(every, SHOWN_READINGS))
    return LatestReadings(shown, sum(1 for _each in every))


def readings(demand: Demand) -> Iterator[Reading]:
    """Every opening of the file, the latest first; the applicant's own visits are left out.

    The pages of one document read within a minute are told once, as one reading. They are read
    part by part: a file that is in every export of every body was opened thousands of times.
    """
    rows = (
        AccessLog.objects.filter(demand=demand)
        .exclude(user=demand.account_id, organisation=None)
        .order_by("-at", "-pk")
        .values_list("at", "user", "organisation", "organisation__name", "purpose", "document")
    )
    withheld, held = Withheld(demand), list[Reading]()
    told: set[Any] = set()
    last = None
    for at, user, body, name, purpose, document in rows.iterator(chunk_size=READ_AT_ONCE):
        minute = at.replace(second=0, microsecond=0)
        if minute != last:
            told.clear()
        last = minute
        if (user, body, purpose, document) not in told:
            told.add((user, body, purpose, document))
            if held and month_of(at) < held[0].at:
                yield from held
                held.clear()
            if withheld.has(body, at):
                # Last of its month: its place would tell its day.
                held.append(Reading(month_of(at), "", AccessPurpose(purpose), is_discreet=True))
                continue
            yield Reading(at, name or "", AccessPurpose(purpose), by_helper=body is None)
    yield from held
