"""What a number of a rule may be, how it is refused, and the arithmetic both engines share."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from rules import arithmetic
from rules.comparing import months_before, months_between
from rules.conditions import content_hash
from rules.errors import RuleError
from rules.explanation import explain_condition, explain_number
from rules.number_parsing import parse_number
from rules.number_sentences import number_text
from rules.numbers import number_facts, number_to_json
from rules.parsing import parse_condition
from rules.reading import FactSheet
from rules.types import FactType, Truth
from rules.vocabulary import Fact, Vocabulary

from .world import PARAMETERS, TODAY, VOCABULARY, Areas, found_under

ONE = {"constant": 1}
PEOPLE = {"fact": "row.people"}


def nested(levels):
    return ONE if levels == 1 else {"round": nested(levels - 1)}


def endless():
    """A tree that holds itself: no JSON file can, a caller's object can."""
    tree = {"sum": [ONE, ONE]}
    tree["sum"][1] = tree
    return tree


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        (3, ""),
        ({}, ""),
        ({"eval": "1+1"}, ""),
        ({"constant": "1+1"}, "constant"),
        ({"constant": "9" * 5000}, "constant"),
        ({"constant": 10**5000}, "constant"),
        ({"constant": True}, "constant"),
        ({"fact": "row.unheard"}, "fact"),
        ({"fact": "row.state"}, "fact"),
        ({"parameter": "unheard"}, "parameter"),
        ({"parameter": ["cap"]}, "parameter"),
        ({"sum": [ONE]}, "sum"),
        ({"sum": ONE}, "sum"),
        ({"sum": [ONE] * 61}, "sum"),
        ({"difference": [ONE] * 3}, "difference"),
        ({"quotient": [ONE, {"constant": 0}]}, "quotient[1]"),
        ({"sum": [{"fact": "row.monthly"}, {"fact": "row.yearly"}]}, "sum[1]"),
        ({"min": [{"fact": "row.seniority"}, {"fact": "row.effort"}]}, "min[1]"),
        ({"round": ONE, "places": 5}, "places"),
        ({"round": ONE, "to": 2}, ""),
        ({"table": {"by": "row.people", "rows": {}}}, "table.rows"),
        ({"table": {"by": "row.people", "rows": {"many": ONE}}}, "table.rows.many"),
        ({"table": {"by": "row.state", "rows": {"gone": ONE}}}, "table.rows.gone"),
        ({"table": {"by": "row.urgent", "rows": {"true": ONE}}}, "table.rows.true"),
        ({"choice": []}, "choice"),
        ({"choice": [{"when": {"fact": "row.no"}, "then": ONE}]}, "choice[0].when.fact"),
        ({"tiers": {"of": ONE, "each": 0, "gives": 1}}, "tiers.each"),
        ({"tiers": {"of": ONE, "each": 1, "gives": 0}}, "tiers.gives"),
        ({"tiers": {"of": ONE, "each": 1, "gives": 1, "cap": -1}}, "tiers.cap"),
        ({"tiers": {"of": ONE, "each": 1, "gives": 1, "most": 1}}, "tiers"),
        (nested(13), ".".join(["round"] * 12)),
        (endless(), ".".join(["sum[1]"] * 11 + ["sum[0]"])),
        ({"sum": [{"sum": [ONE] * 50} for _ in range(11)]}, "sum[9].sum[39]"),
    ],
)
def test_a_number_that_a_reading_could_not_follow_is_refused_where_it_stands(tree, path):
    with pytest.raises(RuleError) as refusal:
        parse_number(tree, VOCABULARY)
    assert refusal.value.path == path
    assert str(refusal.value.message)


def test_a_condition_that_holds_itself_is_refused():
    tree = {"all": []}
    tree["all"].append(tree)
    with pytest.raises(RuleError, match="12"):
        parse_condition(tree, VOCABULARY)


def test_one_number_has_one_spelling_and_one_fingerprint():
    trees = [
        {"sum": [{"constant": "1.50"}, {"parameter": "factor"}]},
        {"sum": [{"constant": 1.5}, {"fact": "parameter.factor"}]},
    ]
    one, two = (parse_number(tree, VOCABULARY) for tree in trees)
    assert number_to_json(one) == {"sum": [{"constant": "1.5"}, {"parameter": "factor"}]}
    assert content_hash(number_to_json(one)) == content_hash(number_to_json(two))
    assert number_facts(one) == {"parameter.factor"}


def test_a_tie_is_rounded_away_from_zero_and_what_cannot_be_told_is_unknown():
    quotient = arithmetic.quotient
    assert quotient([Decimal(1), Decimal(3)]) == Decimal("0.3333")
    assert quotient([Decimal("0.0001"), Decimal(2)]) == Decimal("0.0001")
    assert quotient([Decimal("-0.0001"), Decimal(2)]) == Decimal("-0.0001")
    assert quotient([Decimal(5), Decimal(0)]) is None
    assert arithmetic.product([Decimal(10) ** 6, Decimal(10) ** 5]) is None
    assert arithmetic.total([Decimal(1), None]) is None
    assert arithmetic.tiers(Decimal(-7), Decimal(6), Decimal(1), None) == 0
    assert arithmetic.tiers(Decimal(65), Decimal(6), Decimal(1), Decimal(10)) == 10


