"""Test cases of rights modules: a person, a demand and an action."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rules.errors import RuleError
from rules.kinds.parts import mapping
from rules.kinds.rights import Action, Rights
from rules.reading import FactSheet, normalise_facts
from rules.rights import decide
from rules.vocabulary import Vocabulary

GRANTED = "granted"
REFUSED = "refused"
DENIED_BY = "denied by "


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


def answer(body: Rights, case: Any, path: str, vocabulary: Vocabulary, today: date) -> str | None:
    """What the rules give when it is not what the case expects."""
    mapping(case, path, {"name", "principal", "row", "action", "expect"})
    principal = normalise_facts(case["principal"], vocabulary, f"{path}.principal")
    row = normalise_facts(case["row"], vocabulary, f"{path}.row")
    if case["action"] not in list(Action):
        raise RuleError(f"{path}.action", _("“{action}” is not an action").format(**case))
    found = outcome(body, vocabulary, principal, row, case["action"], today)
    return None if found == case["expect"] else found
