"""Why a file is open, or not: rules met and not met, agreements, levels of data, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register import access, clock
from register.access import Action, FieldSet, Reason
from register.agreements import agreements_in_force
from register.models import Agreement, Demand
from register.principals import Principal
from register.selectors.agreements import territory
from rules.conditions import AllOf
from rules.explanation import Trace
from rules.publication.words import ACTIONS, FIELD_SETS
from rules.sentences import outline
from rules.types import Truth

LEVELS = {
    "none": gettext_lazy("not shown"),
    "masked": gettext_lazy("shown without detail"),
    "read": gettext_lazy("read"),
    "write": gettext_lazy("read and changed"),
}
TRUTHS = {
    Truth.TRUE: gettext_lazy("met"),
    Truth.FALSE: gettext_lazy("not met"),
    Truth.UNKNOWN: gettext_lazy("not known"),
}


@dataclass(frozen=True)
class Line:
    """One statement of a rule and what it answered; `depth` says under which it stands."""

    depth: int
    text: str
    answer: str
    truth: str


@dataclass(frozen=True)
class Weighed:
    """One rule in words: whether it counted, and each of its statements."""

    reason: Reason
    lines: tuple[Line, ...]

    @property
    def holds(self) -> bool:
        """True when the rule opened (or, for a guard, closed) the file."""
        return self.reason.holds


@dataclass(frozen=True)
class DataLevel:
    """How much of a group of data is shown, and by which rule."""

    name: str
    level: str
    code: str
    source: Reason | None


@dataclass(frozen=True)
class Through:
    """An agreement in force through which the file opens, with its territory."""

    agreement: Agreement
    territory: str


@dataclass(frozen=True)
class Explanation:
    """The whole answer for one person and one file."""

    allowed: bool
    opened: tuple[Weighed, ...]
    unmet: tuple[Weighed, ...]
    guards: tuple[Weighed, ...]
    others: int
    through: tuple[Through, ...]
    actions: tuple[tuple[str, bool, str], ...]
    data: tuple[DataLevel, ...]


def explain(principal: Principal, demand: Demand) -> Explanation:
    """Why this person may, or may not, open this file.

    Rules written for other kinds of people are only counted: they say nothing of this one.
    """
    decision = access.decide(principal, Action.VIEW, demand)
    grants = [reason for reason in decision.reasons if not reason.is_guard]
    concerned = [reason for reason in grants if reason.holds or _concerns(reason)]
    return Explanation(
        allowed=decision.allowed,
        opened=tuple(_weighed(reason) for reason in grants if reason.holds),
        unmet=tuple(_weighed(reason) for reason in concerned if not reason.holds),
        guards=tuple(_weighed(reason) for reason in decision.reasons if reason.is_guard),
        others=len(grants) - len(concerned),
        through=tuple(_through(principal, demand)) if decision.allowed else (),
        actions=tuple(
            (str(name), *_answer(access.decide(principal, action, demand)))
            for action, name in ACTIONS.items()
        ),
        data=tuple(_data(principal, demand)),
    )


def perimeter(principal: Principal) -> list[Through]:
    """The agreements by which an organisation sees demands at all; the same whatever is hidden."""
    found = (
        agreements_in_force(clock.today())
        .filter(pk__in=principal.agreements)
        .prefetch_related("departments", "epcis", "communes", "quarters__commune")
        .order_by("starts_on", "pk")
    )
    return [Through(agreement, territory(agreement)) for agreement in found]


def _answer(decision: access.Decision) -> tuple[bool, str]:
    """Whether an action is allowed, and the rules that say so."""
    rules = decision.grants if decision.allowed else decision.denials
    return decision.allowed, "; ".join(reason.title for reason in rules)


def _concerns(reason: Reason) -> bool:
    """True when the part of a grant that speaks of people is true of this person."""
    people = reason.trace.children[:1]
    return bool(people) and people[0].truth is Truth.TRUE


def _weighed(reason: Reason) -> Weighed:
    trace = reason.trace
    parts = trace.children if isinstance(trace.condition, AllOf) else (trace,)
    return Weighed(reason, tuple(line for part in parts for line in _lines(part, 0)))


def _lines(trace: Trace, depth: int) -> Iterator[Line]:
    written = outline(trace.condition, access.vocabulary())
    answer = str(TRUTHS[trace.truth])
    yield Line(depth, written.text, answer, trace.truth.value)
    if written.children:
        for child in trace.children:
            yield from _lines(child, depth + 1)


def _through(principal: Principal, demand: Demand) -> Iterator[Through]:
    """The agreements that would each be enough by itself."""
    for each in perimeter(principal):
        facts = principal.facts_under([each.agreement.pk])
        if access.scope_under(facts, Action.VIEW).filter(pk=demand.pk).exists():
            yield each


def _data(principal: Principal, demand: Demand) -> Iterator[DataLevel]:
    rights = access.fields(principal, demand)
    for name, text in FIELD_SETS.items():
        code = rights.level(name)
        yield DataLevel(str(text), str(LEVELS[code]), code, rights.sources.get(name))


def cap_words(principal: Principal) -> str:
    """What the agreements leave out, whatever the rules say; empty when they leave nothing out."""
    if not principal.agreements:
        return ""
    opened = principal.facts["organisation.data_classes"]
    missing = [str(FIELD_SETS[name]) for name in FieldSet if name.value not in opened]
    if not missing:
        return ""
    return _("No agreement in force of your organisation opens: %(groups)s.") % {
        "groups": ", ".join(missing)
    }