@given(day=st.dates(date(2000, 1, 1), date(2030, 12, 31)), months=st.integers(0, 300))
def test_a_duration_is_the_most_months_by_which_a_date_is_older(day, months):
    start = months_before(day, months)
    assert months_between(start, day) >= months
    elapsed = months_between(start, day)
    assert start <= months_before(day, elapsed)
    assert start > months_before(day, elapsed + 1)


def test_points_per_six_months_are_capped():
    tiers = parse_number(
        {"tiers": {"of": {"fact": "row.seniority"}, "each": 6, "gives": 1, "cap": 10}}, VOCABULARY
    )
    given = {
        months: explain_number(
            tiers, VOCABULARY, {}, FactSheet({"row.seniority": months}), TODAY
        ).value
        for months in (0, 5, 6, 35, 60, 400)
    }
    assert given == {0: 0, 5: 0, 6: 1, 35: 5, 60: 10, 400: 10}


def test_an_unknown_number_names_what_is_missing():
    number = parse_number({"sum": [PEOPLE, {"fact": "row.ratio"}]}, VOCABULARY)
    trace = explain_number(number, VOCABULARY, {}, FactSheet({"row.weight": Decimal(2)}), TODAY)
    assert trace.value is None
    assert [fact.code for fact in trace.unknown_facts()] == ["row.people", "row.monthly"]


def test_an_unknown_condition_names_what_is_missing():
    condition = parse_condition({"fact": "row.spare", "op": "is", "value": True}, VOCABULARY)
    sheet = FactSheet({"row.urgent": False, "row.weight": Decimal(1)})
    trace = explain_condition(condition, VOCABULARY, {}, sheet, TODAY)
    assert trace.truth is Truth.UNKNOWN
    assert [fact.code for fact in trace.unknown_facts()] == ["row.monthly"]


@pytest.mark.parametrize(
    ("tree", "english", "french"),
    [
        (
            {"tiers": {"of": {"fact": "row.seniority"}, "each": 6, "gives": 1, "cap": 10}},
            "1 for each full 6 months (the seniority), 10 at most",
            "1 par tranche entière de 6\u00a0mois (the seniority), 10 au plus",
        ),
        (
            {"product": [{"sum": [PEOPLE, ONE]}, {"parameter": "factor"}]},
            "(the number of people plus 1) times the factor",
            "(the number of people plus 1) multiplié par the factor",
        ),
        (
            {"table": {"by": "row.people", "rows": {"2": ONE, "1": {"constant": "2.5"}}}},
            "according to the number of people (2.50 for 1; 1 for 2; otherwise not known)",
            "selon the number of people (2,50 pour 1\u202f; 1 pour 2\u202f; sinon, non connu)",
        ),
    ],
)
def test_a_number_is_said_in_words_that_can_be_published(tree, english, french):
    number = parse_number(tree, VOCABULARY)
    with override("en"):
        assert number_text(number, VOCABULARY) == english
    with override("fr"):
        assert number_text(number, VOCABULARY) == french


def derived(code, **rule):
    kind = FactType.DECIMAL if "formula" in rule else FactType.BOOLEAN
    return Fact(code=code, type=kind, label=code, source="", **rule)


@pytest.mark.parametrize(
    "facts",
    [
        [derived("row.a", formula={"fact": "row.a"})],
        [derived("row.a", formula={"fact": "row.b"}), derived("row.b", formula={"fact": "row.a"})],
        [
            derived("row.a", condition={"fact": "row.b", "op": "at_least", "value": 1}),
            derived(
                "row.b",
                formula={
                    "choice": [{"when": {"fact": "row.a", "op": "is", "value": True}, "then": ONE}]
                },
            ),
        ],
        [derived("row.a", formula={"fact": "row.none"})],
        [derived("row.0", formula=ONE)]
        + [derived(f"row.{i}", formula={"fact": f"row.{i - 1}"}) for i in range(1, 7)],
        [derived("organisation.a", formula=ONE)],
        [
            Fact(
                code="row.a", type=FactType.INTEGER, label="a", source="", formula={"constant": 1.5}
            )
        ],
    ],
)
def test_a_fact_that_would_follow_from_itself_or_from_nothing_is_not_declared(facts):
    with pytest.raises(RuleError):
        Vocabulary(facts)


def test_a_rule_read_on_another_row_keeps_only_the_facts_of_that_row():
    moved = Vocabulary(
        [
            Fact(
                code="row.a", type=FactType.INTEGER, label="a", source="", column="f__a", getter=id
            ),
            Fact(code="row.b", type=FactType.INTEGER, label="b", source="", column="b", getter=id),
            derived("row.sum", formula={"sum": [{"fact": "row.a"}, ONE]}),
            derived("row.far", formula={"sum": [{"fact": "row.b"}, {"fact": "row.sum"}]}),
            derived("row.farther", formula={"round": {"fact": "row.far"}}),
        ],
        {"keys": found_under},
        Areas(),
        PARAMETERS,
    ).rooted("f__")
    assert [fact.code for fact in moved] == ["row.a", "row.sum"]
    assert moved.fact("row.a").column == "a"
