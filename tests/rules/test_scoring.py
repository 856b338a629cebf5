"""Grids of points: one row with its reasons, all rows at once, and what a grid may not say."""

import copy
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given

from rules.cases import failures
from rules.errors import RuleError
from rules.kinds import parse_body
from rules.publication import publish
from rules.reading import FactSheet
from rules.scoring import Outcome, score, tie_key
from rules.scoring_sql import CompiledGrid, Counting

from .grids import TEXT, grids
from .trees import BINDINGS, examples
from .world import TODAY, VOCABULARY, Row

EXAMPLES = examples(80)


def by_sql(compiled, counting):
    scored = Row.objects.filter(compiled.applies).annotate(points=compiled.score(counting))
    return {row.pk: row.points for row in scored}


def agree(tree, bindings, rows):
    grid = parse_body("scoring", tree, VOCABULARY)
    compiled = CompiledGrid(grid, VOCABULARY, bindings, TODAY)
    scores = {row.pk: score(grid, VOCABULARY, bindings, row, TODAY) for row in rows}
    kept = {pk: found for pk, found in scores.items() if found.applies}
    for counting in Counting:
        expected = {pk: getattr(found, counting) for pk, found in kept.items()}
        assert by_sql(compiled, counting) == expected
    ranked = Row.objects.filter(compiled.applies).annotate(points=compiled.score())
    by_pk = {row.pk: row for row in rows}
    keys = {pk: tie_key(grid, VOCABULARY, bindings, by_pk[pk], TODAY) for pk in kept}
    assert list(ranked.order_by("-points", *compiled.tie_break()).values_list("pk", flat=True)) == (
        sorted(kept, key=lambda pk: (-kept[pk].total, keys[pk]))
    )


def test_whole_scores_and_ranks_are_the_same_in_sql_and_row_by_row(rows):
    @EXAMPLES
    @given(tree=grids(whole=True), bindings=BINDINGS)
    def check(tree, bindings):
        agree(tree, bindings, rows)

    check()


def test_scores_with_any_number_are_the_same_in_sql_and_row_by_row(rows):
    @EXAMPLES
    @given(tree=grids(whole=False), bindings=BINDINGS)
    def check(tree, bindings):
        agree(tree, bindings, rows)

    check()


URGENT = {"fact": "row.urgent", "op": "is", "value": True}
CROWDED = {"fact": "row.people", "op": "at_least", "value": 3}
GOLD = {"by": "document", "fact": "row.badges", "codes": ["gold"]}


def criterion(code, when, points, proof=None, **more):
    return {
        "code": code,
        "title": {"fr": f"Critère {code}", "en": f"Criterion {code}"},
        "when": when,
        "points": points,
        "proof": proof or {"by": "automatic"},
        "on_unknown": "not_earned",
        "legal_basis": "tests",
        **more,
    }


def section(code, mode, *criteria):
    return {"code": code, "title": TEXT, "mode": mode, "criteria": list(criteria)}


GRID = {
    "scope": "both",
    "first_time": "row.urgent",
    "counts_declared": True,
    "sections": [
        section(
            "need",
            "max",
            criterion("urgent", URGENT, 30, GOLD, on_unknown="to_complete"),
            criterion("crowded", CROWDED, 20),
        ),
        section(
            "time",
            "sum",
            criterion(
                "seniority",
                {"all": []},
                {"tiers": {"of": {"fact": "row.seniority"}, "each": 6, "gives": 1, "cap": 10}},
            ),
            criterion("closed", {"fact": "row.state", "op": "is", "value": "closed"}, -10),
        ),
    ],
    "exclusions": [
        {
            "code": "lost",
            "title": {"fr": "Perdu", "en": "Lost"},
            "when": {"fact": "row.state", "op": "is", "value": "lost"},
            "legal_basis": "tests",
        }
    ],
    "tie_break": [{"fact": "row.since", "order": "ascending"}],
}


def scored(tree=GRID, **row):
    facts = FactSheet({f"row.{name}": value for name, value in row.items()})
    return score(parse_body("scoring", tree, VOCABULARY), VOCABULARY, {}, facts, TODAY)


def lines(found):
    return {line.criterion.code: line for line in found.criteria}


def test_only_the_highest_of_a_section_counts_and_sections_add_up():
    found = scored(urgent=True, people=4, seniority=13, state="closed", badges=["gold"])
    assert (found.total, found.declared, found.proved) == (22, 22, 22)
    assert not found.is_provisional
    counted = [line.criterion.code for line in found.criteria if line.counts]
    assert counted == ["urgent", "seniority", "closed"]
    assert lines(found)["crowded"].is_earned


def test_what_is_declared_counts_provisionally_until_it_is_proved():
    found = scored(urgent=True, people=4, seniority=0)
    assert (found.total, found.declared, found.proved) == (30, 30, 20)
    assert found.is_provisional
    assert not lines(found)["urgent"].is_proved
    strict = {**copy.deepcopy(GRID), "counts_declared": False}
    waiting = scored(strict, urgent=True, people=4, seniority=0)
    assert (waiting.total, waiting.declared, waiting.proved) == (20, 30, 20)
    assert [line.criterion.code for line in waiting.criteria if line.counts] == ["crowded"]


