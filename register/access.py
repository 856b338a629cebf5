"""The only place that answers "may this person do this to this demand?" (CCH R441-2-6).

`scope` answers for lists, counts, exports and figures; `decide` for one demand, with reasons;
`fields` says what of it may be read or written. The first two read the rights modules in force:
a grant opens (any of them), a guard takes away (each of them), and nothing else gives anything.
The third reads the fields modules, for a demand that the rights open.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from register.disclosed import FieldRights, Reason, Source, widest
from register.figures import is_excluded, is_possible, with_figures
from register.models import Demand
from register.numbers import is_number
from register.principals import Principal
from register.rights import Right, covers, right
from register.vocabulary.groups import groups_of
from register.vocabulary.lookups import read_once
from rules import fields as disclosure
from rules import registry, rights
from rules.conditions import facts_used
from rules.explanation import Trace
from rules.kinds import Body
from rules.kinds.fields import FieldRule, FieldSet, Level
from rules.kinds.rights import Action, Grant, Guard, Rights
from rules.reading import ReadOnce
from rules.registry import Installed
from rules.snapshots import Asked, snapshot
from rules.vocabulary import Vocabulary

__all__ = [
    "Action",
    "Decision",
    "FieldRights",
    "FieldSet",
    "Level",
    "Reason",
    "can_use_desk",
    "closings",
    "decide",
    "fields",
    "get_demand",
    "idle",
    "may_ever",
    "may_ever_read",
    "openings",
    "openings_under",
    "reach",
    "read_in_all",
    "readable",
    "reads_all",
    "scope",
    "scope_under",
    "settled_by",
]


@dataclass(frozen=True)
class Weighing:
    """What it takes to make a decision again: versions, facts asked for, day and outcome."""

    version_ids: list[int]
    asked: Asked
    row: ReadOnce
    outcome: Mapping[str, Any]
    on: date

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the rules asked for, as JSON."""
        return snapshot(self.asked, self.row, vocabulary())


@dataclass(frozen=True)
class Decision:
    """The answer for one demand, with everything that was weighed."""

    allowed: bool
    weighing: Weighing = field(compare=False, repr=False)
    read: rights.RightsDecision = field(compare=False, repr=False)
    modules: tuple[Installed[Rights], ...] = field(compare=False, repr=False)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every rule that was read, in words: put together for those only who ask why."""
        owners = _owners(self.modules)
        grants = (
            _reason(owners[id(o.grant)], o.grant, o.trace, holds=o.gives) for o in self.read.grants
        )
        guards = (
            _reason(owners[id(o.guard)], o.guard, o.trace, holds=o.denies) for o in self.read.guards
        )
        return (*grants, *guards)

    @property
    def grants(self) -> tuple[Reason, ...]:
        """The grants that opened the file."""
        return tuple(r for r in self.reasons if r.holds and not r.is_guard)

    @property
    def denials(self) -> tuple[Reason, ...]:
        """The guards that closed it."""
        return tuple(r for r in self.reasons if r.holds and r.is_guard)

    @property
    def rule_versions(self) -> list[int]:
        """Identifiers of the module versions that made this decision."""
        owners = _owners(self.modules)
        rules = (*self.read.granted_by, *self.read.denied_by)
        return sorted({owners[id(rule)].version_id for rule in rules})


def vocabulary() -> Vocabulary:
    """The register's facts, answers to local questions included."""
    return registry.vocabulary()


def scope(principal: Principal, action: Action | str) -> QuerySet[Demand]:
    """The demands on which the principal may do this action; empty unless a grant opens some."""
    return reach(principal, action).demands


def reach(principal: Principal, action: Action | str) -> Right:
    """The right behind `scope`, with what the audience index can answer of it."""
    facing = list(_facing(principal))
    built = tuple(each for one in facing for each in one.built)
    return right([one.facts for one in facing], action, built=built)


def scope_under(facts: Mapping[str, Any], action: Action | str) -> QuerySet[Demand]:
    """The demands open to whoever has these facts: what an agreement opens, before it is signed."""
    return right([facts], action).demands


