"""Priorities of a demand as a reader may know them, and the lists that are filtered by them.

What tells of health or violence needs the right to read health; what the rules noticed from
resources, the right to read those. Whoever may not know is told nothing, not even a count.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F, Q, Value
from django.db.models.lookups import GreaterThan

from register import access, bits, clock, codes
from register.access import FieldRights
from register.models import Demand, Label
from register.parameters import parameter_bindings
from register.principals import Principal
from register.priorities import EVERY, SENSITIVE, detections, module_of
from rules import registry
from rules.conditions import Condition, facts_used
from rules.facts import Fact
from rules.kinds.priority import Priorities, Priority
from rules.priority import Detection
from rules.registry import Installed
from rules.sentences import sentence

TO_EXAMINE = "to_examine"
RECOGNISED = "recognised:"


@dataclass(frozen=True)
class PriorityView:
    """One priority of a demand: what was noticed, and what somebody answered about it.

    `status` is `recognised`, `refused`, `detected` (nobody answered yet) or `to_complete`.
    """

    code: str
    title: str
    status: str
    answer: Label | None = None
    noticed_when: str = ""
    missing: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    legal_basis: str = ""
    module: str = ""
    version: int = 0


def priorities_of(demand: Demand, rights: FieldRights) -> list[PriorityView]:
    """What this reader may know of the priorities of a demand, DALO first."""
    if not rights.can_read("score") or demand.is_association:
        return []
    today = clock.today()
    answers = _answers(demand, today)
    module = module_of(demand.department_id)
    found = detections(demand, parameter_bindings(demand.department_id, today), today)
    noticed = {detection.rule.code: detection for detection in found}
    views = [
        _view(code, answers.get(code), noticed.get(code), rights, module)
        for code in dict.fromkeys([*noticed, *answers])
        if rights.can_read("health") or code not in codes.SENSITIVE_LABELS
    ]
    return [view for view in views if view is not None]


def _answers(demand: Demand, today: date) -> dict[str, Label]:
    """The latest answer that stands about each priority."""
    rows = demand.labels.select_related("granted_by", "document").order_by("valid_from", "pk")
    return {label.code: label for label in rows if label.holds_on(today)}


def _view(
    code: str,
    answer: Label | None,
    noticed: Detection | None,
    rights: FieldRights,
    module: Installed[Priorities] | None,
) -> PriorityView | None:
    may_know = noticed is not None and _may_know(noticed.rule, rights)
    outcome = noticed.outcome if noticed is not None and may_know else "not_detected"
    if answer is None and outcome == "not_detected":
        return None
    title = str(dict(codes.PriorityLabel.choices)[code])
    view = PriorityView(code, title, answer.decision if answer else outcome, answer)
    if noticed is None or module is None:
        return view
    rule, trace = noticed.rule, noticed.trace
    told = rule.detect is not None and outcome == "detected"
    missing = trace.unknown_facts() if trace and view.status == "to_complete" else ()
    return replace(
        view,
        noticed_when=sentence(rule.detect, registry.vocabulary()) if told and rule.detect else "",
        missing=tuple(str(fact.label) for fact in missing),
        proof=tuple(str(paper) for paper in rule.proof),
        legal_basis=rule.legal_basis,
        module=module.code,
        version=module.number,
    )


def _may_know(rule: Priority, rights: FieldRights) -> bool:
    return rights.can_read("resources") or not reads_resources(rule)


def reads_resources(rule: Priority) -> bool:
    """True when noticing this priority tells something of what the household lives on."""
    return rule.detect is not None and tells_resources(rule.detect)


def tells_resources(condition: Condition) -> bool:
    """True when knowing that this is met tells something of what the household lives on."""
    return any(fact.sensitivity == "high" for fact in read_by(condition))


def read_by(condition: Condition) -> Iterator[Fact]:
    """Every fact that a condition reads, those that others are derived from included."""
    known = registry.vocabulary()
    wanted = list(facts_used(condition))
    while wanted:
        fact = known.fact(wanted.pop())
        yield fact
        if fact.is_derived:
            wanted += known.derived(fact).facts


def options(principal: Principal) -> list[tuple[str, str]]:
    """What lists may be filtered by, for this reader: tokens, with the label for one label."""
    if not access.may_ever_read(principal, "score"):
        return []
    # Where health is read of some demands only, a list by what tells it would seem whole.
    with_health = access.reads_all(principal, access.Action.LIST, "health")
    return [(TO_EXAMINE, ""), *_recognised(with_health)]


def _recognised(with_health: bool) -> Iterator[tuple[str, str]]:
    for code, label in codes.PriorityLabel.choices:
        if with_health or code not in codes.SENSITIVE_LABELS:
            yield f"{RECOGNISED}{code}", str(label)


def condition(principal: Principal, token: str) -> Q:
    """The demands of which this reader may know that they answer the filter."""
    if token == TO_EXAMINE:
        return _to_examine(principal)
    code = token.removeprefix(RECOGNISED)
    held = _holds("priority_labels", bits.mask([code], bits.LABELS))
    shown = access.readable(principal, "score")
    if code in codes.SENSITIVE_LABELS:
        shown &= access.readable(principal, "health")
    return shown & held


def _to_examine(principal: Principal) -> Q:
    """Noticed by the rules and answered by nobody, among what may be known of each row."""
    telling = 0
    for module in registry.in_force("priority"):
        rules = [rule.code for rule in module.body.priorities if reads_resources(rule)]
        telling |= bits.mask(rules, bits.LABELS)
    health, resources = (access.readable(principal, name) for name in ("health", "resources"))
    known = _unanswered(EVERY & ~SENSITIVE & ~telling)
    known |= health & _unanswered(SENSITIVE & ~telling)
    known |= resources & _unanswered(telling & ~SENSITIVE)
    known |= health & resources & _unanswered(telling & SENSITIVE)
    return access.readable(principal, "score") & known


def _holds(column: str, mask: int) -> Q:
    return Q(GreaterThan(F(f"facts__{column}").bitand(mask), Value(0)))


def _unanswered(mask: int) -> Q:
    noticed = F("facts__detected_priorities").bitand(mask)
    answered = F("facts__priority_labels").bitor(F("facts__refused_priorities"))  # type: ignore[arg-type]
    return Q(GreaterThan(noticed - noticed.bitand(answered), Value(0)))  # type: ignore[arg-type]