def test_what_is_not_known_gives_nothing_and_is_asked_for_where_the_grid_says_so():
    found = scored(people=None)
    outcomes = {code: line.outcome for code, line in lines(found).items()}
    assert found.total == 0
    assert outcomes["urgent"] is Outcome.TO_COMPLETE
    assert outcomes["crowded"] is Outcome.UNKNOWN
    assert outcomes["seniority"] is Outcome.UNKNOWN
    assert [fact.code for fact in found.to_complete] == ["row.urgent"]
    assert [fact.code for fact in lines(found)["seniority"].missing] == ["row.seniority"]


def test_an_excluded_demand_is_not_scored_and_an_unknown_exclusion_does_not_exclude():
    assert scored(state="lost").applies is False
    assert [item.code for item in scored(state="lost").excluded_by] == ["lost"]
    assert scored(state=None).applies is True


def test_a_grid_for_transfers_leaves_first_applications_and_unknown_ones_out():
    transfers = {**copy.deepcopy(GRID), "scope": "transfer"}
    assert scored(transfers, urgent=False).applies
    assert not scored(transfers, urgent=True).applies
    assert not scored(transfers, urgent=None).applies


def test_a_criterion_for_transfers_concerns_nobody_else():
    tree = copy.deepcopy(GRID)
    tree["sections"][0]["criteria"][1]["scope"] = "transfer"
    found = scored(tree, urgent=True, people=4)
    assert lines(found)["crowded"].outcome is Outcome.NOT_CONCERNED
    assert scored(tree, urgent=False, people=4).total == 20


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (("scope",), "nobody", "scope"),
        (("first_time",), "row.people", "first_time"),
        (("counts_declared",), "yes", "counts_declared"),
        (("sections",), [], "sections"),
        (("sections", 0, "mode"), "mean", "sections[0].mode"),
        (("sections", 0, "criteria", 0, "points"), 0, "sections[0].criteria[0].points"),
        (("sections", 0, "criteria", 0, "points"), 1001, "sections[0].criteria[0].points"),
        (("sections", 0, "criteria", 0, "points"), -5, "sections[0].criteria[0].points"),
        (("sections", 0, "criteria", 0, "points"), "50", "sections[0].criteria[0].points"),
        (("sections", 0, "criteria", 0, "proof", "by"), "word", "sections[0].criteria[0].proof.by"),
        (
            ("sections", 0, "criteria", 0, "proof", "codes"),
            ["lead"],
            "sections[0].criteria[0].proof.codes[0]",
        ),
        (
            ("sections", 0, "criteria", 0, "proof", "fact"),
            "row.state",
            "sections[0].criteria[0].proof.fact",
        ),
        (("sections", 0, "criteria", 1, "code"), "urgent", "criteria[1].code"),
        (("sections", 0, "criteria", 0, "when"), {}, "sections[0].criteria[0].when"),
        (("tie_break",), [], "tie_break"),
        (("tie_break", 0, "fact"), "row.seniority", "tie_break[0].fact"),
        (("tie_break", 0, "order"), "most", "tie_break[0].fact"),
    ],
)
def test_what_a_grid_may_not_say_is_refused_where_it_stands(place, value, path):
    tree = copy.deepcopy(GRID)
    target = tree
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    with pytest.raises(RuleError) as refusal:
        parse_body("scoring", tree, VOCABULARY)
    assert refusal.value.path == path


def test_test_cases_of_a_grid_say_the_total_and_what_is_proved():
    grid = parse_body("scoring", GRID, VOCABULARY)
    row = {"row.urgent": True, "row.people": 4, "row.seniority": "2025-03-31"}

    def found(expect, **more):
        case = {"name": "a case", "row": {**row, **more}, "expect": expect}
        return list(failures("scoring", grid, [case], VOCABULARY, TODAY))

    assert not found("32 (22)")
    assert not found("not scored", **{"row.state": "lost"})
    with override("en"):
        assert found("33") == [
            "the test case “a case” expects “33”, the rules give “32 (22)”",
        ]


def test_a_grid_is_published_criterion_by_criterion_with_its_tie_break():
    grid = parse_body("scoring", GRID, VOCABULARY)
    with override("en"):
        published = {item.code: item for item in publish("scoring", grid, VOCABULARY)}
    assert list(published) == ["urgent", "crowded", "seniority", "closed", "lost", "tie-break"]
    parts = dict(published["urgent"].parts)
    assert parts["Points"] == "30 points."
    assert parts["When"] == "The row is urgent."
    assert parts["Proof"].startswith("A verified document: “Gold”.")
    assert "only the highest" in parts["Section"]
    seniority = dict(published["seniority"].parts)
    assert seniority["Points"] == "1 for each full 6 months (the seniority), 10 at most."
    assert dict(published["closed"].parts)["Points"] == "−10 points."
    assert published["tie-break"].parts[0][1] == (
        "From the earliest to the latest: the day since when."
    )


def test_points_are_exact_numbers():
    assert scored(urgent=True, seniority=6).total == Decimal(31)
