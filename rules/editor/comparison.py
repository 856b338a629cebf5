"""One comparison as it is filled in: a fact, how it is compared, and with what."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rules.conditions import canonical
from rules.errors import RuleError
from rules.formatting import listed, quoted
from rules.operators import OPERATORS, Operator, expected_type
from rules.types import DECIMAL_TYPES, SET_TYPES, TEXT_TYPES, WHOLE_TYPES, FactType
from rules.values import literal_to_json, parse_literal
from rules.vocabulary import Fact, Vocabulary

from .codes import check_known
from .words import OPERATOR_NAMES

WRITTEN = "written"
REFERENCE = "ref"
NUMBER = "number"
YES, NO = "yes", "no"
UNKNOWN = "unknown"

# What is filled in: the codes chosen, and the value as text, or as a list for a set of codes.
State = dict[str, Any]
EMPTY: State = {"fact": "", "op": "", "source": WRITTEN, "value": ""}


def has_number(node: Mapping[str, Any]) -> bool:
    """Whether a comparison is made with a computed number."""
    value = node.get("value")
    return isinstance(value, dict) and NUMBER in value


def to_state(node: Mapping[str, Any]) -> State:
    """What the page shows of a comparison written in JSON."""
    value = node.get("value")
    if isinstance(value, dict) and has_number(node):
        computed = canonical(value[NUMBER])
        return {"fact": node["fact"], "op": node["op"], "source": NUMBER, "value": computed}
    if isinstance(value, dict):
        return {"fact": node["fact"], "op": node["op"], "source": REFERENCE, "value": value["ref"]}
    return {"fact": node["fact"], "op": node["op"], "source": WRITTEN, "value": as_text(value)}


def to_json(state: State, vocabulary: Vocabulary, path: str) -> dict[str, Any]:
    """The comparison in JSON; RuleError when something is not chosen or has another type."""
    if not state["fact"]:
        raise RuleError(path, _("choose what is looked at"))
    fact = vocabulary.fact(state["fact"], path)
    if not state["op"]:
        raise RuleError(path, _("choose how it is compared"))
    node = {"fact": fact.code, "op": state["op"]}
    if state["op"] not in list(OPERATORS[fact.type]):
        raise RuleError(path, _not_possible(state["op"], fact))
    wanted = expected_type(fact.type, Operator(state["op"]))
    if wanted is None:
        return node
    if state["source"] == REFERENCE:
        if not state["value"]:
            raise RuleError(path, _("choose with what it is compared"))
        return {**node, "value": {"ref": state["value"]}}
    if state["source"] == NUMBER:
        return {**node, "value": {NUMBER: _computed(state["value"], path)}}
    return {**node, "value": from_text(wanted, state["value"], path)}


def _not_possible(operator: str, fact: Fact) -> str:
    allowed = [quoted(str(OPERATOR_NAMES[each])) for each in OPERATORS[fact.type]]
    return gettext("“{operator}” cannot be used with “{fact}”: choose among {allowed}").format(
        operator=OPERATOR_NAMES.get(operator, operator),
        fact=fact.label,
        allowed=listed(allowed, every=False),
    )


def _computed(kept: Any, path: str) -> Any:
    """A number computed on the row, which the page keeps as it is written in the module."""
    try:
        return json.loads(kept)
    except (TypeError, ValueError, RecursionError) as error:
        raise RuleError(path, _("a number is expected here")) from error


def as_text(value: Any) -> str | list[str]:
    """A value of the JSON as it is shown in a field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return [str(code) for code in value]
    return str(value)


def given(fact: Fact, typed: str | list[str], vocabulary: Vocabulary, path: str) -> Any:
    """The JSON value of a fact in a test case; RuleError for another type or an unknown code."""
    value = from_text(fact.type, typed, path)
    _check(value, fact, fact.type, vocabulary, path, made_up=True)
    return value


def key(fact: Fact, typed: str, vocabulary: Vocabulary, path: str) -> str:
    """The row of a table read by this fact; RuleError for what is none of its values."""
    value = from_text(fact.type, typed, path)
    _check(value, fact, fact.type, vocabulary, path, made_up=False)
    return str(value)


def check(node: dict[str, Any], vocabulary: Vocabulary, path: str) -> None:
    """RuleError when a comparison names a code that nothing in the register has."""
    fact = vocabulary.fact(node["fact"], path)
    wanted = expected_type(fact.type, Operator(node["op"]))
    if wanted is not None and not isinstance(node["value"], dict):
        _check(node["value"], fact, wanted, vocabulary, path, made_up=False)


def _check(
    value: Any, fact: Fact, wanted: FactType, vocabulary: Vocabulary, path: str, *, made_up: bool
) -> None:
    if wanted in TEXT_TYPES or wanted in SET_TYPES:
        codes = value if isinstance(value, list) else [value]
        check_known(codes, fact, wanted, vocabulary, path, made_up=made_up)


def from_text(wanted: FactType, typed: str | list[str], path: str) -> Any:
    """The JSON value of what was typed; RuleError when it does not have the type needed."""
    if isinstance(wanted, FactType) and wanted.name.endswith("SET"):
        return [str(code) for code in typed] if isinstance(typed, list) else _split(typed)
    text = (typed[0] if typed else "") if isinstance(typed, list) else typed.strip()
    if text == "":
        raise RuleError(path, _("a value is missing"))
    return literal_to_json(parse_literal(wanted, _typed(wanted, text), path))


def _split(text: str) -> list[str]:
    return [code for part in text.split(",") if (code := part.strip())]


def _typed(wanted: FactType, text: str) -> Any:
    if wanted is FactType.BOOLEAN:
        return {YES: True, NO: False}.get(text, text)
    if wanted in WHOLE_TYPES or wanted in DECIMAL_TYPES:
        return _number(text, whole=wanted in WHOLE_TYPES)
    return text


def _number(text: str, *, whole: bool) -> int | str:
    """A number typed the French way ("23 403,50") or the English one."""
    plain = "".join(text.split()).replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return text
    if whole and value.is_finite() and value == value.to_integral_value():
        return int(value)
    return plain
