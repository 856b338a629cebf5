"""Rights: files that each organisation and role would gain or lose, action by action.

The same for groups of data: files of which each would begin, or cease, to read them.
"""

from collections.abc import Callable, Collection, Iterable
from functools import partial
from itertools import product

from register.access import settled_by
from register.figures import everywhere
from register.models import Demand
from register.principals import Principal
from rules import fields as disclosure
from rules import registry, rights
from rules.formulas import Formula
from rules.kinds.fields import FieldSet
from rules.kinds.rights import Action

from .concerned import members, organisations
from .frame import Bodies, Outcome, Placed, Steps, Table
from .openings import Openings

# Always counted; the others where the version writes them anew.
ACTIONS = (Action.LIST, Action.VIEW, Action.VIEW_DOCUMENT, Action.RECORD_ACT, Action.EXPORT)

# When a file is open to somebody for one thing, under some bodies of the simulated kind.
Reading = Callable[[tuple[Placed, ...], Principal, str], Formula]


def simulate(bodies: Bodies, outcome: Outcome) -> Steps:
    """One table per organisation under agreement; lines are "role:action"."""

    def opened(placed: tuple[Placed, ...], principal: Principal, action: str) -> Formula:
        modules, today = [each.body for each in placed], bodies.today
        read = partial(rights.formula, modules, bodies.vocabulary, action=action, today=today)
        return everywhere(read, dict(principal.facts), today)

    return _by_organisation(bodies, outcome, "rights", Action, opened, ACTIONS)


def simulate_fields(bodies: Bodies, outcome: Outcome) -> Steps:
    """One table per organisation under agreement; lines are "role:group of data".

    A group is read under the agreements that name it, as everywhere. Where who reads it tells of
    health, it is counted only if the version changes it: its rules then say so (`blur`).
    """
    always = [name for name in FieldSet if FieldSet.HEALTH not in settled_by(name)]
    modules = [each.body for each in registry.in_force("rights")]

    def opened(placed: tuple[Placed, ...], principal: Principal, name: str) -> Formula:
        rules = [rule for each in placed for rule in disclosure.rules_of(each.body)]
        reading, today = disclosure.reading(rules, FieldSet(name)), bodies.today
        read = partial(
            rights.formula,
            modules,
            bodies.vocabulary,
            action=Action.VIEW,
            today=today,
            also=reading,
        )
        return everywhere(read, dict(principal.facts_for(name)), today)

    return _by_organisation(bodies, outcome, "fields", FieldSet, opened, always)


def _by_organisation(
    bodies: Bodies,
    outcome: Outcome,
    measure: str,
    things: Iterable[str],
    opened: Reading,
    always: Collection[str],
) -> Steps:
    outcome.stock = Demand.objects.count()
    concerned, asked = organisations(bodies.today), list(things)
    for done, organisation in enumerate(concerned):
        yield done, len(concerned)
        openings, lines = Openings(bodies.vocabulary), []
        for principal, thing in product(members(organisation), asked):
            before = opened(bodies.before, principal, thing)
            after = opened(bodies.after, principal, thing)
            if thing in always or before != after:
                lines.append(openings.line(f"{principal.role}:{thing}", before, after))
        outcome.questions += len(lines)
        concerning = tuple(line for line in lines if line.before or line.after)
        outcome.tables.append(Table(measure, "role_thing", concerning, organisation.code))
    outcome.tables.sort(key=lambda table: -sum(line.gained + line.lost for line in table.lines))
