"""Computed numbers become blocks and come back the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import assume, given, settings

from rules import registry
from rules.conditions import content_hash
from rules.editor.compiling import Compiler, child
from rules.editor.computed import LEVELS, Computed, TooDeepError
from rules.editor.context import editing
from rules.editor.numbers import Amount
from rules.errors import RuleError
from rules.number_parsing import parse_number
from rules.numbers import number_to_json
from tests.posting import as_posted

from .trees import NUMBERS
from .world import VOCABULARY

FIELD = Computed(key="computed", label="")
AMOUNT = Amount(key="points", label="")


@pytest.fixture(autouse=True)
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "vocabulary", lambda: VOCABULARY)
    with override("en"), editing({}, {}):
        yield


def through_a_browser(field: Any, data: Any, old: Any) -> tuple[Any, Compiler]:
    block = field.block()
    shown = block.get_form_state(block.to_python(field.read(data)))
    sent = as_posted(block, shown, "rule")
    compiler = Compiler(VOCABULARY)
    value = block.value_from_datadict(sent, {}, "rule")
    return field.write(value, "rule", ("rule",), compiler, old), compiler


@given(NUMBERS)
@settings(max_examples=60, deadline=None)
def test_any_number_comes_back_the_same_through_a_browser(tree: Any) -> None:
    before = number_to_json(parse_number(tree, VOCABULARY))
    try:
        FIELD.read(before)
    except TooDeepError:
        assume(False)
    after, compiler = through_a_browser(AMOUNT, before, before)
    assert compiler.faults == {}
    assert after == before
    assert content_hash(after) == content_hash(before)
    new, compiler = through_a_browser(FIELD, before, {})
    assert compiler.faults == {}
    assert parse_number(new, VOCABULARY) == parse_number(before, VOCABULARY)


def test_a_number_deeper_than_the_page_is_kept_as_it_is() -> None:
    tree: Any = {"fact": "row.people"}
    for _level in range(LEVELS - 1):
        tree = {"round": tree, "places": 0}
    assert AMOUNT.read(tree)["way"] == "computed"
    deeper = {"round": tree, "places": 0}
    assert AMOUNT.read(deeper)["way"] == "kept"
    assert through_a_browser(AMOUNT, deeper, deeper)[0] == deeper


def test_what_is_wrong_in_a_table_is_said_beside_its_row() -> None:
    block, compiler = FIELD.block(), Compiler(VOCABULARY)
    row = {"key": {"value": "1"}, "number": [child("constant", {"value": "many"})]}
    table = {"by": "row.people", "rows": [child("item", row), child("item", row)]}
    value = block.to_python([child("table", {**table, "otherwise": []})])
    FIELD.write(value, "rule", (), compiler, {})
    assert set(compiler.faults) == {
        (0, "rows", 0, "number", 0, "value"),
        (0, "rows", 1, "number", 0, "value"),
        (0, "rows", 1, "key"),
    }
    empty = Compiler(VOCABULARY)
    FIELD.write(block.to_python([]), "rule", (), empty, {})
    assert set(empty.faults) == {()}


ONE = {"constant": 1}
MONTHLY, YEARLY = {"fact": "row.monthly"}, {"fact": "row.yearly"}
PAY = {"sum": [MONTHLY, YEARLY]}
WHEN = {"fact": "row.urgent", "op": "is", "value": True}


def table(rows: Any) -> Any:
    return {"table": {"by": "row.people", "rows": rows}}


def choice(*numbers: Any) -> Any:
    return {"choice": [{"when": WHEN, "then": number} for number in numbers]}


@pytest.mark.parametrize(
    ("tree", "place"),
    [
        ({"sum": [ONE, {"quotient": [ONE, {"constant": 0}]}]}, ("parts", 1, 0, "parts", 1, 0)),
        ({"round": PAY, "places": 0}, ("number", 0, "parts", 1, 0)),
        ({"round": ONE, "places": 7}, ("places",)),
        (table({"2": ONE, "3": PAY}), ("rows", 1, "number", 0, "parts", 1, 0)),
        (table({"2": MONTHLY, "3": YEARLY}), ("rows", 1, "number", 0)),
        (table({"2": MONTHLY}) | {"otherwise": YEARLY}, ("otherwise", 0)),
        (choice(ONE, MONTHLY, YEARLY), ("cases", 2, "number", 0)),
        ({"sum": [MONTHLY, ONE, YEARLY, MONTHLY]}, ("parts", 2, 0)),
        (table({"2": ONE}) | {"otherwise": PAY}, ("otherwise", 0, "parts", 1, 0)),
        (choice(ONE, PAY), ("cases", 1, "number", 0, "parts", 1, 0)),
        (choice(ONE) | {"otherwise": PAY}, ("otherwise", 0, "parts", 1, 0)),
        ({"tiers": {"of": PAY, "each": 1, "gives": 1}}, ("number", 0, "parts", 1, 0)),
        ({"tiers": {"of": {"fact": "row.people"}, "each": 0, "gives": 1}}, ("each",)),
        ({"sum": [ONE, {"fact": "row.urgent"}]}, ("parts", 1, 0, "value")),
    ],
)
def test_the_parsers_refusal_of_a_number_stands_beside_the_block_that_is_wrong(
    tree: Any, place: Any
) -> None:
    written, compiler = through_a_browser(FIELD, tree, {})
    compiler.faults.clear()
    with pytest.raises(RuleError) as refused:
        parse_number(written, VOCABULARY, path="rule")
    compiler.refuse(refused.value)
    assert list(compiler.faults) == [("rule", 0, *place)]


@pytest.mark.parametrize(
    ("way", "path", "place"),
    [
        ({"way": "figure", "figure": "5"}, "points", ("points", "figure")),
        (
            {"way": "tiers", "of": "row.people", "each": "0", "gives": "1"},
            "points.tiers.each",
            ("points", "each"),
        ),
    ],
)
def test_a_refused_figure_is_marked_itself(way: dict[str, str], path: str, place: Any) -> None:
    empty = {"figure": "", "of": "", "each": "", "gives": "", "cap": ""}
    compiler = Compiler(VOCABULARY)
    AMOUNT.write({**empty, **way}, "points", ("points",), compiler, {})
    compiler.refuse(RuleError(path, "wrong"))
    assert compiler.faults == {place: ["wrong"]}


@pytest.mark.parametrize(
    ("by", "key", "said"),
    [
        ("row.people", "many", "whole number"),
        ("row.people", "", "filled in"),
        ("row.state", "no such", "is not a code of"),
    ],
)
def test_the_row_of_a_table_is_a_value_of_its_fact(by: str, key: str, said: str) -> None:
    block, compiler = FIELD.block(), Compiler(VOCABULARY)
    row = {"key": {"value": key}, "number": [child("constant", {"value": "1"})]}
    table = {"by": by, "rows": [child("item", row)], "otherwise": []}
    FIELD.write(block.to_python([child("table", table)]), "rule", (), compiler, {})
    (message,) = compiler.faults.pop((0, "rows", 0, "key"))
    assert said in message
    assert not compiler.faults