def may_ever(principal: Principal, action: Action | str) -> bool:
    """True when some demand could be open to the principal for this action, whatever its facts."""
    return not reach(principal, action).is_empty


def can_use_desk(principal: Principal) -> bool:
    """True for a member whose rights open a list of named files."""
    return principal.membership is not None and may_ever(principal, Action.LIST)


def openings(principal: Principal, action: Action | str) -> list[tuple[str, str]]:
    """Title and legal basis of each grant that may open some demand: the principal's perimeter."""
    return openings_under(principal.facts, action)


def idle(principal: Principal, action: Action | str) -> list[tuple[str, str]]:
    """The grants written for such a person that can open no demand to her today."""
    today, facts = registry.today(), principal.facts
    return [
        (str(grant.title), grant.legal_basis)
        for module in registry.in_force("rights")
        for grant in module.body.grants
        if Action(action) in grant.actions
        and is_possible(grant.principal, facts, today)
        and not is_possible(grant.condition, facts, today)
    ]


def closings(principal: Principal, action: Action | str) -> list[tuple[str, str]]:
    """Title and legal basis of each guard that may close some demand to the person."""
    today, facts = registry.today(), principal.facts
    return [
        (str(guard.title), guard.legal_basis)
        for module in registry.in_force("rights")
        for guard in module.body.guards
        if Action(action) in guard.actions and not is_excluded(guard.deny_when, facts, today)
    ]


def openings_under(facts: Mapping[str, Any], action: Action | str) -> list[tuple[str, str]]:
    """The same for whoever has these facts."""
    today = registry.today()
    return [
        (str(grant.title), grant.legal_basis)
        for module in registry.in_force("rights")
        for grant in module.body.grants
        if Action(action) in grant.actions and is_possible(grant.condition, facts, today)
    ]


def decide(
    principal: Principal, action: Action | str, demand: Demand, *, thorough: bool = False
) -> Decision:
    """The same rules read as an explanation, for one demand.

    Rules are read until the answer is certain; `thorough` reads them to their end, for whoever
    wants to know all that failed.
    """
    facts = principal.facts  # read first: the rules in force come with them
    modules, today = registry.in_force("rights"), registry.today()
    known = with_figures(facts, demand.department_id, today)
    asked, row = Asked(known), read_once(demand)
    decided = _weigh(modules, asked, action, row, thorough=thorough)
    observer = principal.observer
    seen = observer is None or decide(observer, action, demand).allowed
    versions = [module.version_id for module in modules]
    weighing = Weighing(versions, asked, row, decided.outcome, today)
    return Decision(decided.allowed and seen, weighing, decided, modules)


def fields(principal: Principal, demand: Demand) -> FieldRights:
    """The widest level that the rules true of this demand give to each group of data.

    Nothing of a demand that the principal may not open. A group that some agreements only may open
    is read as if the others had not been signed.
    """
    named: dict[str, list[Source]] = defaultdict(list)
    for facts, names in principal.facts_by_data_class:
        for module, outcome in _outcomes(facts, demand):
            reason = _reason(module, outcome.rule, outcome.trace, holds=outcome.holds)
            levels = outcome.rule.levels if reason.concerns else {}
            for name in levels.keys() & names:
                named[name].append(Source(levels[name], reason))
    sources = {name: tuple(found) for name, found in named.items()}
    given = FieldRights({name: widest(found) for name, found in sources.items()}, sources)
    return given.within(fields(principal.observer, demand)) if principal.observer else given


def _outcomes(
    facts: Mapping[str, Any], demand: Demand
) -> list[tuple[Installed[Body], disclosure.FieldOutcome]]:
    """What each rule that discloses data answers of a demand that these facts open."""
    row, today = read_once(demand), registry.today()
    known = with_figures(facts, demand.department_id, today)
    if not _weigh(registry.in_force("rights"), known, Action.VIEW, row).allowed:
        return []
    found = _field_rules()
    weighed = disclosure.weigh([rule for _module, rule in found], vocabulary(), known, row, today)
    return [(module, each) for (module, _rule), each in zip(found, weighed, strict=True)]


