"""What a rule may say, and how a mistake in it is told."""

from datetime import date

import pytest
from django.utils.translation import override

from rules.conditions import (
    AllOf,
    AnyOf,
    Comparison,
    Ref,
    content_hash,
    facts_used,
    to_json,
)
from rules.errors import RuleError
from rules.explanation import explain_condition
from rules.operators import Operator
from rules.parsing import parse_condition
from rules.reading import FactSheet
from rules.types import FactType, Truth, all_of, any_of
from rules.vocabulary import Fact, Vocabulary

from .world import TODAY, VOCABULARY, Row

URGENT = {"fact": "row.urgent", "op": "is", "value": True}


def nested(levels):
    return URGENT if levels == 1 else {"not": nested(levels - 1)}


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"fact": "row.colour", "op": "is", "value": "red"}, "fact"),
        ({"fact": ["row.urgent"], "op": "is", "value": True}, "fact"),
        ({"fact": "row.people", "op": "is", "value": 3}, "op"),
        ({"fact": "row.people", "op": None, "value": 3}, "op"),
        ({"fact": "row.people", "op": "at_least", "value": "3"}, "value"),
        ({"fact": "row.people", "op": "at_least", "value": True}, "value"),
        ({"fact": "row.people", "op": "at_least", "value": 10**12}, "value"),
        ({"fact": "row.people", "op": "at_least"}, ""),
        ({"fact": "row.urgent", "op": "is", "value": 1}, "value"),
        ({"fact": "row.rate", "op": "at_least", "value": "NaN"}, "value"),
        ({"fact": "row.rate", "op": "at_least", "value": "1e30"}, "value"),
        ({"fact": "row.rate", "op": "at_least", "value": "0.00001"}, "value"),
        ({"fact": "row.rate", "op": "at_least", "value": [1]}, "value"),
        ({"fact": "row.received", "op": "on_or_before", "value": "1/4/2026"}, "value"),
        ({"fact": "row.received", "op": "older_than_months", "value": -1}, "value"),
        ({"fact": "row.state", "op": "is", "value": "unheard"}, "value"),
        ({"fact": "row.state", "op": "is", "value": ""}, "value"),
        ({"fact": "row.state", "op": "in", "value": "open"}, "value"),
        ({"fact": "row.state", "op": "in", "value": ["open", 3]}, "value[1]"),
        ({"fact": "row.state", "op": "is_known", "value": "open"}, "value"),
        ({"fact": "row.people", "op": "at_least", "value": {"ref": "row.people"}}, "value.ref"),
        (
            {"fact": "row.people", "op": "at_least", "value": {"ref": "organisation.towns"}},
            "value.ref",
        ),
        ({"fact": "row.people", "op": "at_least", "value": {"code": "x"}}, "value"),
        ({"fact": "row.people", "op": "at_least", "value": 1, "why": ""}, ""),
        ({"all": [URGENT, {"any": [{"fact": "row.no", "op": "is"}]}]}, "all[1].any[0].fact"),
        ({"all": [], "any": []}, ""),
        ({"all": {}}, "all"),
        ({"not": [URGENT]}, "not"),
        ([URGENT], ""),
        ("row.urgent", ""),
        (None, ""),
        ({"fact": "row.seniority", "op": "at_least", "value": 1201}, "value"),
        ({"fact": "row.seniority", "op": "on_or_before", "value": "2026-01-01"}, "op"),
        ({"fact": "row.yearly", "op": "at_most", "value": {"ref": "parameter.alert"}}, "value.ref"),
        ({"fact": "row.yearly", "op": "at_most", "value": {"ref": "parameter.no"}}, "value.ref"),
        ({"fact": "row.people", "op": "at_most", "value": {"ref": "parameter.wait"}}, "value.ref"),
        ({"fact": "row.commune", "op": "is", "value": "paris"}, "value"),
        ({"fact": "row.commune", "op": "within", "value": ["dep:d2"]}, "value"),
        ({"fact": "row.commune", "op": "within", "value": ["quarter:dijon-east"]}, "value"),
        ({"fact": "row.places", "op": "overlaps", "value": ["dep:d1"]}, "op"),
        ({"fact": "row.places", "op": "within", "value": ["commune:paris"]}, "value"),
        ({"fact": "row.badges", "op": "overlaps", "value": ["lead"]}, "value"),
        (
            {"fact": "row.monthly", "op": "at_most", "value": {"number": {"fact": "row.yearly"}}},
            "value.number",
        ),
        (
            {"fact": "row.urgent", "op": "is", "value": {"number": {"constant": 1}}},
            "value.number",
        ),
        (
            {"fact": "row.people", "op": "equals", "value": {"number": {"sum": []}}},
            "value.number.sum",
        ),
        ({"any": [URGENT] * 500}, "any[499]"),
        (nested(13), ".".join(["not"] * 12)),
    ],
)
def test_what_a_reading_could_not_follow_is_refused_where_it_stands(tree, path):
    with pytest.raises(RuleError) as refusal:
        parse_condition(tree, VOCABULARY)
    assert refusal.value.path == path
    assert str(refusal.value.message)


def test_a_code_retired_by_the_day_of_the_rule_is_refused_and_older_rules_still_read():
    fact = Fact(
        code="row.badge",
        type=FactType.CODE,
        label="the badge",
        source="tests",
        column="badge",
        getter=lambda row: row,
        choices={"old": "Old", "new": "New"},
        retired={"old": date(2026, 1, 1)},
    )
    tree = {"fact": "row.badge", "op": "in", "value": ["new", "old"]}
    vocabulary = Vocabulary([fact])
    condition = parse_condition(tree, vocabulary)
    parse_condition(tree, vocabulary.dated(date(2025, 12, 31)))
    with pytest.raises(RuleError, match="2026-01-01") as refusal:
        parse_condition(tree, vocabulary.dated(date(2026, 1, 1)))
    assert refusal.value.path == "value"
    stored = explain_condition(condition, vocabulary, {}, "old", TODAY)
    assert stored.truth is Truth.TRUE


