"""The third reading: text that can be published, in both languages."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from rules.explanation import explain_condition
from rules.parsing import parse_condition
from rules.sentences import outline, sentence

from .trees import BINDINGS, TREES, examples
from .world import TODAY, VOCABULARY

NARROW, WIDE = "\u202f", "\u00a0"
URGENT = {"fact": "row.urgent", "op": "is", "value": True}
STATE = {"fact": "row.state", "op": "in", "value": ["closed", "open"]}
PEOPLE = {"fact": "row.people", "op": "at_least", "value": 3}


def say(tree, language):
    with override(language):
        return sentence(parse_condition(tree, VOCABULARY), VOCABULARY)


@pytest.mark.parametrize(
    ("tree", "english", "french"),
    [
        (URGENT, "The row is urgent.", "The row is urgent."),
        (
            {"not": URGENT},
            "It is not the case that the row is urgent.",
            "Il n’est pas vrai que the row is urgent.",
        ),
        (
            PEOPLE,
            "The number of people is at least 3.",
            "The number of people vaut au moins 3.",
        ),
        (
            {"not": PEOPLE},
            "The number of people is less than 3.",
            "The number of people n’atteint pas 3.",
        ),
        (
            {"fact": "row.yearly", "op": "at_most", "value": 23403},
            "The yearly pay is at most €23,403 a year.",
            f"The yearly pay ne dépasse pas 23{NARROW}403{WIDE}€/an.",
        ),
        (
            {"fact": "row.monthly", "op": "equals", "value": "1234.5"},
            "The monthly pay is exactly €1,234.50 a month.",
            f"The monthly pay vaut exactement 1{NARROW}234,50{WIDE}€/mois.",
        ),
        (
            {"fact": "row.received", "op": "on_or_before", "value": "2026-04-01"},
            f"The date of reception is 1{WIDE}April{WIDE}2026 at the latest.",
            f"The date of reception est au plus tard le 1er{WIDE}avril{WIDE}2026.",
        ),
        (
            {"fact": "row.received", "op": "older_than_months", "value": 24},
            "The date of reception is at least 24 months ago.",
            f"The date of reception remonte à au moins 24{WIDE}mois.",
        ),
        (
            {"fact": "row.state", "op": "in", "value": ["open"]},
            "The state is “Open”.",
            f"The state est «{WIDE}Open{WIDE}».",
        ),
        (
            STATE,
            "The state is one of these: “Open” or “Closed”.",
            f"The state est l’un de ces cas{WIDE}: «{WIDE}Open{WIDE}» ou «{WIDE}Closed{WIDE}».",
        ),
        (
            {"fact": "row.towns", "op": "overlaps", "value": {"ref": "organisation.towns"}},
            "The towns and the towns of the organisation have at least one in common.",
            "The towns et the towns of the organisation ont au moins un élément en commun.",
        ),
        (
            {"fact": "row.state", "op": "is_unknown"},
            "The state: not known.",
            f"The state{WIDE}: information non connue.",
        ),
        ({"all": []}, "In every case.", "Dans tous les cas."),
        ({"not": {"all": []}}, "In no case.", "En aucun cas."),
        (
            {"any": [URGENT, PEOPLE]},
            "The row is urgent or the number of people is at least 3.",
            "The row is urgent ou the number of people vaut au moins 3.",
        ),
        (
            {"not": {"any": [{"not": PEOPLE}]}},
            "The number of people is at least 3.",
            "The number of people vaut au moins 3.",
        ),
    ],
)
def test_a_short_condition_is_one_sentence(tree, english, french):
    assert say(tree, "en") == english
    assert say(tree, "fr") == french


def test_a_long_condition_is_an_introduction_and_a_list_never_an_ambiguous_line():
    tree = {"all": [URGENT, STATE, {"any": [PEOPLE, {"not": {"all": [URGENT, {"any": [STATE]}]}}]}]}
    assert say(tree, "en").splitlines() == [
        "All of these conditions are met:",
        "– the row is urgent;",
        "– the state is one of these: “Open” or “Closed”;",
        "– at least one of these conditions is met:",
        "\u2003– the number of people is at least 3;",
        "\u2003– these conditions are not all met:",
        "\u2003\u2003– the row is urgent;",
        "\u2003\u2003– the state is one of these: “Open” or “Closed”.",
    ]
    assert say(tree, "fr").splitlines()[:2] == [
        f"Toutes ces conditions sont réunies{WIDE}:",
        f"– the row is urgent{NARROW};",
    ]


def test_exceptions_are_said_as_situations():
    tree = {"all": [PEOPLE, {"not": {"any": [{"all": [URGENT, PEOPLE]}, URGENT]}}]}
    with override("en"):
        line = outline(parse_condition(tree, VOCABULARY), VOCABULARY)
    assert line.children[1].text == "none of these situations applies:"
    assert [child.text for child in line.children[1].children] == [
        "the row is urgent and the number of people is at least 3",
        "the row is urgent",
    ]


def test_two_conditions_said_alike_mean_the_same(rows):
    """Two different sentences may mean one thing; one sentence never means two."""

    @examples(12)
    @given(trees=st.lists(TREES, min_size=40, max_size=40), bindings=BINDINGS)
    def check(trees, bindings):
        said = {}
        for tree in [*trees, *({"not": tree} for tree in trees)]:
            condition = parse_condition(tree, VOCABULARY)
            said.setdefault(sentence(condition, VOCABULARY), []).append(condition)
        for text, alike in said.items():
            for other in alike[1:]:
                for row in rows:
                    answers = {
                        explain_condition(each, VOCABULARY, bindings, row, TODAY).truth
                        for each in (alike[0], other)
                    }
                    assert len(answers) == 1, text

    for language in ("fr", "en"):
        with override(language):
            check()
