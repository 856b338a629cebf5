"""Alternatives become one lookup: an OR over several subqueries is what makes lists slow."""

import pytest

from rules.parsing import parse_condition
from rules.sql import ALWAYS, NEVER, compile_any, compile_condition
from rules.types import Truth

from .world import TODAY, VOCABULARY, Row


def towns(*codes, op="overlaps"):
    return {"fact": "row.towns", "op": op, "value": list(codes)}


def teams(*codes, op="overlaps"):
    return {"fact": "row.teams", "op": op, "value": list(codes)}


MINE = {"fact": "row.towns", "op": "overlaps", "value": {"ref": "organisation.towns"}}
KIND_A = {"fact": "principal.kind", "op": "is", "value": "a"}
KIND_B = {"fact": "principal.kind", "op": "is", "value": "b"}


def sql(query):
    return str(Row.objects.filter(query).query).lower()


def merged(*trees, **bindings):
    conditions = [parse_condition(tree, VOCABULARY) for tree in trees]
    values = {key.replace("__", "."): value for key, value in bindings.items()}
    return compile_any(conditions, VOCABULARY, values, TODAY)


def test_alternatives_in_one_relation_become_one_lookup(db):
    query = sql(merged(towns("dijon"), teams("red"), towns("beaune")).is_true)
    assert query.count("exists") == 1
    assert " or " not in query
    for key in ("team:red", "town:beaune", "town:dijon"):
        assert key in query


def test_grants_of_which_only_the_lookup_is_left_are_merged_too(db):
    """`all` of what the person satisfies and one lookup is that lookup."""
    compiled = merged(
        {"all": [KIND_A, MINE]},
        {"all": [{"any": [KIND_A, KIND_B]}, {"all": [teams("blue")]}]},
        {"all": [KIND_B, towns("semur")]},
        principal__kind="a",
        organisation__towns=["dijon", "beaune"],
    )
    query = sql(compiled.is_true)
    assert query.count("exists") == 1
    assert "semur" not in query
    assert "team:blue" in query


def test_what_is_excluded_together_is_looked_up_once(db):
    query = sql(merged({"any": [towns("dijon"), teams("red")]}).is_false)
    assert query.count("exists") == 1
    assert "not " in query


def test_facts_about_the_person_leave_no_trace_in_the_query(db):
    allowed = merged({"all": [KIND_A]}, principal__kind="a")
    assert allowed.constant is Truth.TRUE
    assert "where" not in sql(allowed.is_true)


@pytest.mark.parametrize(
    ("bindings", "constant"),
    [
        ({"principal__kind": "a"}, Truth.TRUE),
        ({"principal__kind": "b"}, Truth.FALSE),
        ({"principal__kind": None}, Truth.UNKNOWN),
        ({}, Truth.UNKNOWN),
    ],
)
def test_a_condition_on_the_person_alone_is_answered_without_any_row(bindings, constant):
    compiled = merged(KIND_A, **bindings)
    assert compiled.constant is constant
    assert (compiled.is_true == ALWAYS) is (constant is Truth.TRUE)
    assert (compiled.is_false == ALWAYS) is (constant is Truth.FALSE)


def test_no_grant_gives_nothing(django_assert_num_queries, rows):
    compiled = compile_any([], VOCABULARY, {}, TODAY)
    assert compiled.constant is Truth.FALSE
    assert compiled.is_true == NEVER
    with django_assert_num_queries(0):
        assert not list(Row.objects.filter(compiled.is_true))


def test_an_empty_territory_opens_nothing_and_an_unknown_one_neither(rows):
    condition = parse_condition(MINE, VOCABULARY)
    empty = compile_condition(condition, VOCABULARY, {"organisation.towns": []}, TODAY)
    unknown = compile_condition(condition, VOCABULARY, {}, TODAY)
    assert empty.constant is Truth.FALSE
    assert unknown.constant is Truth.UNKNOWN
    assert not Row.objects.filter(empty.is_true).exists()
    assert not Row.objects.filter(unknown.is_true).exists()
    assert not Row.objects.filter(unknown.is_false).exists()
