"""Every part of a module has a form: nothing of what is shipped can only be changed in a file."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from rules.disk import MODULES
from rules.editor import kinds
from rules.editor.card import CARD
from rules.editor.compiling import keep_spelling
from rules.editor.context import editing
from rules.editor.form import RuleForm

from .forms import changed_case, read, sent_from, shown_rules, shown_sections

SHIPPED = sorted(path.name for path in MODULES.iterdir() if path.is_dir())

# What a card says and no form changes.
FIXED = {
    "code": "the address of the module: decisions and other modules point to it",
    "kind": "another kind has other rules",
    "territory": "a module keeps the territory on which its versions were in force",
    "version": "numbered by the register, one more for each draft",
}


@pytest.fixture(autouse=True)
def english(db: None) -> Iterator[None]:
    with override("en"):
        yield


@pytest.mark.parametrize("name", SHIPPED)
def test_every_key_of_a_module_and_of_its_card_has_a_form(name: str) -> None:
    manifest, body = read(MODULES / name / "manifest.json"), read(MODULES / name / "body.json")
    found: set[str] = set()
    for section in kinds.sections(manifest["kind"]):
        found |= {field.key for field in section.fields} if section.whole else {section.key}
    assert set(body) <= found
    assert set(manifest) - {field.key for field in CARD} <= set(FIXED)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_form_writes_the_whole_of_a_rule_without_looking_at_what_was_there(name: str) -> None:
    """A key that a form does not show is kept from the rule before: here there is none."""
    folder = MODULES / name
    manifest, body = read(folder / "manifest.json"), read(folder / "body.json")
    lists = {**body, "tests": read(folder / "tests.json")}
    with editing(manifest, body):
        for section in shown_sections(manifest["kind"]):
            for path, rule in shown_rules(section, lists):
                form = RuleForm(section.fields, {}, path, sent_from(section.fields, rule, path))
                form.is_valid()  # codes of modules that are not in force here are refused, and kept
                before, after = (_stated(data) for data in (rule, form.written))
                assert keep_spelling(before, after) == before, path


def _stated(rule: dict[str, Any]) -> dict[str, Any]:
    """What may be written in two ways: no fact (an empty object, or nothing), several answers."""
    answer = rule.get("answer")
    typed = {"answer": ", ".join(answer)} if isinstance(answer, list) else {}
    return {key: part for key, part in {**rule, **typed}.items() if part != {}}


@pytest.mark.parametrize(
    ("module", "sent", "written"),
    [
        (
            "eligibility-21",
            {"income-fact": "demand.income_per_unit", "income-legal_basis": "CCH, art. R441-1"},
            {"fact": "demand.income_per_unit", "legal_basis": "CCH, art. R441-1"},
        ),
        ("priority-21", {"labels": "demand.detected_priorities"}, {}),
        ("scoring-demo-21", {"scope": "first_time", "counts_declared": ""}, {}),
    ],
)
def test_what_holds_for_a_whole_module_is_changed_in_a_form(
    module: str, sent: dict[str, str], written: dict[str, Any]
) -> None:
    form = changed_case(module, "general", 0, **sent)
    assert form.compiler.faults == {}
    assert form.written.get("income", {}).items() >= written.items()
    for key in {"labels", "scope"} & set(sent):
        assert form.written[key] == sent[key]
    assert form.written.get("counts_declared", False) is False


def test_a_fact_of_another_type_is_no_reference_income() -> None:
    form = changed_case("eligibility-21", "general", 0, **{"income-fact": "demand.monthly_income"})
    assert list(form.compiler.faults) == [("income", "fact")]
