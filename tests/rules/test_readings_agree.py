"""One definition, three readings: SQL and explanation answer alike for every row."""

import pytest
from hypothesis import given, settings

from rules.conditions import to_json
from rules.explanation import explain_condition, explain_number
from rules.number_parsing import parse_number
from rules.numbers import number_to_json
from rules.parsing import parse_condition
from rules.sql import compile_any, compile_condition, compile_number
from rules.types import Truth

from .trees import BINDINGS, NUMBERS, TREES, examples
from .world import TODAY, VOCABULARY, Row


def _by_sql(compiled):
    true = set(Row.objects.filter(compiled.is_true).values_list("pk", flat=True))
    false = set(Row.objects.filter(compiled.is_false).values_list("pk", flat=True))
    assert not true & false
    return true, false


def _by_explanation(condition, bindings, rows):
    answers = {
        row.pk: explain_condition(condition, VOCABULARY, bindings, row, TODAY).truth for row in rows
    }
    return (
        {pk for pk, truth in answers.items() if truth is Truth.TRUE},
        {pk for pk, truth in answers.items() if truth is Truth.FALSE},
    )


def test_sql_and_explanation_agree_on_every_row_missing_values_included(rows):
    @examples(200)
    @given(tree=TREES, bindings=BINDINGS)
    def check(tree, bindings):
        condition = parse_condition(tree, VOCABULARY)
        compiled = compile_condition(condition, VOCABULARY, bindings, TODAY)
        answers = _by_explanation(condition, bindings, rows)
        assert _by_sql(compiled) == answers
        if compiled.constant is not None:
            every = {row.pk for row in rows}
            assert answers == (
                every if compiled.constant is Truth.TRUE else set(),
                every if compiled.constant is Truth.FALSE else set(),
            )

    check()


def test_a_number_is_the_same_to_the_last_decimal_or_unknown_in_both_readings(rows):
    @examples(200)
    @given(tree=NUMBERS, bindings=BINDINGS)
    def check(tree, bindings):
        number = parse_number(tree, VOCABULARY)
        compiled = compile_number(number, VOCABULARY, bindings, TODAY)
        by_sql = dict(Row.objects.annotate(number=compiled).values_list("pk", "number"))
        for row in rows:
            explained = explain_number(number, VOCABULARY, bindings, row, TODAY).value
            assert by_sql[row.pk] == explained, (tree, row.pk)

    check()


@given(tree=NUMBERS)
@settings(max_examples=150, deadline=None)
def test_a_number_written_and_read_again_is_the_same(tree):
    number = parse_number(tree, VOCABULARY)
    assert parse_number(number_to_json(number), VOCABULARY) == number


def test_merged_grants_give_the_rows_that_each_gives(rows):
    @examples(60)
    @given(first=TREES, second=TREES, bindings=BINDINGS)
    def check(first, second, bindings):
        conditions = [parse_condition(tree, VOCABULARY) for tree in (first, second)]
        merged = compile_any(conditions, VOCABULARY, bindings, TODAY)
        one, two = (
            _by_sql(compile_condition(condition, VOCABULARY, bindings, TODAY))
            for condition in conditions
        )
        assert _by_sql(merged) == (one[0] | two[0], one[1] & two[1])

    check()


@given(tree=TREES)
@settings(max_examples=150, deadline=None)
def test_a_condition_written_and_read_again_is_the_same(tree):
    condition = parse_condition(tree, VOCABULARY)
    assert parse_condition(to_json(condition), VOCABULARY) == condition


@pytest.mark.parametrize("months", [0, 1, 12])
def test_a_delay_that_ends_on_a_missing_day_ends_on_the_last_of_the_month(rows, months):
    """On 31 March, "one month ago" is 28 February: both readings must say so."""
    condition = parse_condition(
        {"fact": "row.received", "op": "older_than_months", "value": months}, VOCABULARY
    )
    compiled = compile_condition(condition, VOCABULARY, {}, TODAY)
    assert _by_sql(compiled) == _by_explanation(condition, {}, rows)