def test_bits_that_are_missing_are_unknown_and_no_bit_is_an_empty_set():
    condition = parse_condition(
        {"fact": "row.badges", "op": "disjoint", "value": ["gold"]}, VOCABULARY
    )
    answers = [
        explain_condition(condition, VOCABULARY, {}, Row(badges=badges), TODAY).truth
        for badges in (None, 0, 1, 8)
    ]
    assert answers == [Truth.UNKNOWN, Truth.TRUE, Truth.FALSE, Truth.TRUE]


def test_a_mistake_is_told_in_the_language_of_the_author():
    with override("fr"), pytest.raises(RuleError) as refusal:
        parse_condition({"fact": "row.people", "op": "at_least", "value": "3"}, VOCABULARY)
    with override("fr"):
        assert str(refusal.value.message) == "un nombre entier est attendu ici"


def test_the_deepest_and_the_largest_accepted_conditions_are_accepted():
    parse_condition(nested(12), VOCABULARY)
    parse_condition({"any": [URGENT] * 499}, VOCABULARY)


def test_a_grant_speaks_only_of_the_person_where_only_the_person_is_known():
    with pytest.raises(RuleError, match=r"who acts|qui agit"):
        parse_condition(URGENT, VOCABULARY, principal_only=True)


def test_one_content_has_one_spelling_and_one_fingerprint():
    typed = {"fact": "row.rate", "op": "at_least", "value": 1.5}
    written = {"value": "1.50", "op": "at_least", "fact": "row.rate"}
    one, two = (parse_condition(tree, VOCABULARY) for tree in (typed, written))
    assert to_json(one) == {"fact": "row.rate", "op": "at_least", "value": "1.5"}
    assert content_hash(one) == content_hash(two)
    assert content_hash(AllOf((one,))) != content_hash(AnyOf((one,)))


def test_the_facts_of_a_condition_include_what_it_refers_to():
    condition = AllOf(
        (Comparison("row.towns", Operator.OVERLAPS, Ref("organisation.towns")), AnyOf(()))
    )
    assert facts_used(condition) == {"row.towns", "organisation.towns"}


def test_an_answer_is_never_taken_for_a_yes_by_accident():
    with pytest.raises(TypeError):
        bool(Truth.UNKNOWN)


def test_unknown_spreads_unless_the_rest_decides():
    true, false, unknown = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
    assert all_of([]) is true
    assert any_of([]) is false
    assert all_of([true, unknown]) is unknown
    assert all_of([false, unknown]) is false
    assert any_of([false, unknown]) is unknown
    assert any_of([true, unknown]) is true
    assert unknown.negated() is unknown


def test_an_explanation_tells_each_value_and_what_was_expected():
    condition = parse_condition(
        {
            "all": [
                URGENT,
                {"not": {"fact": "row.people", "op": "at_least", "value": 3}},
                {"fact": "row.towns", "op": "overlaps", "value": {"ref": "organisation.towns"}},
            ]
        },
        VOCABULARY,
    )
    trace = explain_condition(
        condition,
        VOCABULARY,
        {"organisation.towns": ["dijon"]},
        FactSheet({"row.urgent": True, "row.towns": ["dijon", "semur"]}),
        TODAY,
    )
    assert trace.truth is Truth.UNKNOWN
    assert trace.node == "all"
    assert [child.node for child in trace.children] == ["comparison", "not", "comparison"]
    urgent, people, towns = trace.comparisons()
    assert (urgent.value, urgent.expected, urgent.truth) == (True, True, Truth.TRUE)
    assert (people.value, people.expected, people.truth) == (None, 3, Truth.UNKNOWN)
    assert towns.value == {"dijon", "semur"}
    assert towns.expected == {"dijon"}
    assert towns.fact is VOCABULARY.fact("row.towns")


def test_without_a_row_only_facts_about_the_person_are_known():
    condition = parse_condition({"any": [URGENT]}, VOCABULARY)
    assert explain_condition(condition, VOCABULARY, {}, None, TODAY).truth is Truth.UNKNOWN


@pytest.mark.parametrize(
    "fact",
    [
        Fact(code="row.a", type=FactType.INTEGER, label="a", source="", column="a"),
        Fact(code="row.a", type=FactType.INTEGER, label="a", source="", getter=id),
        Fact(code="row.a", type=FactType.CODE_SET, label="a", source="", getter=id, column="a"),
        Fact(code="row.a", type=FactType.CODE_SET, label="a", source="", getter=id, relation="b"),
        Fact(code="row.a", type=FactType.CODE_SET, label="a", source="", getter=id, bits={"x": 0}),
        Fact(
            code="row.a",
            type=FactType.CODE_SET,
            label="a",
            source="",
            getter=id,
            column="a",
            bits={"x": 1, "y": 1},
        ),
        Fact(
            code="row.a",
            type=FactType.CODE_SET,
            label="a",
            source="",
            getter=id,
            column="a",
            bits={"x": 63},
        ),
    ],
)
def test_a_fact_that_one_reading_could_not_obtain_is_not_declared(fact):
    with pytest.raises(RuleError):
        Vocabulary([fact])


def test_a_fact_is_declared_once():
    with pytest.raises(RuleError):
        Vocabulary([VOCABULARY.fact("principal.kind")] * 2)
