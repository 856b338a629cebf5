"""A comparison with a computed number is filled in with the blocks of computed numbers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import registry
from rules.conditions import content_hash, to_json
from rules.editor.compiling import Compiler
from rules.editor.computed import LEVELS, LEVELS_WITHIN, Situation
from rules.editor.context import editing
from rules.editor.palette import palette
from rules.parsing import parse_condition
from tests.posting import as_posted

from .trees import COMPUTED, TREES
from .world import VOCABULARY

FIELD = Situation(key="when", label="")
PEOPLE, WEIGHT = {"fact": "row.people"}, {"fact": "row.weight"}
MONTHLY, YEARLY = {"fact": "row.monthly"}, {"fact": "row.yearly"}


@pytest.fixture(autouse=True)
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "vocabulary", lambda: VOCABULARY)
    with override("en"), editing({}, {}):
        yield


def at_most(number: Any, fact: str = "row.weight") -> dict[str, Any]:
    return {"fact": fact, "op": "at_most", "value": {"number": number}}


def rounded(number: Any, times: int) -> Any:
    return rounded({"round": number, "places": 0}, times - 1) if times else number


def through_a_browser(tree: Any, old: Any, **changed: str) -> tuple[Any, Compiler]:
    block = FIELD.block()
    shown = block.get_form_state(block.to_python(FIELD.read(tree)))
    sent = as_posted(block, shown, "when")
    for name, value in changed.items():
        assert f"when-{name}" in sent
        sent[f"when-{name}"] = value
    compiler = Compiler(VOCABULARY)
    value = block.value_from_datadict(sent, {}, "when")
    return FIELD.write(value, "when", ("when",), compiler, old), compiler


@given(st.one_of(COMPUTED, TREES))
@settings(max_examples=80, deadline=None)
def test_any_condition_with_computed_numbers_comes_back_the_same_from_its_blocks(tree: Any) -> None:
    before = to_json(parse_condition(tree, VOCABULARY))
    after, compiler = through_a_browser(before, before)
    assert compiler.faults == {}
    assert content_hash(after) == content_hash(before)
    new, compiler = through_a_browser(before, {})
    assert compiler.faults == {}
    assert parse_condition(new, VOCABULARY) == parse_condition(before, VOCABULARY)


@pytest.mark.parametrize(
    "tree",
    [
        at_most({"product": [PEOPLE, {"constant": "1.5"}]}),
        {"not": {"any": [at_most(WEIGHT), at_most({"parameter": "seats"}, "row.people")]}},
        at_most(rounded(WEIGHT, LEVELS - 1)),
        at_most({"choice": [{"when": at_most({"sum": [WEIGHT, PEOPLE]}), "then": PEOPLE}]}),
    ],
)
def test_a_comparison_with_a_computed_number_is_open_to_change(tree: Any) -> None:
    assert kept(FIELD.read(tree)) == []


@pytest.mark.parametrize(
    "tree",
    [
        at_most(rounded(WEIGHT, LEVELS)),
        at_most({"choice": [{"when": at_most(rounded(WEIGHT, LEVELS_WITHIN)), "then": PEOPLE}]}),
    ],
)
def test_a_number_too_deep_for_the_form_stays_as_it_is_and_the_form_says_so(tree: Any) -> None:
    assert len(kept(FIELD.read(tree))) == 1
    assert through_a_browser(tree, {})[0] == tree
    assert "stays as it is" in palette(VOCABULARY)["words"]["kept"]


def kept(shown: Any) -> list[Any]:
    """The comparisons of stored blocks whose number is not shown."""
    if isinstance(shown, list):
        return [found for each in shown for found in kept(each)]
    if not isinstance(shown, dict):
        return []
    own = [shown] if shown.get("source") == "number" else []
    return own + [found for each in shown.values() for found in kept(each)]


def test_the_number_the_comparison_and_what_is_looked_at_are_changed() -> None:
    tree = {"any": [at_most({"sum": [WEIGHT, {"constant": 2}]}), at_most(PEOPLE)]}
    inner = "0-value-parts-0-value"
    sent = {
        f"{inner}-fact": "row.people",
        f"{inner}-op": "at_least",
        f"{inner}-number-0-value-operation": "product",
        f"{inner}-number-0-value-parts-1-value-0-value-value": "1,25",
    }
    after, compiler = through_a_browser(tree, tree, **sent)
    assert compiler.faults == {}
    product = {"product": [WEIGHT, {"constant": "1.25"}]}
    changed = {"fact": "row.people", "op": "at_least", "value": {"number": product}}
    assert after == {"any": [changed, at_most(PEOPLE)]}


@pytest.mark.parametrize(
    ("tree", "sent", "place"),
    [
        (at_most(PEOPLE), {"0-value-fact": ""}, ("fact",)),
        (at_most(PEOPLE), {"0-value-op": "overlaps"}, ("op",)),
        (at_most(PEOPLE), {"0-value-number-count": "0"}, ("number",)),
        (at_most(PEOPLE), {"0-value-number-0-value-value": "nothing"}, ("number", 0, "value")),
        (at_most(MONTHLY, "row.yearly"), {}, ("number", 0)),
        (at_most({"sum": [MONTHLY, YEARLY]}), {}, ("number", 0, "parts", 1, 0)),
        (at_most({"quotient": [PEOPLE, {"constant": 0}]}), {}, ("number", 0, "parts", 1, 0)),
    ],
)
def test_what_is_wrong_in_a_compared_number_is_said_beside_its_block(
    tree: Any, sent: dict[str, str], place: Any
) -> None:
    _written, compiler = through_a_browser(tree, {}, **sent)
    assert list(compiler.faults) == [("when", 0, *place)]
