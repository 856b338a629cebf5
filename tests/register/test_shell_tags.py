"""French numbers, money, dates and punctuation on every screen."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from register.templatetags import shell

NARROW = "\u202f"
NO_BREAK = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Où habitez-vous ?", f"Où habitez-vous{NARROW}?"),
        ("Vraiment ?!", f"Vraiment{NARROW}?!"),
        ("Attention! Lisez.", f"Attention{NARROW}! Lisez."),
        ("12 % des demandes", f"12{NARROW}% des demandes"),
        ("un ; deux", f"un{NARROW}; deux"),
        ("Le total : douze", f"Le total{NO_BREAK}: douze"),
        ("dit «oui»", f"dit «{NO_BREAK}oui{NO_BREAK}»"),
        ("dit « oui »", f"dit «{NO_BREAK}oui{NO_BREAK}»"),
        ("l'avis d'impôt", "l’avis d’impôt"),
    ],
)
def test_french_punctuation_is_set_by_the_book(typed: str, printed: str) -> None:
    assert shell.french(typed) == printed


@pytest.mark.parametrize("kept", ["https://exemple.fr/?page=2", "10:30", "a%20b", "R&amp;D; suite"])
def test_addresses_hours_and_entities_are_left_alone(kept: str) -> None:
    assert shell.french(kept) == kept


def test_french_punctuation_twice_is_the_same_as_once() -> None:
    once = shell.french("Quoi ? « 12 % » : l'avis !")
    assert shell.french(once) == once


def test_english_pages_keep_english_punctuation() -> None:
    with translation.override("en"):
        assert shell.french("Really? 12%") == "Really? 12%"


def test_text_that_was_not_trusted_stays_so() -> None:
    assert not hasattr(shell.french("<b>Oui ?</b>"), "__html__")
    assert hasattr(shell.french(mark_safe("<b>Oui ?</b>")), "__html__")


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        (23403, f"23{NO_BREAK}403{NO_BREAK}€"),
        (Decimal("412.50"), f"412,50{NO_BREAK}€"),
        (0, f"0{NO_BREAK}€"),
        (None, ""),
    ],
)
def test_money_reads_the_french_way(amount: Decimal | int | None, printed: str) -> None:
    with translation.override("fr"):
        assert shell.euros(amount).replace(NARROW, NO_BREAK) == printed


def test_the_first_of_the_month_is_an_ordinal() -> None:
    with translation.override("fr"):
        assert shell.date_long(date(2026, 4, 1)) == f"1er{NO_BREAK}avril{NO_BREAK}2026"
        assert shell.date_long(date(2026, 4, 2)) == f"2{NO_BREAK}avril{NO_BREAK}2026"
        assert shell.date_long(None) == ""
        late = datetime(2026, 11, 29, 23, 14, tzinfo=UTC)
        assert shell.date_long(late) == f"30{NO_BREAK}novembre{NO_BREAK}2026"


def test_a_registration_number_is_cut_where_it_is_read() -> None:
    printed = shell.number_spaced("0210426000123GDPUB")
    assert printed.split(NO_BREAK) == ["021", "0426", "000123", "GDPUB"]


def test_a_number_of_another_shape_is_shown_as_it_is() -> None:
    assert shell.number_spaced("en attente") == "enattente"
    assert shell.number_spaced(None) == ""


def test_an_icon_is_silent_unless_it_stands_alone() -> None:
    assert 'aria-hidden="true"' in shell.icon("search")
    alone = shell.icon("search", label="Rechercher <ici>")
    assert 'aria-label="Rechercher &lt;ici&gt;"' in alone
    assert "aria-hidden" not in alone


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/142.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) Safari/604.1", "Safari, iPhone"),
    ],
)
def test_a_device_is_named_in_words_people_know(described: str, said: str) -> None:
    assert shell.device_name(described) == said


def test_an_unknown_device_is_said_unknown() -> None:
    with translation.override("fr"):
        assert shell.device_name("curl/8") == "Appareil inconnu"


def test_a_section_is_marked_unless_one_of_its_parts_has_its_own_link(rf: RequestFactory) -> None:
    context = Context({"request": rf.get("/bureau/aide/")})
    assert shell.nav_current(context, "/bureau/aide/") == ' aria-current="true"'
    assert shell.nav_current(context, "/bureau/", "/bureau/aide/") == ""
    assert shell.nav_current(context, "/observatoire/") == ""


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("+33380000000", "03 80 00 00 00"),
        ("+41223456789", "+41 22 345 67 89"),
        ("demander à Zoé", "demander à Zoé"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_telephone_number_is_written_as_it_is_said(kept: str | None, said: str) -> None:
    assert shell.phone_spaced(kept).replace(NO_BREAK, " ") == said
