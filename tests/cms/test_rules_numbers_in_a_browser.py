"""Computed numbers in conditions in a real browser, on a wide screen and on a phone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from rules import drafts
from rules.editor import shelf
from rules.life import Actor
from tests.browser import assert_fits_the_screen, assert_within_reach, axe

from .rule_pages import RULES
from .rule_screens import NOT_OURS, add_block, in_front_of_the_modules, part, rule_address, said

COST = {"fact": "demand.max_monthly_cost"}
CHILDREN = {"sum": [{"fact": "demand.children"}, {"constant": 1}]}
MANY = {"fact": "demand.household_size", "op": "at_least", "value": {"number": CHILDREN}}
SHARE = {"choice": [{"when": MANY, "then": {"constant": 2}}], "otherwise": {"constant": 3}}
POOR = {
    "fact": "demand.monthly_income",
    "op": "at_most",
    "value": {"number": {"product": [COST, SHARE]}},
}

# Buttons with words of which a part is hidden, or with a picture larger than the words.
MISSHAPEN = """() => [...document.querySelectorAll("main .button:not(.button--icon)")].filter(
  (each) => each.offsetParent
    && (each.scrollHeight > each.clientHeight + 1 || each.clientHeight > 90)
).map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture
def page(transactional_db: Any, new_page: Any, live_server: Any) -> Any:
    """An editor in front of the delivered modules."""
    return in_front_of_the_modules(new_page, live_server.url)


def exclusion(*conditions: Any) -> str:
    """A draft of a grid of which the first exclusion has these conditions; its address."""
    version = drafts.open_draft("scoring-demo-21", Actor("Editor"))
    body = version.body
    body["exclusions"][0]["when"] = {"any": list(conditions)}
    drafts.save_draft(version, body=body)
    return f"{RULES}scoring-demo-21/exclusions/1/"


def stored() -> Any:
    version = shelf.draft("scoring-demo-21")
    assert version is not None
    return version.body["exclusions"][0]["when"]


def unfold(page: Any) -> None:
    """Open every block of the page."""
    folded = page.locator(".rules-blocks [data-panel-toggle][aria-expanded=false]:visible")
    for _each in range(folded.count()):
        folded.first.click()


@pytest.mark.browser
def test_a_comparison_with_a_computed_number_is_changed_and_refused_beside_its_block(
    page: Any,
) -> None:
    page.goto(exclusion(POOR, {"fact": "demand.children", "op": "at_least", "value": 3}))
    page.locator("[name='rule-when-0-value-parts-0-value-op']").select_option("at_least")
    said(page, "au moins la dépense mensuelle maximale du demandeur")
    figure = page.locator("[name$='-number-0-value-parts-1-value-0-value-otherwise-0-value-value']")
    figure.fill("trois")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    wrong = page.locator(".w-field--error", has=figure)
    expect(wrong).to_contain_text("nombre")
    axe(page, exclude=NOT_OURS)
    figure.fill("2,5")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(f"**{RULES}scoring-demo-21/")
    changed = stored()["any"][0]
    assert changed["op"] == "at_least"
    share = changed["value"]["number"]["product"][1]
    assert share == {**SHARE, "otherwise": {"constant": "2.5"}}


@pytest.mark.browser
def test_a_comparison_with_a_computed_number_is_added_with_the_keyboard(page: Any) -> None:
    page.goto(exclusion({"fact": "demand.children", "op": "at_least", "value": 3}))
    conditions = part(page, "when")
    add_block(page, conditions.locator(".c-sf-add-button").last, "nombre calc")
    looked_at = page.locator("select[name='rule-when-1-value-fact']")
    looked_at.wait_for()
    looked_at.select_option("demand.monthly_income")
    page.locator("select[name='rule-when-1-value-op']").select_option("at_most")
    number = page.locator("[data-contentpath=number] .c-sf-add-button").first
    add_block(page, number, "chiffre du dossier")
    page.locator("select[name='rule-when-1-value-number-0-value-value']").select_option(
        "demand.max_monthly_cost"
    )
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(f"**{RULES}scoring-demo-21/")
    assert stored()["all"][1] == {**POOR, "value": {"number": COST}}


@pytest.mark.browser
def test_a_number_that_the_form_cannot_show_stays_and_the_form_says_why(page: Any) -> None:
    deep: Any = COST
    for _level in range(6):
        deep = {"round": deep, "places": 0}
    kept = {**POOR, "value": {"number": deep}}
    page.goto(exclusion(kept))
    expect(part(page, "when")).to_contain_text("ne peut pas montrer ce nombre calculé")
    page.locator("[name=rule-title-fr]").fill("Autre titre")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(f"**{RULES}scoring-demo-21/")
    assert kept in [stored(), *stored().get("any", [])]


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_blocks_inside_one_another_stay_on_the_screen(page: Any, width: int) -> None:
    deepest = exclusion({"all": [{"any": [POOR, {"not": {"all": [POOR, POOR]}}]}, POOR]}, POOR)
    for module in ("eligibility-21", "rights-r441-2-6", "automation-21", "questions-21"):
        drafts.open_draft(module, Actor("Editor"))
    page.set_viewport_size({"width": width, "height": 900})
    for address in (
        deepest,
        f"{RULES}scoring-demo-21/sections/1/",
        rule_address("eligibility-21", "ceilings", "plai"),
        f"{RULES}eligibility-21/general/1/",
        f"{RULES}eligibility-21/",
        f"{RULES}rights-r441-2-6/grants/1/",
        f"{RULES}rights-r441-2-6/fiche/",
        f"{RULES}automation-21/rules/1/",
        f"{RULES}questions-21/questions/1/",
        f"{RULES}questions-21/tests/4/",
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        unfold(page)
        assert_fits_the_screen(page)
        assert_within_reach(page, exclude=NOT_OURS)
        assert page.evaluate(MISSHAPEN) == []
    axe(page, exclude=NOT_OURS)
