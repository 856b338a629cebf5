"""As whom somebody acts: a membership, an applicant, the system; never a bare user.

A principal carries the facts that rights modules read about it. They are computed from
agreements and dates in force today, so that a right ends the day its agreement ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils import timezone

from register.agreements import Opened, facts_without_agreement, opened_today
from register.agreements import active_shares as active_shares
from register.agreements import in_force_on as in_force_on
from register.models import Mandate, Membership, Organisation, OrganisationKind, Role, User
from register.same import Fixed
from rules.kinds.fields import FieldSet


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
    # The manager who looks at the register as this person would: never more than both may see.
    observer: "Principal | None" = None
    # Of the helper at whose request an agent acts at a counter: written in each step.
    under: Mandate | None = field(default=None, compare=False)

    @property
    def organisation(self) -> Organisation | None:
        """The organisation acted for, if any."""
        return self.membership.organisation if self.membership else None

    @property
    def role(self) -> str:
        """Role code in the organisation, or an empty string."""
        return self.membership.role if self.membership else ""

    @property
    def author(self) -> "Principal":
        """Who is written in the journals: the manager, when looking as somebody."""
        return self.observer or self

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
    def is_data_protection_officer(self) -> bool:
        """True for the data-protection officer: the role, at the manager of the shared file."""
        organisation = self.organisation
        return (
            organisation is not None
            and organisation.kind == OrganisationKind.MANAGER
            and self.role == Role.DATA_PROTECTION
        )

    @property
    def is_authenticated(self) -> bool:
        """True for anybody who signed in."""
        return self.user is not None

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """What rights modules may read about this principal (principal.*, organisation.*)."""
        return self.facts_under(self._opened.terms if self._opened else ())

    @cached_property
    def facts_by_data_class(self) -> Sequence[tuple[Mapping[str, Any], frozenset[str]]]:
        """Groups of data, each with the facts of the agreements that may open it.

        An agreement caps what it opens: a group it does not name is read as if it had not been
        signed. Agreements that name the same groups share their facts.
        """
        every = frozenset(name.value for name in FieldSet)
        if self._opened is None:
            return [(self.facts, every)]
        together: dict[frozenset[int], set[str]] = {}
        for name in sorted(every):
            pks = self._opened.by_data_class.get(name, frozenset())
            together.setdefault(pks, set()).add(name)
        return [
            (self.facts if pks == self.agreements else self.facts_under(pks), frozenset(names))
            for pks, names in together.items()
        ]

    def facts_for(self, data_class: str) -> Mapping[str, Any]:
        """The facts under which this group of data is read."""
        return next(facts for facts, names in self.facts_by_data_class if data_class in names)

    def facts_under(self, agreements: Iterable[int]) -> Mapping[str, Any]:
        """The facts as if only these agreements of the organisation had been signed."""
        opened = self._opened
        facts = opened.facts(agreements) if opened else facts_without_agreement(None)
        return Fixed(
            {
                **facts,
                "principal.kind": str(self.kind),
                "principal.user_ids": frozenset({str(self.user.pk)} if self.user else ()),
                "principal.person_share_keys": self._person_share_keys(facts["organisation.codes"]),
                "membership.role": self.role or None,
            }
        )

    def _person_share_keys(self, organisations: frozenset[str]) -> frozenset[str]:
        """Under which keys shares with this agent, acting for this organisation, are found."""
        if self.user is None or self._opened is None or not self._opened.person_is_shared_with:
            return frozenset()
        return frozenset(f"{self.user.pk}:{code}" for code in organisations)

    @cached_property
    def agreements(self) -> frozenset[int]:
        """The agreements of the organisation that are in force today."""
        return frozenset(self._opened.terms) if self._opened else frozenset()

    @property
    def built(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Audiences built for the organisation: quicker to read, they open nothing."""
        return self._opened.built if self._opened else ()

    @cached_property
    def _opened(self) -> Opened | None:
        organisation = self.organisation
        return opened_today(organisation, self.user) if organisation else None


ANONYMOUS = Principal(PrincipalKind.ANONYMOUS)
SYSTEM = Principal(PrincipalKind.SYSTEM)


def applicant_principal(user: User) -> Principal:
    """A person acting for herself, or for those who gave her a mandate."""
    return Principal(PrincipalKind.APPLICANT, user=user)


def at_the_request_of(principal: Principal, mandate: Mandate | None) -> Principal:
    """The same agent, acting for a helper who stands at the counter; None: for the applicant."""
    return replace(principal, under=mandate) if mandate else principal


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


def as_of_now(principal: Principal) -> Principal | None:
    """The same member with the rights of this moment; None when she no longer acts as such."""
    if principal.user is None or principal.membership is None:
        return None
    user = User.objects.filter(pk=principal.user.pk).first()
    held = memberships_in_force(user) if user else []
    if principal.membership.pk not in {membership.pk for membership in held}:
        return None
    return member_principal(user, principal.membership.pk) if user else None
