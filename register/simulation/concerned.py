"""On whom rules of access are tried: one member of each role of each organisation."""

from collections.abc import Iterator
from datetime import date

from register.models import Agreement, Membership, Organisation, OrganisationKind, Role
from register.principals import Principal, PrincipalKind, in_force_on

ROLES = (Role.READER, Role.AGENT, Role.LEAD, Role.STATISTICS)


def organisations(today: date) -> list[Organisation]:
    """Those with an agreement in force: nobody else has any right."""
    current = Agreement.objects.filter(in_force_on(today))
    return list(
        Organisation.objects.filter(pk__in=current.values("organisation"))
        .select_related("commune", "epci")
        .order_by("name")
    )


def members(organisation: Organisation) -> Iterator[Principal]:
    """Somebody of each role there: never saved, and nobody in particular."""
    is_manager = organisation.kind == OrganisationKind.MANAGER
    for role in (Role.MANAGER, *ROLES) if is_manager else ROLES:
        member = Membership(organisation=organisation, role=role, starts_on=date.min)
        yield Principal(PrincipalKind.MEMBERSHIP, membership=member)
