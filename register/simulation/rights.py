"""Rights: files that each organisation and role would gain or lose, action by action.

The same for groups of data: files of which each would begin, or cease, to read them.
"""

from collections.abc import Callable, Iterable

from django.db.models import Q

from register.models import Demand
from register.principals import Principal
from rules import fields as disclosure
from rules import registry, rights
from rules.kinds.fields import FieldSet
from rules.kinds.rights import Action

from .concerned import members, organisations
from .counting import whole
from .frame import Bodies, Outcome, Placed, Steps, Table

ACTIONS = (Action.LIST, Action.VIEW, Action.VIEW_DOCUMENT, Action.RECORD_ACT, Action.EXPORT)

# The rows open to somebody for one thing, under some bodies of the simulated kind.
Reading = Callable[[tuple[Placed, ...], Principal, str], Q | None]


def simulate(bodies: Bodies, outcome: Outcome) -> Steps:
    """One table per organisation under agreement; lines are "role:action"."""

    def rows(placed: tuple[Placed, ...], principal: Principal, action: str) -> Q | None:
        modules = [each.body for each in placed]
        return rights.rows(modules, bodies.vocabulary, principal.facts, action, bodies.today)

    return _by_organisation(bodies, outcome, "rights", ACTIONS, rows)


def simulate_fields(bodies: Bodies, outcome: Outcome) -> Steps:
    """One table per organisation under agreement; lines are "role:group of data"."""
    modules = [each.body for each in registry.in_force("rights")]

    def rows(placed: tuple[Placed, ...], principal: Principal, name: str) -> Q | None:
        rules = [rule for each in placed for rule in disclosure.rules_of(each.body)]
        reading = disclosure.reading(rules, FieldSet(name))
        facts, today = principal.facts, bodies.today
        return rights.rows(modules, bodies.vocabulary, facts, Action.VIEW, today, reading)

    return _by_organisation(bodies, outcome, "fields", FieldSet, rows)


def _by_organisation(
    bodies: Bodies, outcome: Outcome, measure: str, things: Iterable[str], rows: Reading
) -> Steps:
    stock = Demand.objects.all()
    outcome.stock = stock.count()
    concerned, asked = organisations(bodies.today), list(things)
    for done, organisation in enumerate(concerned):
        yield done, len(concerned)
        lines = [
            whole(
                stock,
                rows(bodies.before, principal, thing),
                rows(bodies.after, principal, thing),
                f"{principal.role}:{thing}",
                bodies.today,
            )
            for principal in members(organisation)
            for thing in asked
        ]
        concerning = tuple(line for line in lines if line.before or line.after)
        outcome.tables.append(Table(measure, "role_thing", concerning, organisation.code))
    outcome.tables.sort(key=lambda table: -sum(line.gained + line.lost for line in table.lines))
