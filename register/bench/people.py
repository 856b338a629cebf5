"""In whose name the benches act: members of the organisations of the register that is there."""

from django.db.models import Q

from register import access
from register.models import Membership, OrganisationKind, Role
from register.principals import Principal, member_principal


def landlord_agent() -> Principal:
    """The agent of the landlord that may list most demands; LookupError without any."""
    members = Membership.objects.filter(
        Q(role=Role.AGENT) | Q(role=Role.LEAD), organisation__kind=OrganisationKind.LANDLORD
    ).select_related("user")
    principals = [member_principal(member.user, member.pk) for member in members]
    agents = [principal for principal in principals if principal is not None]
    if not agents:
        raise LookupError("no landlord has an agent here: load the demonstration first")
    return max(agents, key=lambda agent: access.scope(agent, access.Action.LIST).count())
