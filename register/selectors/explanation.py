"""Why a file is open, or not: rules met and not met, agreements, levels of data, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register import access, clock
from register.access import Action, Decision, FieldRights, FieldSet, Reason
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
WITHHELD = "withheld"


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
class Perimeter:
    """What a list answers from: each rule with its legal basis, and the agreements.

    `idle` are the rules written for such a person that open nothing today, `closing` those that
    may take a demand away.
    """

    opening: list[tuple[str, str]]
    idle: list[tuple[str, str]]
    closing: list[tuple[str, str]]
    through: list[Through]


@dataclass(frozen=True)
class Explanation:
    """The whole answer for one person and one file."""

    allowed: bool
    opened: tuple[Weighed, ...]
    unmet: tuple[Weighed, ...]
    guards: tuple[Weighed, ...]
    others: int
    # Rules of this person that are not told: they speak of data that is masked to the reader.
    withheld: int
    through: tuple[Through, ...]
    # Its name, whether it is allowed (None: not told), and the rules that say so.
    actions: tuple[tuple[str, bool | None, str], ...]
    data: tuple[DataLevel, ...]


def explain(
    principal: Principal, demand: Demand, *, reader: Principal | None = None
) -> Explanation:
    """Why this person may, or may not, open this file, told to her or to another `reader`.

    Rules written for other kinds of people are only counted: they say nothing of this one. So are
    those that speak of data masked to the reader: whether they are met would tell what is masked.
    """
    known = access.fields(reader or principal, demand)
    decision = access.decide(principal, Action.VIEW, demand)
    grants = [reason for reason in decision.reasons if not reason.is_guard]
    guards = [reason for reason in decision.reasons if reason.is_guard]
    concerned = [reason for reason in grants if reason.holds or reason.concerns]
    opened = told([reason for reason in grants if reason.holds], known)
    unmet = [r for r in concerned if not r.holds and known.may_be_told(r.trace.condition)]
    closing = _told_guards(guards, known)
    return Explanation(
        allowed=decision.allowed,
        opened=tuple(_weighed(reason, known) for reason in opened),
        unmet=tuple(_weighed(reason, known) for reason in unmet),
        guards=tuple(_weighed(reason, known) for reason in closing),
        others=len(grants) - len(concerned),
        withheld=len(concerned) + len(guards) - len(opened) - len(unmet) - len(closing),
        through=tuple(_through(principal, demand, known)) if decision.allowed else (),
        actions=tuple(
            (str(name), *_answer(access.decide(principal, action, demand), known))
            for action, name in ACTIONS.items()
            if action is not Action.VIEW
        ),
        data=tuple(_data(access.fields(principal, demand), known if reader else None)),
    )


def told(reasons: list[Reason], known: FieldRights) -> list[Reason]:
    """Rules that all opened, or all closed: those that tell nothing masked, if there are any.

    When there are none, that the file is open tells by itself what they speak of.
    """
    return [r for r in reasons if known.may_be_told(r.trace.condition)] or reasons


def opening_and_sparing(
    decision: Decision, known: FieldRights
) -> tuple[list[Reason], list[Reason]]:
    """The rules that open a file, and those that could have closed it, as they may be told."""
    guards = [reason for reason in decision.reasons if reason.is_guard]
    return told(list(decision.grants), known), _told_guards(guards, known)


def _told_guards(guards: list[Reason], known: FieldRights) -> list[Reason]:
    held = told([reason for reason in guards if reason.holds], known)
    return [r for r in guards if r in held or known.may_be_told(r.trace.condition)]


def perimeter(principal: Principal) -> Perimeter:
    """By which rules and agreements a person finds demands at all, whatever is hidden from her."""
    return Perimeter(
        opening=access.openings(principal, Action.LIST),
        idle=access.idle(principal, Action.LIST),
        closing=access.closings(principal, Action.LIST),
        through=_agreements(principal),
    )


def _agreements(principal: Principal) -> list[Through]:
    """The agreements by which an organisation sees demands at all; the same whatever is hidden."""
    found = (
        agreements_in_force(clock.today())
        .filter(pk__in=principal.agreements)
        .prefetch_related("departments", "epcis", "communes", "quarters__commune")
        .order_by("starts_on", "pk")
    )
    return [Through(agreement, territory(agreement)) for agreement in found]


def _answer(decision: Decision, known: FieldRights) -> tuple[bool | None, str]:
    """Whether an action is allowed, and the rules that say so; None when that tells of a mask."""
    settling = decision.grants if decision.allowed else decision.denials
    rules = [reason for reason in settling if known.may_be_told(reason.trace.condition)]
    unknown = [
        reason
        for reason in decision.reasons
        if not reason.is_guard
        and (reason.holds or reason.concerns)
        and not known.may_be_told(reason.trace.condition)
    ]
    if unknown and not rules:
        return None, ""
    return decision.allowed, _("; ").join(reason.title for reason in rules)


def _weighed(reason: Reason, known: FieldRights) -> Weighed:
    trace = reason.trace
    parts = trace.children if isinstance(trace.condition, AllOf) else (trace,)
    return Weighed(reason, tuple(line for part in parts for line in _lines(part, 0, known)))


def _lines(trace: Trace, depth: int, known: FieldRights) -> Iterator[Line]:
    written = outline(trace.condition, access.vocabulary())
    if known.may_be_told(trace.condition):
        yield Line(depth, written.text, str(TRUTHS[trace.truth]), trace.truth.value)
    else:
        yield Line(depth, written.text, _("not told: masked to you"), WITHHELD)
    if written.children:
        for child in trace.children:
            yield from _lines(child, depth + 1, known)


def _through(principal: Principal, demand: Demand, known: FieldRights) -> Iterator[Through]:
    """The agreements that would each be enough by itself.

    Of several, the one that opens tells which places are wished.
    """
    agreements = _agreements(principal)
    if len(agreements) > 1 and not known.can_read(FieldSet.WISHES):
        return
    for each in agreements:
        facts = principal.facts_under([each.agreement.pk])
        if access.scope_under(facts, Action.VIEW).filter(pk=demand.pk).exists():
            yield each


def _data(rights: FieldRights, reader: FieldRights | None) -> Iterator[DataLevel]:
    """The level of each group; another `reader` is told none that what is masked to her settles."""
    for name, text in FIELD_SETS.items():
        if reader and rights.depends_on_masked(name, reader):
            yield DataLevel(str(text), _("not told: masked to you"), WITHHELD, None)
        else:
            code, source = rights.level(name), rights.source(name, reader)
            yield DataLevel(str(text), str(LEVELS[code]), code, source)


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
