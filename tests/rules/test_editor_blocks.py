"""Rules become blocks and blocks become rules, without losing or changing anything."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.blocks.base import get_error_json_data

from rules import registry
from rules.conditions import content_hash, to_json
from rules.disk import MODULES
from rules.editor import comparison, conditions, kinds
from rules.editor.compiling import Compiler
from rules.editor.context import editing
from rules.editor.form import NAME, RuleForm, rule_block
from rules.editor.numbers import Amount
from rules.editor.palette import palette
from rules.editor.words import OPERATOR_NAMES
from rules.errors import RuleError
from rules.operators import Operator
from rules.parsing import parse_condition
from tests.posting import as_posted

from .forms import read, sent_from, shown_rules, shown_sections
from .trees import TREES
from .world import VOCABULARY

BLOCK = conditions.condition_block(principal_only=False)
SHIPPED = sorted(path.name for path in MODULES.iterdir() if path.is_dir())


@pytest.fixture(autouse=True)
def english(db: None) -> Iterator[None]:
    with override("en"):
        yield


def canonical_json(tree: Any) -> Any:
    return to_json(parse_condition(tree, VOCABULARY))


def compiled(value: Any) -> tuple[Any, Compiler]:
    compiler = Compiler(VOCABULARY)
    return conditions.to_json(value, "row", ("row",), compiler), compiler


@given(TREES)
@settings(max_examples=150, deadline=None)
def test_any_condition_goes_to_blocks_and_comes_back_the_same(tree: Any) -> None:
    before = canonical_json(tree)
    after, compiler = compiled(BLOCK.to_python(conditions.to_raw(before)))
    assert compiler.faults == {}
    assert after == before
    assert content_hash(after) == content_hash(before)


@given(TREES)
@settings(max_examples=60, deadline=None)
def test_any_condition_comes_back_the_same_through_a_browser(tree: Any) -> None:
    before = canonical_json(tree)
    shown = BLOCK.get_form_state(BLOCK.to_python(conditions.to_raw(before)))
    sent = as_posted(BLOCK, shown, "row")
    after, compiler = compiled(BLOCK.value_from_datadict(sent, {}, "row"))
    assert compiler.faults == {}
    assert content_hash(after) == content_hash(before)


def test_a_condition_as_deep_as_the_parser_accepts_has_its_blocks() -> None:
    tree: Any = {"fact": "row.urgent", "op": "is", "value": True}
    for _level in range(11):
        tree = {"not": tree}
    before = canonical_json(tree)
    after, compiler = compiled(BLOCK.to_python(conditions.to_raw(before)))
    assert after == before
    assert not compiler.faults


@pytest.mark.parametrize("name", SHIPPED)
def test_every_rule_that_is_shipped_comes_back_the_same_from_its_form(name: str) -> None:
    folder = MODULES / name
    manifest, body = read(folder / "manifest.json"), read(folder / "body.json")
    lists = {**body, "tests": read(folder / "tests.json")}
    with editing(manifest, body):
        for section in shown_sections(manifest["kind"]):
            for path, rule in shown_rules(section, lists):
                sent = sent_from(section.fields, rule, path)
                form = RuleForm(section.fields, rule, path, sent)
                assert form.is_valid(), (path, form.compiler.faults)
                assert form.written == rule, path
                assert content_hash(form.written) == content_hash(rule)
                assert list(form.written) == list(rule), "keys keep their order"


def test_what_a_form_does_not_show_is_kept() -> None:
    section = kinds.sections("deadlines")[0]
    rule = read(MODULES / "deadlines-21" / "body.json")["deadlines"][0] | {"later": {"a": 1}}
    with editing({}, {}):
        block = rule_block(tuple(section.fields))
        form = RuleForm(section.fields, rule, "deadlines[0]")
        sent = as_posted(block, block.get_form_state(form.initial[NAME]), NAME)
        sent[f"{NAME}-value"] = "nine"
        refused = RuleForm(section.fields, rule, "deadlines[0]", sent)
        assert not refused.is_valid()
        assert "nine" in str(refused), "what was typed is kept"
        (error,) = refused.errors[NAME].as_data()
        assert "whole number" in get_error_json_data(error)["blockErrors"]["value"]["messages"][0]
        sent[f"{NAME}-value"] = "9"
        changed = RuleForm(section.fields, rule, "deadlines[0]", sent)
        assert changed.is_valid()
    assert changed.written == rule | {"value": 9}


def test_the_spelling_of_what_nobody_changed_is_kept() -> None:
    old = {"fact": "row.rate", "op": "at_least", "value": 30}
    new = {"fact": "row.rate", "op": "at_least", "value": "30"}
    assert conditions.keep_spelling(old, new) == old
    assert conditions.keep_spelling(old, new | {"value": "31"})["value"] == "31"
    assert conditions.keep_spelling(["b", "a"], ["a", "b"]) == ["b", "a"]
    assert conditions.keep_spelling(["b", "a"], ["a", "c"]) == ["a", "c"]
    assert conditions.keep_spelling(True, 1) == 1


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({}, "choose what is looked at"),
        ({"fact": "row.people"}, "choose how it is compared"),
        ({"fact": "row.people", "op": "at_least"}, "a value is missing"),
        ({"fact": "row.people", "op": "at_least", "value": "many"}, "whole number"),
        ({"fact": "row.people", "op": "overlaps", "value": ["a"]}, "cannot be used"),
        ({"fact": "row.received", "op": "on_or_after", "value": "tomorrow"}, "date"),
        ({"fact": "row.state", "op": "is", "value": "no such"}, "is not a code"),
        ({"fact": "row.people", "op": "at_least", "source": "ref", "value": ""}, "choose with"),
        (
            {
                "fact": "row.people",
                "op": "at_least",
                "source": "ref",
                "value": "organisation.towns",
            },
            "does not have the type",
        ),
        ({"fact": "nothing.such", "op": "is", "value": "x"}, "does not exist"),
        ({"fact": "row.people", "op": "at_least", "value": "9" * 20}, "too large"),
    ],
)
def test_what_is_wrong_is_said_beside_the_block_that_caused_it(
    state: dict[str, Any], said: str
) -> None:
    good = {"fact": "row.urgent", "op": "is", "source": "written", "value": "yes"}
    group = {"mode": "any", "parts": [{"type": "comparison", "value": state}]}
    value = BLOCK.to_python(
        [{"type": "comparison", "value": good}, {"type": "group", "value": group}]
    )
    _json, compiler = compiled(value)
    place = ("row", 1, "parts", 0)
    assert list(compiler.faults) == [place]
    assert said in compiler.faults[place][0]
    inner = compiler.as_error().as_json_data()["blockErrors"]["row"]["blockErrors"][1]
    assert said in inner["blockErrors"]["parts"]["blockErrors"][0]["messages"][0]


def test_an_emptied_list_of_conditions_is_refused_and_never_opens_everything() -> None:
    _json, compiler = compiled(BLOCK.to_python([]))
    assert "in every case" in compiler.faults[("row",)][0]
    emptied = {"type": "group", "value": {"mode": "all", "parts": []}}
    _json, compiler = compiled(BLOCK.to_python([emptied]))
    assert ("row", 0, "parts") in compiler.faults


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("23 403,50", "23403.5"), ("23\u202f403", "23403"), ("1.25", "1.25"), ("-3", "-3")],
)
def test_a_number_is_typed_the_french_way(typed: str, expected: str) -> None:
    state = {"fact": "row.yearly", "op": "at_least", "source": "written", "value": typed}
    assert comparison.to_json(state, VOCABULARY, "")["value"] == expected


def test_the_parsers_refusal_goes_to_the_nearest_block() -> None:
    compiler = Compiler(VOCABULARY)
    compiler.note("grants[2]", ())
    compiler.note("grants[2].row", ("row",))
    compiler.note("grants[2].row.all[1]", ("row", 1))
    compiler.refuse(RuleError("grants[2].row.all[1].value", "wrong"))
    compiler.refuse(RuleError("grants[2].row.all[10].value", "elsewhere"))
    assert compiler.faults == {("row", 1): ["wrong"], ("row",): ["elsewhere"]}
    with pytest.raises(RuleError):
        compiler.refuse(RuleError("grants[3].code", "not on this page"))


def test_every_comparison_has_a_name_and_every_fact_a_theme() -> None:
    offered = palette(registry.vocabulary())
    assert set(OPERATOR_NAMES) == {str(operator) for operator in Operator}
    assert all(fact["theme"] and fact["label"] for fact in offered["facts"])
    codes = [fact["code"] for fact in offered["facts"]]
    figures = [f"parameter.{item.code}" for item in registry.vocabulary().parameters]
    assert codes == [*(fact.code for fact in registry.vocabulary()), *figures]
    assert "parameter.effort.alert" in offered["references"]["percent"]
    json.dumps(offered)


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=20), max_size=20))
@settings(max_examples=30, deadline=None)
def test_a_forged_form_is_refused_and_never_breaks_the_page(sent: dict[str, str]) -> None:
    section = kinds.sections("rights")[0]
    with editing({}, {}):
        form = RuleForm(section.fields, {}, "grants[0]", sent)
        assert not form.is_valid()
        assert form.written == {} or form.compiler.faults


@pytest.mark.parametrize(
    ("way", "written"),
    [
        ({"way": "figure", "figure": "-10"}, -10),
        (
            {"way": "tiers", "of": "demand.seniority", "each": "6", "gives": "1,5", "cap": ""},
            {"tiers": {"of": {"fact": "demand.seniority"}, "each": "6", "gives": "1.5"}},
        ),
        ({"way": "kept"}, {"parameter": "effort.alert"}),
    ],
)
def test_points_are_a_figure_or_tiers_or_the_computed_number_of_the_rule(
    way: dict[str, str], written: Any
) -> None:
    field = Amount(key="points", label="")
    empty = {"figure": "", "of": "", "each": "", "gives": "", "cap": ""}
    compiler = Compiler(registry.vocabulary())
    old = {"parameter": "effort.alert"}
    assert field.write({**empty, **way}, "points", ("points",), compiler, old) == written
    assert compiler.faults == {}


def test_tiers_that_are_not_filled_in_are_said_part_by_part() -> None:
    compiler = Compiler(registry.vocabulary())
    value = {"way": "tiers", "figure": "", "of": "", "each": "", "gives": "many", "cap": ""}
    Amount(key="points", label="").write(value, "points", ("points",), compiler, 5)
    assert set(compiler.faults) == {("points", part) for part in ("of", "each", "gives")}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"fact": "demand.wished_epcis", "op": "overlaps", "value": ["999"]}, "is not a code of"),
        ({"fact": "demand.departments", "op": "disjoint", "value": "21, 99"}, "“99”"),
        ({"fact": "demand.first_commune", "op": "is", "value": "99999"}, "does not exist"),
        ({"fact": "demand.first_commune", "op": "in", "value": ["21231", "x"]}, "commune:x"),
        (
            {"fact": "demand.wished_territories", "op": "within", "value": "epci:1"},
            "does not exist",
        ),
        ({"fact": "demand.registering_organisations", "op": "overlaps", "value": "9"}, "“9”"),
    ],
)
def test_a_place_or_an_organisation_that_does_not_exist_is_refused(
    state: dict[str, Any], said: str
) -> None:
    compiler = Compiler(registry.vocabulary())
    shown = {**comparison.EMPTY, **state}
    value = BLOCK.to_python([{"type": "comparison", "value": shown}])
    conditions.to_json(value, "row", ("row",), compiler)
    (message,) = compiler.faults[("row", 0)]
    assert said in message


def test_every_place_is_offered_by_its_official_name() -> None:
    offered = palette(registry.vocabulary())
    names = dict(offered["lists"]["territory"])
    assert names["commune:21231"] == "Dijon"
    assert {key.partition(":")[0] for key in names} == set(offered["levels"])
    listed = {fact["code"]: fact["listed"] for fact in offered["facts"]}
    assert (listed["demand.first_commune"], listed["demand.departments"]) == ("commune", "dep")
    assert listed["organisation.epci_codes"] == "epci"
    for wanted in {name for name in listed.values() if name}:
        assert wanted in offered["lists"] or wanted in offered["levels"]
