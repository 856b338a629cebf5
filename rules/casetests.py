"""A module's own test cases: facts in, expected outcome out. What fails is not installed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from .errors import RuleError
from .kinds import Body
from .kinds.deadlines import Deadlines
from .kinds.documents import Documents
from .kinds.fields import mapping, text
from .kinds.rights import Action, FieldSet, Level, Rights
from .reading import FactSheet, normalise_facts
from .rights import decide, disclosing
from .vocabulary import Vocabulary

GRANTED = "granted"
REFUSED = "refused"
DENIED_BY = "denied by "


def failures(
    body: Body, tests: list[dict[str, Any]], vocabulary: Vocabulary, today: date
) -> Iterator[str]:
    """One message for each test case that does not give what it expects."""
    for index, case in enumerate(tests):
        path = f"tests[{index}]"
        if isinstance(body, Rights):
            found = _rights(body, case, path, vocabulary, today)
        else:
            found = _value(body, case, path)
        if found is not None:
            yield _("the test case “{name}” expects “{expected}”, the rules give “{found}”").format(
                name=case["name"], expected=case["expect"], found=found
            )


def outcome(
    body: Rights,
    vocabulary: Vocabulary,
    principal: dict[str, Any],
    row: dict[str, Any],
    action: str,
    today: date,
) -> str:
    """`granted`, `refused`, or `denied by <guard>` when a guard takes a granted right away."""
    decision = decide([body], vocabulary, principal, Action(action), FactSheet(row), today)
    if decision.allowed:
        return GRANTED
    if decision.granted_by:
        return f"{DENIED_BY}{decision.denied_by[0].code}"
    return REFUSED


def _rights(body: Rights, case: Any, path: str, vocabulary: Vocabulary, today: date) -> str | None:
    mapping(case, path, {"name", "principal", "row", "action", "expect"}, {"fields"})
    text(case["name"], f"{path}.name")
    principal = normalise_facts(case["principal"], vocabulary, f"{path}.principal")
    row = normalise_facts(case["row"], vocabulary, f"{path}.row")
    if case["action"] not in list(Action):
        raise RuleError(f"{path}.action", _("“{action}” is not an action").format(**case))
    found = outcome(body, vocabulary, principal, row, case["action"], today)
    if found != case["expect"]:
        return found
    viewed = decide([body], vocabulary, principal, Action.VIEW, FactSheet(row), today)
    widest = disclosing(viewed)
    for name, level in case.get("fields", {}).items():
        group = FieldSet(name)
        given = widest[group].level(group) if group in widest else Level.NONE
        if given != level:
            return f"{name}: {given}"
    return None


def _value(body: Deadlines | Documents, case: Any, path: str) -> str | None:
    """The value of a deadline ("1 months"), or the codes of the papers asked for at a stage."""
    if isinstance(body, Deadlines):
        mapping(case, path, {"name", "deadline", "expect"})
        values = {item.code: f"{item.value} {item.unit}" for item in body.deadlines}
        found = values.get(case["deadline"], "")
    else:
        mapping(case, path, {"name", "stage", "expect"})
        found = ", ".join(item.code for item in body.documents if item.stage == case["stage"])
    return None if found == case["expect"] else found
