"""Rights: files that each organisation and role would gain or lose, action by action."""

from collections.abc import Iterator
from datetime import date

from register.models import Agreement, Demand, Membership, Organisation, OrganisationKind, Role
from register.principals import Principal, PrincipalKind, in_force_on
from rules import rights
from rules.kinds.rights import Action

from .counting import whole
from .frame import Bodies, Outcome, Steps, Table

ROLES = (Role.READER, Role.AGENT, Role.LEAD, Role.STATISTICS)
ACTIONS = (Action.LIST, Action.VIEW, Action.VIEW_DOCUMENT, Action.RECORD_ACT, Action.EXPORT)
MEASURE = "rights"


def simulate(bodies: Bodies, outcome: Outcome) -> Steps:
    """One table per organisation under agreement; lines are "role:action"."""
    stock = Demand.objects.all()
    outcome.stock = stock.count()
    organisations = _under_agreement(bodies.today)
    for done, organisation in enumerate(organisations):
        yield done, len(organisations)
        lines = []
        for principal in _members(organisation):
            for action in ACTIONS:
                before, after = (
                    rights.rows(each, bodies.vocabulary, principal.facts, action, bodies.today)
                    for each in (bodies.before, bodies.after)
                )
                key = f"{principal.role}:{action}"
                line = whole(stock, before, after, key, bodies.today)
                if line.before or line.after:
                    lines.append(line)
        outcome.tables.append(Table(MEASURE, "role_action", tuple(lines), organisation.code))
    outcome.tables.sort(key=lambda table: -sum(line.gained + line.lost for line in table.lines))


def _under_agreement(today: date) -> list[Organisation]:
    current = Agreement.objects.filter(in_force_on(today))
    return list(
        Organisation.objects.filter(pk__in=current.values("organisation"))
        .select_related("commune", "epci")
        .order_by("name")
    )


def _members(organisation: Organisation) -> Iterator[Principal]:
    """Somebody of each role there: never saved, and nobody in particular."""
    is_manager = organisation.kind == OrganisationKind.MANAGER
    for role in (Role.MANAGER, *ROLES) if is_manager else ROLES:
        member = Membership(organisation=organisation, role=role, starts_on=date.min)
        yield Principal(PrincipalKind.MEMBERSHIP, membership=member)
