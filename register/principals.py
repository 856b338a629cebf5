"""As whom somebody acts: a membership, an applicant, the system; never a bare user.

A principal carries the facts that rights modules read about it. They are computed from
agreements and dates in force today, so that a right ends the day its agreement ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.utils import timezone

from register.models import (
    Agreement,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    Share,
    User,
)


class PrincipalKind(StrEnum):
    """How the person came to act."""

    ANONYMOUS = "anonymous"
    APPLICANT = "applicant"
    MEMBERSHIP = "membership"
    SYSTEM = "system"


@dataclass(frozen=True)
class Principal:
    """Somebody acting in one capacity. Equality is by kind, user and membership."""

    kind: PrincipalKind
    user: User | None = None
    membership: Membership | None = None

    @property
    def organisation(self) -> Organisation | None:
        """The organisation acted for, if any."""
        return self.membership.organisation if self.membership else None

    @property
    def role(self) -> str:
        """Role code in the organisation, or an empty string."""
        return self.membership.role if self.membership else ""

    @property
    def is_manager(self) -> bool:
        """True for the manager of the shared file: the role, in the organisation that holds it."""
        organisation = self.organisation
        return (
            organisation is not None
            and organisation.kind == OrganisationKind.MANAGER
            and self.role == Role.MANAGER
        )

    @property
    def is_authenticated(self) -> bool:
        """True for anybody who signed in."""
        return self.user is not None

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """What rights modules may read about this principal (principal.*, organisation.*)."""
        facts: dict[str, Any] = {
            "principal.kind": str(self.kind),
            "principal.user_ids": frozenset({str(self.user.pk)}) if self.user else frozenset(),
            "principal.share_keys": frozenset(),
            "membership.role": self.role or None,
        }
        facts.update(_organisation_facts(self.organisation))
        return facts


def _organisation_facts(organisation: Organisation | None) -> dict[str, Any]:
    """Territories opened by the agreements in force today; all empty without one."""
    nothing: frozenset[str] = frozenset()
    facts: dict[str, Any] = {
        "organisation.kind": organisation.kind if organisation else None,
        "organisation.is_counter": organisation.is_counter if organisation else None,
        "organisation.codes": nothing,
        "organisation.departments": nothing,
        "organisation.stock_departments": nothing,
        "organisation.commune_codes": nothing,
        "organisation.epci_codes": nothing,
    }
    if organisation is None:
        return facts
    rows = _opened_today(organisation)
    departments = rows["agreement"]
    if not departments:
        return facts
    facts["organisation.codes"] = frozenset({str(organisation.pk)})
    facts["organisation.departments"] = departments
    if organisation.kind == OrganisationKind.LANDLORD:
        facts["organisation.stock_departments"] = departments & rows["stock"]
    if organisation.commune:
        facts["organisation.commune_codes"] = frozenset({organisation.commune.insee})
        # A commune counter also reads demands on its EPCI's territory (R441-2-6 d).
        epci = organisation.commune.epci_id
        facts["organisation.epci_codes"] = frozenset({epci}) if epci else nothing
    if organisation.epci_id:
        facts["organisation.epci_codes"] = frozenset({organisation.epci_id})
    if rows["share"]:
        facts["principal.share_keys"] = frozenset({str(organisation.pk)})
    return facts


def _opened_today(organisation: Organisation) -> Mapping[str, frozenset[str]]:
    """Departments of its agreements and of its stock, and whether a share holds, in one query."""
    today = timezone.localdate()
    agreements = Agreement.objects.filter(in_force_on(today), organisation=organisation)
    stock = organisation.stock.filter(homes__gt=0)
    shares = active_shares(today).filter(organisation=organisation)
    parts = [
        rows.order_by()
        .annotate(kind=Value(kind, output_field=CharField()), place=place)
        .values_list("kind", "place")
        for kind, rows, place in (
            ("agreement", agreements, F("departments")),
            ("stock", stock, F("department")),
            ("share", shares, Value("yes", output_field=CharField())),
        )
    ]
    found: dict[str, set[str]] = {"agreement": set(), "stock": set(), "share": set()}
    for kind, place in parts[0].union(*parts[1:]):
        if place is not None:
            found[kind].add(place)
    return {kind: frozenset(places) for kind, places in found.items()}


def in_force_on(day: date) -> Q:
    """Condition for rows with `starts_on` and an optional `ends_on`, both included."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def active_shares(day: date) -> Any:
    """Exceptional shares that hold on `day`: begun, not ended, not revoked."""
    return Share.objects.filter(in_force_on(day), revoked_at__isnull=True)


ANONYMOUS = Principal(PrincipalKind.ANONYMOUS)
SYSTEM = Principal(PrincipalKind.SYSTEM)


def applicant_principal(user: User) -> Principal:
    """A person acting for herself, or for those who gave her a mandate."""
    return Principal(PrincipalKind.APPLICANT, user=user)


def memberships_in_force(user: User) -> list[Membership]:
    """Memberships of an active account today, oldest first."""
    if not user.is_active:
        return []
    return list(
        Membership.objects.filter(in_force_on(timezone.localdate()), user=user)
        .select_related("organisation__commune", "organisation__epci")
        .order_by("pk")
    )


def member_principal(user: User, membership_id: int | None = None) -> Principal | None:
    """The principal of a member: the chosen membership, else the first; None without any."""
    memberships = memberships_in_force(user)
    chosen = next((m for m in memberships if m.pk == membership_id), None)
    membership = chosen or (memberships[0] if memberships else None)
    if membership is None:
        return None
    return Principal(PrincipalKind.MEMBERSHIP, user=user, membership=membership)
