"""Automation modules: a step or a delay, a condition, and acts of a closed list.

A rule proposes work and tells people; it grants nothing, decides nothing and changes no demand.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.conditions import AllOf, Condition, facts_used
from rules.errors import RuleError
from rules.parsing import parse_condition
from rules.vocabulary import Vocabulary

from .deadlines import Unit
from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, text

MOST_ACTIONS = 5
MOST_A_DAY = 100_000
LONGEST_WAIT = 1200
EVENT_PREFIX = "event."
ABOUT_A_PERSON = ("principal.", "organisation.", "membership.")
WAITS = (Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS)


class Mode(StrEnum):
    """Whether a rule acts, or only says what it would have done."""

    DRY_RUN = "dry_run"
    ACTIVE = "active"


class OnUnknown(StrEnum):
    """What a rule does when the file does not say whether its condition is true."""

    NOTHING = "nothing"
    TASK = "task"


class Verb(StrEnum):
    """The closed list of what a rule may do."""

    ASSIGN = "assign"
    LABEL = "label"
    TASK = "task"
    MESSAGE = "message"
    LETTER = "letter"
    WEBHOOK = "webhook"


@dataclass(frozen=True)
class Wait:
    """A number of days or months."""

    value: int
    unit: Unit


@dataclass(frozen=True)
class Trigger:
    """What starts a rule: a step (`event`), perhaps unanswered for a while, or a delay (`moment`).

    With `after`, the rule starts that long after the step if none of the steps `unless` came since.
    """

    event: str = ""
    moment: str = ""
    after: Wait | None = None
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """One thing that a rule does.

    `body` is the organisation charged or in whose name one writes; `target` the code of a tag, a
    text or an endpoint; `due` a wait or the code of a delay.
    """

    verb: Verb
    body: str = ""
    target: str = ""
    title: Bilingual | None = None
    due: Wait | str | None = None


@dataclass(frozen=True)
class AutomaticRule:
    """A rule: trigger, condition, acts, and its limits."""

    code: str
    title: Bilingual
    explanation: Bilingual
    legal_basis: str
    trigger: Trigger
    condition: Condition
    on_unknown: OnUnknown
    acts: tuple[Act, ...]
    mode: Mode
    quota: int
    chapter: int | None = None


@dataclass(frozen=True)
class Automation:
    """The body of an automation module."""

    rules: tuple[AutomaticRule, ...]

    @property
    def items(self) -> tuple[AutomaticRule, ...]:
        """Every rule, in the order of the module."""
        return self.rules

    def started_by(self, event: str) -> tuple[AutomaticRule, ...]:
        """The rules that a step starts at once."""
        return tuple(r for r in self.rules if r.trigger.event == event and not r.trigger.after)


def parse(data: Any, vocabulary: Vocabulary) -> Automation:
    """The typed body of an automation module; RuleError when something in it is not acceptable."""
    body = mapping(data, "", {"rules"})
    rules = tuple(_rule(item, path, vocabulary) for path, item in items(body["rules"], "rules"))
    distinct([rule.code for rule in rules], "rules")
    return Automation(rules)


_REQUIRED = {"code", "title", "explanation", "legal_basis", "trigger", "actions", "mode", "quota"}


def _rule(data: Any, path: str, vocabulary: Vocabulary) -> AutomaticRule:
    mapping(data, path, _REQUIRED, {"when", "on_unknown", "chapter"})
    trigger = _trigger(data["trigger"], f"{path}.trigger", vocabulary)
    return AutomaticRule(
        code=code(data["code"], f"{path}.code"),
        title=bilingual(data["title"], f"{path}.title"),
        explanation=bilingual(data["explanation"], f"{path}.explanation"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        trigger=trigger,
        condition=_condition(data, f"{path}.when", trigger, vocabulary),
        on_unknown=_one_of(OnUnknown, data.get("on_unknown", "nothing"), f"{path}.on_unknown"),
        acts=_acts(data["actions"], f"{path}.actions", trigger, vocabulary),
        mode=_one_of(Mode, data["mode"], f"{path}.mode"),
        quota=_count(data["quota"], f"{path}.quota", MOST_A_DAY),
        chapter=chapter(data, path),
    )


def _trigger(data: Any, path: str, vocabulary: Vocabulary) -> Trigger:
    mapping(data, path, set(), {"event", "daily", "after", "unless"})
    if ("event" in data) == ("daily" in data):
        raise RuleError(path, _("a rule starts with a step (“event”) or a delay (“daily”)"))
    lists = vocabulary.lists
    if "daily" in data:
        mapping(data, path, {"daily"})
        return Trigger(moment=_known(data["daily"], lists.moments, f"{path}.daily"))
    if "unless" in data and "after" not in data:
        raise RuleError(f"{path}.unless", _("only a rule that waits can be cancelled meanwhile"))
    return Trigger(
        event=_known(data["event"], lists.events, f"{path}.event"),
        after=_wait(data["after"], f"{path}.after") if "after" in data else None,
        unless=tuple(
            _known(item, lists.events, place)
            for place, item in items(data.get("unless", []), f"{path}.unless")
        ),
    )


def _condition(
    data: dict[str, Any], path: str, trigger: Trigger, vocabulary: Vocabulary
) -> Condition:
    if "when" not in data:
        return AllOf()
    condition = parse_condition(data["when"], vocabulary, path=path)
    for name in sorted(facts_used(condition)):
        if name.startswith(ABOUT_A_PERSON):
            raise RuleError(path, _("nobody acts here: “{fact}” has no value").format(fact=name))
        if name.startswith(EVENT_PREFIX) and not trigger.event:
            raise RuleError(
                path, _("no step starts this rule: “{fact}” has no value").format(fact=name)
            )
    return condition


def _acts(data: Any, path: str, trigger: Trigger, vocabulary: Vocabulary) -> tuple[Act, ...]:
    found = tuple(
        _act(item, place, trigger, vocabulary) for place, item in items(data, path, empty=False)
    )
    if len(found) > MOST_ACTIONS:
        raise RuleError(path, _("a rule does five things at most"))
    return found


# What each act needs and accepts besides "do".
_KEYS: dict[Verb, tuple[set[str], set[str]]] = {
    Verb.ASSIGN: ({"to"}, {"due"}),
    Verb.LABEL: ({"tag"}, set()),
    Verb.TASK: ({"to", "title"}, {"due"}),
    Verb.MESSAGE: ({"from", "letter"}, set()),
    Verb.LETTER: ({"from", "letter"}, set()),
    Verb.WEBHOOK: ({"endpoint"}, set()),
}


def _act(data: Any, path: str, trigger: Trigger, vocabulary: Vocabulary) -> Act:
    if not isinstance(data, dict):
        raise RuleError(path, _("an object is expected here"))
    verb = _one_of(Verb, data.get("do"), f"{path}.do")
    required, optional = _KEYS[verb]
    mapping(data, path, {"do"} | required, optional)
    body = data.get("to", data.get("from"))
    if "to" in required or "from" in required:
        body = _known(body, vocabulary.lists.bodies, f"{path}.{'to' if 'to' in data else 'from'}")
        if body == "acting" and not trigger.event:
            raise RuleError(path, _("no step starts this rule: no organisation acted"))
    return Act(
        verb=verb,
        body=str(body or ""),
        target=_target(data, path, vocabulary),
        title=bilingual(data["title"], f"{path}.title") if "title" in data else None,
        due=_due(data["due"], f"{path}.due") if "due" in data else None,
    )


def _target(data: dict[str, Any], path: str, vocabulary: Vocabulary) -> str:
    if "tag" in data:
        return _known(data["tag"], vocabulary.lists.tags, f"{path}.tag")
    for key in ("letter", "endpoint"):
        if key in data:
            return code(data[key], f"{path}.{key}")
    return ""


def _due(data: Any, path: str) -> Wait | str:
    return code(data, path) if isinstance(data, str) else _wait(data, path)


def _wait(data: Any, path: str) -> Wait:
    mapping(data, path, {"value", "unit"})
    unit = _one_of(Unit, data["unit"], f"{path}.unit")
    if unit not in WAITS:
        raise RuleError(f"{path}.unit", _("a wait is in days, working days or months"))
    return Wait(_count(data["value"], f"{path}.value", LONGEST_WAIT), unit)


def _count(data: Any, path: str, most: int) -> int:
    if isinstance(data, bool) or not isinstance(data, int) or not 1 <= data <= most:
        raise RuleError(path, _("a number from 1 to {most} is expected here").format(most=most))
    return data


def _known(data: Any, allowed: Any, path: str) -> str:
    if not isinstance(data, str) or data not in allowed:
        expected = ", ".join(allowed)
        raise RuleError(path, _("one of these is expected here: {codes}").format(codes=expected))
    return data


def _one_of(choices: Any, data: Any, path: str) -> Any:
    return choices(_known(data, [item.value for item in choices], path))
