"""Editing a rule in a real browser, mostly with the keyboard."""

from typing import Any

import pytest

from rules import drafts
from rules.editor import shelf
from rules.life import Actor
from rules.models import VersionState
from tests.browser import assert_fits_the_screen, axe, follow

from .rule_pages import RULES
from .rule_screens import (
    FACT,
    NOT_OURS,
    add_block,
    choose_fact,
    focused_in,
    in_front_of_the_modules,
    part,
    rule_address,
    said,
)


@pytest.fixture
def page(transactional_db: Any, new_page: Any, live_server: Any) -> Any:
    """An editor in front of the delivered modules."""
    return in_front_of_the_modules(new_page, live_server.url)


@pytest.mark.browser
def test_an_editor_changes_a_delay_and_a_condition_and_sends_them_for_review(page: Any) -> None:
    page.goto(f"{RULES}deadlines-21/")
    follow(page, page.get_by_role("button", name="Modifier dans un brouillon"))
    page.goto(rule_address("deadlines-21", "deadlines", "strike_off"))
    said(page, "13 mois")
    field = page.locator("[name=rule-value]")
    field.fill("14")
    said(page, "14 mois")
    field.fill("quatorze")
    said(page, "nombre entier")
    said(page, "14 mois")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    wrong = page.locator(".w-field--error", has=page.locator("[name=rule-value]"))
    assert "nombre entier" in wrong.inner_text()
    assert page.locator("[name=rule-value]").input_value() == "quatorze"
    page.locator("[name=rule-value]").fill("14")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(f"**{RULES}deadlines-21/")

    page.goto(f"{RULES}rights-r441-2-6/")
    follow(page, page.get_by_role("button", name="Modifier dans un brouillon"))
    page.goto(rule_address("rights-r441-2-6", "grants", "landlords-instruct"))
    rows = part(page, "row")
    choose_fact(page, rows.locator(FACT).first, "personnes a loger")
    operator = rows.get_by_label("Comparaison").first
    assert operator.locator("option").all_inner_texts()[:3] == [
        "est exactement",
        "est au moins",
        "est au plus",
    ]
    operator.select_option("at_least")
    rows.get_by_label("Valeur").first.fill("trois")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    refused = part(page, "row").locator(".w-field--error")
    assert "nombre entier" in refused.inner_text()
    part(page, "row").get_by_label("Valeur").first.fill("3")
    said(page, "e nombre de personnes à loger vaut au moins 3")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(f"**{RULES}rights-r441-2-6/")
    version = shelf.draft("rights-r441-2-6")
    assert version is not None
    grant = next(g for g in version.body["grants"] if g["code"] == "landlords-instruct")
    assert grant["row"]["any"][0] == {"fact": "demand.household_size", "op": "at_least", "value": 3}

    page.goto(f"{RULES}deadlines-21/")
    follow(page, page.get_by_role("link", name="Ce que le brouillon change"))
    assert "14 mois" in " ".join(page.inner_text("main").split())
    page.goto(f"{RULES}deadlines-21/")
    send = page.get_by_role("button", name="Envoyer en relecture")
    send.click()
    page.get_by_text("Pas envoyé en relecture\u00a0:").wait_for()

    page.goto(rule_address("deadlines-21", "deadlines", "strike_off"))
    page.locator("[name=rule-value]").fill("13")
    page.locator("[name=rule-title-fr]").fill("Radiation sans renouvellement")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    send.click()
    page.get_by_text("Le brouillon est envoyé en relecture").wait_for()
    sent = shelf.draft("deadlines-21")
    assert sent is not None
    assert sent.state == VersionState.IN_REVIEW


@pytest.mark.browser
def test_blocks_are_added_moved_and_removed_with_the_keyboard(page: Any) -> None:
    drafts.open_draft("rights-r441-2-6", Actor("Editor"))
    page.goto(rule_address("rights-r441-2-6", "grants", "landlords-instruct"))
    who = part(page, "principal")
    assert who.locator(FACT).count() == 3
    assert part(page, "title").get_by_text("Titre", exact=True).count() == 1
    first = who.locator("[data-streamfield-child]").first
    label = first.locator(FACT).input_value()
    first.locator("[data-streamfield-action=MOVE_DOWN]").focus()
    page.keyboard.press("Enter")
    moved = who.locator("[data-streamfield-child]").nth(1)
    moved.locator("xpath=.//input[@role='combobox' and @value='']").count()
    assert moved.locator(FACT).input_value() == label
    assert focused_in(page, moved)
    page.keyboard.press("Enter")
    last = who.locator("[data-streamfield-child]").nth(2)
    assert last.locator(FACT).input_value() == label
    assert focused_in(page, last), "at the end, the focus goes to “move up”"
    last.locator("[data-streamfield-action=DELETE]").focus()
    page.keyboard.press("Enter")
    last.wait_for(state="hidden")
    assert page.evaluate("document.activeElement !== document.body")
    add_block(page, who.locator(".c-sf-add-button").last, "Groupe")
    group = who.get_by_label("Ce qui doit être rempli")
    group.wait_for()
    group.select_option("any")
    said(page, "ajoutez au moins une condition à ce groupe")


@pytest.mark.browser
def test_the_chooser_finds_a_fact_without_its_accents_and_gives_up_on_escape(page: Any) -> None:
    drafts.open_draft("rights-r441-2-6", Actor("Editor"))
    page.goto(rule_address("rights-r441-2-6", "grants", "landlords-instruct"))
    field = part(page, "row").locator(FACT).first
    before = field.input_value()
    field.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("etat demande")
    options = part(page, "row").locator("[role=option]")
    assert "L’état de la demande" in options.all_inner_texts()
    active = field.get_attribute("aria-activedescendant")
    assert page.locator(f"[id='{active}']").get_attribute("role") == "option"
    page.keyboard.press("Escape")
    assert field.input_value() == before
    assert field.get_attribute("aria-expanded") == "false"


