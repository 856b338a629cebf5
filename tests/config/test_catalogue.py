"""The French catalogue command: what it finds, keeps and refuses."""

from gettext import GNUTranslations
from pathlib import Path

import pytest
from config.catalogue import FrenchCatalogue, Key, typeset

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext, npgettext
_("Household")
ngettext("%(n)d home", "%(n)d homes", 2)
pgettext("month", "May")
npgettext("file", "%(n)d piece", "%(n)d pieces", 2)
"""
ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = """
{% load i18n %}
{% translate "Sign in" %}{% translate "May" context "permission" %}
{% blocktranslate trimmed %}
  Hello
  {{ name }}
{% endblocktranslate %}
{% blocktranslate count n=homes %}one line{% plural %}{{ n }} lines{% endblocktranslate %}
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> FrenchCatalogue:
    room = tmp_path / "portal"
    (room / "templates").mkdir(parents=True)
    (room / "views.py").write_text(PYTHON)
    (room / "templates" / "page.html").write_text(TEMPLATE)
    (room / "migrations").mkdir()
    (room / "migrations" / "0001.py").write_text('from x import _\n_("Frozen label")\n')
    return FrenchCatalogue(tmp_path)


def test_an_e_mail_has_one_name_in_every_text_that_people_read() -> None:
    texts = [*ROOT.glob("locale/fr/**/*.po"), *ROOT.glob("site/cms/starter/fr/*.md")]
    texts += ROOT.glob("rules/modules/*/*.json")
    assert len(texts) > 20
    for path in texts:
        assert "courriel" not in path.read_text(encoding="utf-8").lower(), path.name


def missing(catalogue: FrenchCatalogue, prefix: str = "") -> set[Key]:
    return {key for key, _found in catalogue.missing(prefix)}


def test_texts_of_python_and_templates_are_found_and_migrations_left_out(
    catalogue: FrenchCatalogue,
) -> None:
    assert missing(catalogue) == {
        Key(None, "Household"),
        Key(None, "%(n)d home"),
        Key("month", "May"),
        Key("file", "%(n)d piece"),
        Key(None, "Sign in"),
        Key("permission", "May"),
        Key(None, "Hello %(name)s"),
        Key(None, "one line"),
    }


def test_missing_texts_can_be_asked_for_one_folder(catalogue: FrenchCatalogue) -> None:
    assert Key(None, "Sign in") in missing(catalogue, "portal/templates")
    assert Key(None, "Household") not in missing(catalogue, "portal/templates")


def test_applied_texts_are_kept_compiled_and_distinct_by_context(
    catalogue: FrenchCatalogue,
) -> None:
    catalogue.apply(
        {
            "Household": "Foyer",
            "month\x04May": "mai",
            "permission\x04May": "Peut",
            "%(n)d home": ["%(n)d logement", "%(n)d logements"],
        }
    )
    with catalogue.mo.open("rb") as stream:
        french = GNUTranslations(stream)
    assert french.pgettext("month", "May") == "mai"
    assert french.pgettext("permission", "May") == "Peut"
    assert french.ngettext("%(n)d home", "%(n)d homes", 0) == "%(n)d logement"
    assert french.ngettext("%(n)d home", "%(n)d homes", 2) == "%(n)d logements"
    assert "nplurals=2; plural=(n > 1)" in catalogue.po.read_text()
    assert Key(None, "Household") not in missing(catalogue)


def test_no_line_begins_with_a_colon_and_words_keep_their_spaces() -> None:
    told = "Déposée le\u202f%(day)s : « lue » par vous ? Oui ; %(n)s\u202f%%"
    kept = "Déposée le %(day)s\u00a0: «\u00a0lue\u00a0» par vous\u00a0? Oui\u00a0; %(n)s\u202f%%"
    assert typeset(told) == kept
    assert typeset(kept) == kept


def test_a_text_may_be_translated_before_the_code_shows_it(catalogue: FrenchCatalogue) -> None:
    catalogue.apply({"Not yet written": "Pas encore écrit"})
    catalogue.apply({"Household": "Foyer"})
    assert catalogue.read().get("Not yet written").string == "Pas encore écrit"


def test_updating_drops_texts_the_code_no_longer_holds(catalogue: FrenchCatalogue) -> None:
    catalogue.apply({"Household": "Foyer", "Gone": "Parti"})
    assert catalogue.update() == (8, 1)
    assert catalogue.read().get("Gone") is None
    assert catalogue.read().get("Household").string == "Foyer"


def test_a_lost_placeholder_is_a_fault(catalogue: FrenchCatalogue) -> None:
    catalogue.apply({"Hello %(name)s": "Bonjour"})
    assert "placeholders: Hello %(name)s" in catalogue.faults()
    catalogue.apply({"Hello %(name)s": "Bonjour %(name)s"})
    assert "placeholders: Hello %(name)s" not in catalogue.faults()


def test_a_doubtful_translation_is_a_fault(catalogue: FrenchCatalogue) -> None:
    catalogue.apply({"Household": "Foyer"})
    catalogue.po.write_text(
        catalogue.po.read_text().replace('msgid "Household"', '#, fuzzy\nmsgid "Household"')
    )
    assert {"fuzzy: Household", "missing: Household"} <= set(catalogue.faults())
