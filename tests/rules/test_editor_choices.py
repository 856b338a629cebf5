"""What is chosen in the forms of rules and of test cases: by name, and only what there is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from rules import registry
from rules.disk import MODULES
from rules.editor import kinds
from rules.editor.context import editing
from rules.editor.form import NAME, RuleForm, rule_block
from rules.editor.palette import palette
from rules.editor.valued import ValueOfWidgetAdapter
from rules.models import ModuleKind
from rules.vocabulary import Vocabulary
from tests.posting import as_posted

from .forms import changed_case, read


@pytest.fixture(autouse=True)
def english(db: None) -> Iterator[None]:
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("module", "key", "sent", "place"),
    [
        ("deadlines-21", "deadlines", {"unit": "moons"}, ("unit",)),
        ("eligibility-21", "norms", {"types": "T99"}, ("types",)),
        (
            "automation-21",
            "rules",
            {"actions-0-value-due-delay": "no"},
            ("actions", 0, "due", "delay"),
        ),
        ("automation-21", "tests", {"rule": "nothing"}, ("rule",)),
        (
            "scoring-demo-21",
            "sections",
            {"criteria-0-value-proof-found-value": "nothing"},
            ("criteria", 0, "proof", "found"),
        ),
    ],
)
def test_what_is_in_no_list_is_refused_beside_its_block(
    module: str, key: str, sent: dict[str, str], place: Any
) -> None:
    form = changed_case(module, key, 0, **sent)
    assert list(form.compiler.faults) == [place]


def test_a_code_that_the_draft_holds_and_no_list_has_is_shown_and_kept() -> None:
    section = kinds.sections("automation")[0]
    rule = read(MODULES / "automation-21" / "body.json")["rules"][0]
    rule["actions"] = [{"do": "webhook", "endpoint": "gone-since"}]
    with editing({}, {}):
        block = rule_block(tuple(section.fields))
        shown = RuleForm(section.fields, rule, "rules[0]")
        endpoint = block.child_blocks["actions"].child_block.child_blocks["endpoint"]
        assert ("gone-since", "gone-since") in list(endpoint.field.choices)
        sent = as_posted(block, block.get_form_state(shown.initial[NAME]), NAME)
        form = RuleForm(section.fields, rule, "rules[0]", sent)
        assert form.is_valid(), form.compiler.faults
    assert form.written == rule


def test_every_kind_of_module_has_a_form_for_its_rules_and_for_its_test_cases() -> None:
    for kind in ModuleKind.values:
        assert kinds.sections(kind), kind
        assert kinds.cases(kind), kind


@pytest.mark.parametrize(
    ("module", "number", "sent", "written"),
    [
        (
            "questions-21",
            3,
            {"answer-fact": "transport", "answer-value": "car"},
            {"answer": ["car"]},
        ),
        ("questions-21", 5, {"answer-value": "2027-10-01"}, {"answer": "2027-10-01"}),
        (
            "questions-21",
            3,
            {"question": "parking", "answer-fact": "parking", "answer-value": "yes"},
            {"question": "parking", "answer": True},
        ),
        ("questions-21", 3, {"expect": "refused"}, {"expect": "refused"}),
        ("letters-21", 0, {"values-3-value-value": "042"}, {"demand.number": "042"}),
        ("letters-21", 2, {"letter": "renewal_notice"}, {"letter": "renewal_notice"}),
    ],
)
def test_a_test_case_of_texts_or_questions_is_changed_in_its_form(
    module: str, number: int, sent: dict[str, str], written: dict[str, Any]
) -> None:
    form = changed_case(module, "tests", number, **sent)
    assert form.compiler.faults == {}
    assert {**form.written, **form.written.get("values", {})}.items() >= written.items()


@pytest.mark.parametrize(
    ("question", "typed", "said"),
    [("parking", "maybe", "yes or no"), ("move_from", "tomorrow", "date")],
)
def test_an_answer_of_another_type_than_its_question_is_refused_beside_it(
    question: str, typed: str, said: str
) -> None:
    sent = {"question": question, "answer-fact": question, "answer-value": typed}
    form = changed_case("questions-21", "tests", 3, **sent)
    assert list(form.compiler.faults) == [("answer",)]
    assert said in form.compiler.faults[("answer",)][0]


def test_the_answers_of_a_question_are_offered_by_name() -> None:
    folder = MODULES / "questions-21"
    with editing(read(folder / "manifest.json"), read(folder / "body.json")):
        answer = next(f for f in kinds.cases("questions").fields if f.key == "answer")  # type: ignore[union-attr]
        _html, settings = ValueOfWidgetAdapter().js_args(answer.block().field.widget)
    asked = {each["code"]: each for each in settings["items"]}
    assert settings["of"] == "question"
    assert asked["parking"]["type"] == "boolean"
    assert "public" in dict(asked["transport"]["choices"])


def test_a_choice_that_is_no_longer_offered_is_marked_in_test_cases_and_in_conditions() -> None:
    folder = MODULES / "questions-21"
    body = read(folder / "body.json")
    question = next(each for each in body["questions"] if each["code"] == "transport")
    question["choices"][0]["retired"] = True
    gone, kept = question["choices"][0], question["choices"][1]
    with editing(read(folder / "manifest.json"), body):
        answer = next(f for f in kinds.cases("questions").fields if f.key == "answer")  # type: ignore[union-attr]
        _html, settings = ValueOfWidgetAdapter().js_args(answer.block().field.widget)
    offered = dict(next(e for e in settings["items"] if e["code"] == "transport")["choices"])
    assert offered[gone["code"]] == f"{gone['label']['en']} (retired)"
    assert offered[kept["code"]] == kept["label"]["en"]
    fact = replace(
        registry.vocabulary().fact("demand.channel"),
        code="row.way",
        choices={"old": "by fax", "new": "by hand", "later": "by wire"},
        retired={"old": date.min, "later": date.max},
    )
    (shown,) = palette(Vocabulary([fact]))["facts"]
    assert [name for _code, name in shown["choices"]] == ["by fax (retired)", "by hand", "by wire"]


def test_the_departments_of_a_delay_elsewhere_are_offered_by_name_in_the_whole_country() -> None:
    fields = kinds.sections("deadlines")[0].fields
    elsewhere = next(field for field in fields if field.key == "elsewhere")
    departments = dict(elsewhere.block().child_block.child_blocks["territories"].field.choices)
    assert departments["75"] == "Paris (75)"
    assert departments["974"] == "La Réunion (974)"
    assert len(departments) == 101
    assert "dep:75" not in registry.vocabulary().territories.names, "no demand is there"
