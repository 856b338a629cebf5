"""Who can read a demand, by which rule, and who did (R441-2-6; R20)."""

from dataclasses import dataclass
from datetime import date, datetime
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

LATEST_READINGS = 200


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
    """One opening of the file: an organisation, never the name of its agent."""

    at: datetime
    organisation: str
    purpose: AccessPurpose
    by_helper: bool


def readings(demand: Demand) -> list[Reading]:
    """Who opened the file, the latest first; the applicant's own visits are left out.

    The pages of one document read within a minute are told once, as one reading.
    """
    rows = (
        AccessLog.objects.filter(demand=demand)
        .exclude(user=demand.account_id, organisation=None)
        .select_related("organisation")
        .order_by("-at", "-pk")[:LATEST_READINGS]
    )
    told: dict[Any, Reading] = {}
    for row in rows:
        minute = row.at.replace(second=0, microsecond=0)
        name = row.organisation.name if row.organisation else ""
        reading = Reading(row.at, name, AccessPurpose(row.purpose), row.organisation is None)
        told.setdefault(
            (minute, row.user_id, row.organisation_id, row.purpose, row.document), reading
        )
    return list(told.values())