@pytest.mark.browser
@pytest.mark.parametrize("width", [768, 1280])
def test_every_page_of_the_editor_is_accessible(page: Any, width: int) -> None:
    for module in ("rights-r441-2-6", "deadlines-21"):
        drafts.open_draft(module, Actor("Editor"))
    page.set_viewport_size({"width": width, "height": 900})
    rule = rule_address("rights-r441-2-6", "grants", "landlords-instruct")
    delay = rule_address("deadlines-21", "deadlines", "strike_off")
    base = f"{RULES}rights-r441-2-6/"
    for address in (
        RULES,
        base,
        f"{base}differences/",
        f"{base}fiche/",
        f"{base}tests/1/",
        delay,
        rule,
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert_fits_the_screen(page)
        axe(page, exclude=NOT_OURS)
    page.get_by_role("button", name="Enregistrer le brouillon").wait_for()
    part(page, "row").locator(FACT).first.click()
    axe(page, exclude=NOT_OURS)
    part(page, "legal_basis").locator("input").fill("")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.locator("#rules-errors").wait_for()
    axe(page, exclude=NOT_OURS)


@pytest.mark.browser
def test_a_place_is_found_by_its_name_with_the_keyboard(page: Any) -> None:
    drafts.open_draft("rights-r441-2-6", Actor("Editor"))
    page.goto(rule_address("rights-r441-2-6", "grants", "landlords-instruct"))
    rows = part(page, "row")
    choose_fact(page, rows.locator(FACT).first, "premiere commune")
    rows.get_by_label("Comparaison").first.select_option("is")
    choose_fact(page, rows.locator(FACT).nth(1), "semur en auxois")
    said(page, "Semur-en-Auxois")
    assert rows.locator(FACT).nth(1).input_value() == "Semur-en-Auxois (commune 21603)"
    rows.get_by_label("Comparaison").first.select_option("within")
    search = rows.get_by_label("Chercher dans cette liste").first
    search.fill("dijon metropole")
    rows.get_by_label("Dijon Métropole (EPCI 242100410)").check()
    said(page, "Dijon Métropole")
    axe(page, exclude=NOT_OURS)
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(f"**{RULES}rights-r441-2-6/")
    version = shelf.draft("rights-r441-2-6")
    assert version is not None
    grant = next(g for g in version.body["grants"] if g["code"] == "landlords-instruct")
    assert grant["row"]["any"][0] == {
        "fact": "demand.first_commune",
        "op": "within",
        "value": ["epci:242100410"],
    }


@pytest.mark.browser
def test_a_row_of_a_table_of_figures_is_changed(page: Any) -> None:
    drafts.open_draft("eligibility-21", Actor("Editor"))
    page.goto(rule_address("eligibility-21", "ceilings", "plai"))
    rows = part(page, "ceiling").locator("[data-contentpath=rows]").first
    rows.scroll_into_view_if_needed()
    figures = rows.locator("select[name$='-number-0-value-value']")
    assert figures.count() == 6
    figures.first.select_option("ceiling.plai.2")
    keys = rows.locator("[name$='-key-value']")
    assert [keys.nth(at).input_value() for at in range(6)] == list("123456")
    keys.first.fill("un")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    wrong = page.locator(".w-field--error", has=page.locator("[name$='rows-0-value-key-value']"))
    assert "nombre entier" in wrong.inner_text()
    rows = part(page, "ceiling").locator("[data-contentpath=rows]").first
    keys = rows.locator("[name$='-key-value']")
    keys.first.fill("1")
    axe(page, exclude=NOT_OURS)
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(f"**{RULES}eligibility-21/")
    version = shelf.draft("eligibility-21")
    assert version is not None
    table = version.body["ceilings"][0]["ceiling"]["table"]["rows"]
    assert table["1"] == table["2"] == {"parameter": "ceiling.plai.2"}


@pytest.mark.browser
def test_the_rows_of_a_table_are_chosen_by_the_names_of_the_codes_of_its_fact(page: Any) -> None:
    drafts.open_draft("eligibility-21", Actor("Editor"))
    page.goto(rule_address("eligibility-21", "ceilings", "plai"))
    part(page, "ceiling").locator("select[name$='-by']").select_option("demand.channel")
    key = part(page, "ceiling").locator("select[name$='rows-0-value-key-value']")
    assert key.locator("option").first.inner_text() == "1", "what was there stays in sight"
    key.select_option(index=2)
    chosen = key.input_value()
    assert key.locator(f"option[value='{chosen}']").inner_text() != chosen
    axe(page, exclude=NOT_OURS)


@pytest.mark.browser
def test_the_answer_of_a_test_case_is_chosen_as_its_question_is_answered(page: Any) -> None:
    drafts.open_draft("questions-21", Actor("Editor"))
    page.goto(f"{RULES}questions-21/tests/4/")
    answer = part(page, "answer")
    answer.get_by_label("en tram ou en bus").wait_for()
    page.locator("[name=rule-question]").select_option("parking")
    answer.get_by_label("Réponse").select_option("yes")
    axe(page, exclude=NOT_OURS)
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(f"**{RULES}questions-21/")
    version = shelf.draft("questions-21")
    assert version is not None
    assert version.tests[3]["answer"] is True
