"""Texts: what is written is what is read; nothing that may not travel can be written."""

from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import RuleError
from rules.kinds.letters import parse
from rules.letters import MissingValue, fill
from rules.lists import Lists, Placeholder, ValueType
from rules.markup import parse_blocks
from rules.vocabulary import Vocabulary

STEPS = {"asked": "Asked", "told": "Told"}
VOCABULARY = Vocabulary(
    [],
    lists=Lists(
        placeholders={
            item.code: item
            for item in (
                Placeholder("applicant.name", "name", ValueType.TEXT, "Camille", "identity"),
                Placeholder("household.health", "health", ValueType.TEXT, "…", "health"),
                Placeholder("demand.day", "day", ValueType.DATE, "2026-01-01"),
                Placeholder("wishes", "wishes", ValueType.LIST, "…", "wishes"),
                Placeholder(
                    "event.piece", "piece", ValueType.TEXT, "…", about=frozenset({"asked"})
                ),
            )
        },
        channels={"email": frozenset(), "post": frozenset({"identity", "wishes"})},
        events=STEPS,
    ),
)


def written(body="Bonjour.", **changes):
    return {
        "code": "text",
        "title": {"fr": "Texte", "en": "Text"},
        "channels": ["post"],
        "subject": {"fr": "Objet", "en": "Subject"},
        "body": {"fr": body, "en": "Hello."},
        "legal_basis": "Article 1",
    } | changes


def one(**changes):
    return parse({"letters": [written(**changes)]}, VOCABULARY).letters[0]


def filled(body, **values):
    with override("fr"):
        return fill(
            one(body=body), "fr", {k.replace("__", "."): v for k, v in values.items()}, VOCABULARY
        )


def test_paragraphs_lists_and_emphasis_are_all_there_is():
    text = "Bonjour {{ applicant.name }},\nvenez *vite*.\n\n- un ;\n- deux.\n\nCerfa 15036*01."
    result = filled(text, applicant__name="Camille")
    assert result.text == "Bonjour Camille, venez vite.\n\n- un ;\n- deux.\n\nCerfa 15036*01."
    assert [block.is_list for block in result.blocks] == [False, True, False]
    assert [
        w.text for block in result.blocks for line in block.lines for w in line if w.is_strong
    ] == ["vite"]


def test_values_are_written_as_people_read_them():
    result = filled(
        "{{ demand.day }} : {{ wishes }}.", demand__day=date(2026, 4, 1), wishes=["Dijon", "Beaune"]
    )
    assert result.text == "1er\u00a0avril\u00a02026 : Dijon et Beaune."


@pytest.mark.parametrize("typed", ["*<b>*", "{{ applicant.name }}", "- - -", "a\n\n- b"])
def test_what_a_person_typed_is_never_read_as_markup(typed):
    (block,) = filled("Bonjour {{ applicant.name }}.", applicant__name=typed).blocks
    assert not block.is_list
    assert "".join(words.text for words in block.lines[0]) == f"Bonjour {typed}."
    assert not any(words.is_strong for words in block.lines[0])


@pytest.mark.parametrize("value", [None, "", []])
def test_a_text_that_lacks_a_value_is_not_sent_half_empty(value):
    with pytest.raises(MissingValue, match=r"applicant\.name"):
        filled("Bonjour {{ applicant.name }}.", applicant__name=value)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"body": "{{ nobody.name }}"}, "body.fr"),
        ({"body": "{{ household.health }}"}, "body.fr"),
        ({"body": "{{ event.piece }}"}, "body.fr"),
        ({"body": "{{ event.piece }}", "about": "told"}, "body.fr"),
        ({"body": "{{ applicant.name }}", "channels": ["post", "email"]}, "body.fr"),
        ({"subject": {"fr": "{{ demand.day }}", "en": "A"}, "channels": ["email"]}, "subject"),
        ({"body": "{{ applicant.name }"}, "body.fr"),
        ({"body": "{% load %}"}, "body.fr"),
        ({"body": "*open"}, "body.fr"),
        ({"body": "text\n- item"}, "body.fr"),
        ({"body": " "}, "body.fr"),
        ({"body": "a" * 5_001}, "body.fr"),
        ({"subject": {"fr": "a\nb", "en": "A"}}, "subject.fr"),
        ({"subject": {"fr": "A"}}, "subject"),
        ({"channels": ["pigeon"]}, "channels[0]"),
        ({"channels": []}, "channels"),
        ({"about": "birth"}, "about"),
    ],
)
def test_a_text_is_refused_where_it_is_wrong(changes, place):
    with pytest.raises(RuleError) as refusal:
        one(**changes)
    assert refusal.value.path == f"letters[0].{place}"


def test_a_value_of_a_step_may_be_written_in_a_text_about_that_step():
    assert one(body="{{ event.piece }}", about="asked").placeholders == {"event.piece"}


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="*{}\n\r-"), min_size=1).filter(
    lambda text: text.strip() and len(text.splitlines()) == 1
)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_whatever_is_written_in_paragraphs_comes_back(paragraphs):
    blocks = parse_blocks("\n\n".join(paragraphs), "")
    assert [block.lines[0][0].text for block in blocks] == [text.strip() for text in paragraphs]
