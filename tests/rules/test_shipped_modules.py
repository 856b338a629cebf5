"""The modules in the box: accepted with the register's vocabulary, and fit to be published."""

import re

import pytest

from rules import registry
from rules.charter import chapters
from rules.disk import MODULES, check, read_package, read_packages
from rules.installation import install
from rules.kinds.documents import Stage
from rules.kinds.fields import FieldSet
from rules.kinds.rights import Action

from .world import TODAY

pytestmark = pytest.mark.django_db

SHIPPED = sorted(folder.parent.name for folder in MODULES.glob("*/manifest.json"))

# An ordinary space or none before a high sign, straight quotes, a placeholder left over.
UNTYPOGRAPHIC = re.compile(r"[^\u202f\u00a0][;!?»]|[^\u00a0\s]:|«[^\u00a0]|\w'\w|[{}]|None")


@pytest.fixture
def packages():
    return {p.manifest.code: p for p in read_packages(MODULES, registry.vocabulary())}


@pytest.fixture
def published(packages):
    install(packages.values(), registry.vocabulary(), TODAY)


def texts(language):
    for chapter in chapters(language):
        yield chapter.title
        yield from chapter.summaries
        for rule in chapter.rules:
            yield from (rule.title, rule.sentence, rule.legal_basis)


def test_every_module_passes_its_own_test_cases(packages):
    assert set(packages) == set(SHIPPED)
    assert all(package.tests for package in packages.values())
    check(packages.values(), registry.vocabulary(), TODAY)


def test_every_rule_is_published_in_both_languages(packages, published):
    expected = sum(len(package.body.items) for package in packages.values())
    # The reasons for which a document is not used are published together.
    expected += sum(bool(getattr(package.body, "reasons", ())) for package in packages.values())
    for language in ("fr", "en"):
        rules = [rule for chapter in chapters(language) for rule in chapter.rules]
        assert len(rules) == expected
        assert all(rule.title and rule.sentence.endswith(".") for rule in rules)
        assert not [rule.title for rule in rules if ".." in rule.sentence]
    french, english = (
        [
            text
            for chapter in chapters(code)
            for r in chapter.rules
            for text in (r.title, r.sentence)
        ]
        for code in ("fr", "en")
    )
    assert [text for text, other in zip(french, english, strict=True) if text == other] == []


def test_french_texts_follow_french_typography(published):
    assert [text for text in texts("fr") if UNTYPOGRAPHIC.search(text)] == []


def test_english_texts_have_no_french_spacing_nor_leftover(published):
    sentences = [r.sentence for chapter in chapters("en") for r in chapter.rules]
    assert [text for text in sentences if re.search(r"[\u202f\u00a0][;:!?]|[{}]", text)] == []


def test_only_identity_or_residence_may_hold_up_registration(packages):
    """R441-2-3: no other paper may be required to refuse or defer registration."""
    required = packages["documents-21"].body.at(Stage.REGISTRATION)
    assert [document.code for document in required] == ["identity", "residence"]


def test_delays_are_those_of_the_law_and_of_the_department(packages):
    found = {d.code: (d.value, d.unit.value) for d in packages["deadlines-21"].body.deadlines}
    assert found == {
        "registration": (1, "months"),
        "certificate": (1, "months"),
        "registration_target": (5, "working_days"),
        "validity": (12, "months"),
        "renewal_notice": (1, "months"),
        "strike_off": (13, "months"),
        "reactivation": (18, "months"),
        "withdrawal": (0, "at_once"),
        "lease": (0, "at_once"),
        "unreachable_warning": (1, "months"),
        "unreachable_strike_off": (2, "months"),
        "unreachable_reactivation": (5, "months"),
        "inadmissible_warning": (1, "months"),
        "retention": (12, "months"),
        "merge_undo": (18, "months"),
        "draft_retention": (3, "months"),
        "upload_retention": (1, "days"),
        "refused_paper_retention": (30, "days"),
        "infected_file_retention": (30, "days"),
        "reading_log_retention": (12, "months"),
        "account_warning": (2, "years"),
        "account_retention": (1, "months"),
        "offer_answer": (10, "days"),
        "occupancy_examination": (3, "years"),
        "state_contingent": (1, "months"),
        "state_convention": (2, "months"),
        "state_share_exception": (1, "years"),
        "reservation_report": (0, "yearly"),
        "abnormal_delay": (24, "months"),
        "mediation_decision": (3, "months"),
        "prefect_offer": (3, "months"),
        "shelter_offer": (6, "weeks"),
        "shelter_stay": (6, "months"),
        "transition_stay": (18, "months"),
    }


def test_the_applicant_and_those_who_find_an_adapted_home_read_health_needs(packages):
    readers = {
        rule.code
        for rule in packages["fields-21"].body.rules
        if rule.level(FieldSet.HEALTH).can_read
    }
    assert readers == {"applicant-data", "landlords-adapted-homes"}


def test_no_right_says_any_more_which_data_it_discloses(packages):
    assert not any(grant.fields for grant in packages["rights-r441-2-6"].body.grants)


def test_each_named_action_is_guarded_for_sealed_and_erased_files(packages):
    guards = {guard.code: guard for guard in packages["rights-r441-2-6"].body.guards}
    for code in ("sealed-file", "erased-file", "statistics-only"):
        assert guards[code].actions == frozenset(Action) - {Action.STATISTICS}


@pytest.mark.parametrize("code", SHIPPED)
def test_a_module_names_its_author_its_law_and_its_chapter(code):
    manifest = read_package(MODULES / code, registry.vocabulary()).manifest
    assert manifest.author == "USH Bourgogne"
    assert "CCH" in manifest.legal_basis
    assert manifest.chapters[0].number in range(1, 19)