def readable(principal: Principal, field_set: FieldSet | str) -> Q:
    """The SQL reading of `fields`: true for the rows of which this field set may be read.

    Lists use it to mask line by line in the query itself, and to keep searches from telling
    what the line hides. It does not open a row: combine it with `scope`.
    """
    return _reading(principal, FieldSet(field_set)).query


def may_ever_read(principal: Principal, field_set: FieldSet | str) -> bool:
    """True when the principal may read this group of data in some demand."""
    return not _reading(principal, FieldSet(field_set)).is_empty


def settled_by(field_set: FieldSet | str) -> frozenset[FieldSet]:
    """The groups of data that tell on which demands this one is read.

    Who reads a group that a rule opens to people with a disability tells who has one.
    """
    name = FieldSet(field_set)
    rows = [rule.row for _module, rule in _field_rules() if rule.level(name).can_read]
    facts = {code for row in rows for code in facts_used(row)}
    return frozenset[FieldSet]().union(*(groups_of(vocabulary().fact(code)) for code in facts))


def reads_all(principal: Principal, action: Action | str, field_set: FieldSet | str) -> bool:
    """True when this group may be read in each demand that is open for this action.

    False is no proof of the contrary: ask for each row (`readable`).
    """
    return bool(read_in_all(principal, action, [FieldSet(field_set)]))


def read_in_all(
    principal: Principal, action: Action | str, field_sets: Iterable[FieldSet]
) -> frozenset[FieldSet]:
    """Those of these groups that may be read in each demand that is open for this action."""
    opened = reach(principal, action)
    return frozenset(name for name in field_sets if covers(_reading(principal, name), opened))


def _reading(principal: Principal, name: FieldSet) -> Right:
    """Where this group of data may be read."""
    return right([facing.facts_for(name) for facing in _facing(principal)], Action.VIEW, name)


def _facing(principal: Principal) -> Iterator[Principal]:
    """The person, and whoever looks at the register as she would: both must have the right."""
    yield principal
    if principal.observer:
        yield from _facing(principal.observer)


def get_demand(principal: Principal, action: Action | str, number: str) -> Demand:
    """The demand of this number, if the principal may do this to it.

    Raises Http404 in the same way for an unknown number, a foreign one and a malformed one.
    """
    demand = scope(principal, action).filter(number=number).first() if is_number(number) else None
    if demand is None:
        raise Http404
    return demand


def _field_rules() -> list[tuple[Installed[Body], FieldRule]]:
    """The rules that disclose data, each with its module: fields modules first."""
    modules: tuple[Installed[Any], ...] = (
        *registry.in_force("fields"),
        *registry.in_force("rights"),
    )
    return [(module, rule) for module in modules for rule in disclosure.rules_of(module.body)]


def _weigh(
    modules: Iterable[Installed[Rights]],
    facts: Mapping[str, Any],
    action: Action | str,
    row: ReadOnce,
    *,
    thorough: bool = False,
) -> rights.RightsDecision:
    bodies, today = [module.body for module in modules], registry.today()
    return rights.decide(bodies, vocabulary(), facts, action, row, today, thorough=thorough)


def _owners(modules: Iterable[Installed[Rights]]) -> dict[int, Installed[Rights]]:
    """The module of each grant and guard."""
    return {
        id(rule): module
        for module in modules
        for rule in (*module.body.grants, *module.body.guards)
    }


def _reason(
    module: Installed[Body], rule: Grant | Guard | FieldRule, trace: Trace, *, holds: bool
) -> Reason:
    return Reason(
        code=rule.code,
        title=str(rule.title),
        legal_basis=rule.legal_basis,
        module=module.code,
        version=module.number,
        version_id=module.version_id,
        is_guard=isinstance(rule, Guard),
        holds=holds,
        trace=trace,
    )
