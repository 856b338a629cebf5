"""Whatever is typed: a clear sentence, never a trace."""

import contextlib
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from register.form.answers import Answers
from register.form.fields import (
    AmountField,
    DatePartsField,
    PersonNameField,
    PhoneField,
    PostalCodeField,
    SurfaceField,
    WholeNumberField,
)
from register.form.pages import PAGES, PEOPLE, QUESTION
from tests.portal.demand import answers_of, post

CORPUS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "\u202egpj.exe",
    "zero\u200bwidth",
    "e\u0301",
    "👩‍👩‍👧‍👦",
    "=cmd|' /C calc'!A0",
    "{{7*7}}{% now 'Y' %}",
    "<script>alert(1)</script>",
    "'\";-- DROP TABLE",
    "%0d%0aSet-Cookie: a=b",
    "../../etc/passwd",
    "file:///etc/passwd",
    "1e309",
    "NaN",
    "Infinity",
    "-1",
    str(2**63),
    "9" * 5000,
    "1 234,50",
    "１２",
    "٣",
    "29/02/2025",
    "0001",
    "9999",
    "on",
    "x" * 1_000_000,
)
HUGE = 100_000
KEY = attrgetter("key")


def _inputs(page: Any) -> list[str]:
    form = page.form(answers=Answers({}))
    names = []
    for name, field in form.fields.items():
        parts = len(getattr(field.widget, "widgets", ()))
        names += [f"{name}_{part}" for part in range(parts)] or [name]
    return names


def lead_to_every_page(applicant: Client) -> None:
    """Answer what the pages depend on, so that each of them is asked."""
    post(applicant, "foyer", {"has_co_applicant": "oui", "has_flat_sharers": "oui"})
    post(applicant, "foyer/conjoint", {"has_others": "oui"})
    post(applicant, "foyer/handicap", {"disabled": ["applicant"]})
    post(applicant, "motifs", {"reasons": ["06"]})
    post(applicant, "ressources/travail", {"work_status": "CDI", "co_work_status": "CDI"})
    for kinds in ("revenus", "revenus-conjoint"):
        post(applicant, f"ressources/{kinds}", {"kinds": ["SAL"]})


@pytest.mark.parametrize("page", [page for page in PAGES if page.kind == QUESTION], ids=KEY)
def test_no_page_breaks_on_any_text(applicant: Client, page: Any) -> None:
    lead_to_every_page(applicant)
    for text in CORPUS:
        names = [*_inputs(page), "amount_SAL"]
        answers = dict.fromkeys(names[:1] if len(text) > HUGE else names, text)
        response = applicant.post(f"/demande/{page.path}", {"intent": "continue", **answers})
        assert response.status_code in (200, 302), (text[:40], response.status_code)
        assert applicant.get(f"/demande/{page.path}").status_code in (200, 302)
        assert b"<script>alert(1)" not in response.content
    assert applicant.get("/demande/verification/").status_code == 200
    assert applicant.get("/demande/mes-etapes/").status_code == 200


@pytest.mark.parametrize("page", [page for page in PAGES if page.is_list], ids=KEY)
def test_no_person_of_a_list_breaks_on_any_text(applicant: Client, page: Any) -> None:
    lead_to_every_page(applicant)
    person = "0a1b2c3d" if page.kind == PEOPLE else "applicant"
    for text in CORPUS:
        answers = dict.fromkeys(_inputs(page), text)
        post(applicant, f"{page.path}{person}", answers)
    assert applicant.get(f"/demande/{page.path}").status_code == 200
    assert applicant.get("/demande/verification/").status_code == 200
    for key in ("x", "0A1B2C3D", "0" * 50):
        assert applicant.get(f"/demande/{page.path}{key}/").status_code == 404


def test_a_list_of_people_has_an_end(applicant: Client) -> None:
    for place in range(20):
        answers = {"first_names": f"Enfant {place}"}
        post(applicant, f"foyer/personnes-a-charge/{place:08x}", {**answers, "intent": "later"})
    assert len(answers_of(applicant).people("foyer-personnes-a-charge")) == 15


def test_unknown_inputs_are_not_kept(applicant: Client) -> None:
    post(applicant, "coordonnees/adresse", {"city": "Dijon", "is_staff": "1", "city_9": "x"})
    assert "is_staff" not in answers_of(applicant).raw("coordonnees-adresse")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1234", "1234"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,5", "1234.50"),
        ("1\u202f234,50\u00a0€", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234.50 euros", "1234.50"),
        ("１２３４", "1234"),
        ("0", "0"),
        ("", None),
    ],
)
def test_an_amount_is_read_the_french_way(typed: str, amount: str | None) -> None:
    field = AmountField(maximum=99_999, required=False)
    assert field.clean(typed) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    "typed",
    ["NaN", "inf", "-inf", "1e309", "1e3", "-5", "−5", "12,345", "abc", "€", "9" * 400, "1,2,3"],
)
def test_what_is_no_amount_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        AmountField(maximum=99_999, required=False).clean(typed)
    assert refusal.value.messages[0].endswith(".")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["29", "2", "2025"], "unknown"),
        (["1", "1", "0001"], "too_old"),
        (["31", "12", "1899"], "too_old"),
        (["1", "1", "9999"], "future"),
        (["1", "1", "85"], "year"),
        (["1", "", "1985"], "incomplete"),
        (["un", "2", "1985"], "figures"),
        (["-1", "2", "1985"], "figures"),
        (["99999", "2", "1985"], "figures"),
    ],
)
def test_a_wrong_date_says_what_is_wrong(parts: list[str], code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        DatePartsField(required=False).clean(parts)
    assert refusal.value.code == code


def test_dates_are_read_in_any_figures_and_up_to_today() -> None:
    field = DatePartsField()
    assert field.clean(["２９", "02", "2024"]) == date(2024, 2, 29)
    today = timezone.localdate()
    assert field.clean([str(today.day), str(today.month), str(today.year)]) == today
    tomorrow = today + timedelta(days=1)
    with pytest.raises(ValidationError):
        field.clean([str(tomorrow.day), str(tomorrow.month), str(tomorrow.year)])


@pytest.mark.parametrize("name", ["O’Neil", "Nguyễn Thị", "محمد", "Ольга", "Jean-Noël", "李"])
def test_names_of_the_whole_world_are_kept_exactly(name: str) -> None:
    assert PersonNameField().clean(name) == name


@pytest.mark.parametrize("name", ["a\u202eb", "a\u0007b", "1234", "...", "x" * 101])
def test_names_that_deceive_or_are_none_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        PersonNameField().clean(name)


@pytest.mark.parametrize("typed", ["06 12 34 56 78", "０６12345678", "+33 6 12 34 56 78"])
def test_a_telephone_number_is_kept_in_international_form(typed: str) -> None:
    assert PhoneField().clean(typed) == "+33612345678"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("21000", "21000"), ("21 000", "21000"), ("B-1000", "B-1000"), ("SW1A 1AA", "SW1A 1AA")],
)
def test_a_postal_code_is_kept_without_its_spaces_or_as_abroad(typed: str, kept: str) -> None:
    assert PostalCodeField().clean(typed) == kept


@pytest.mark.parametrize("typed", ["2100", "210000", "1"])
def test_a_digit_too_few_is_said_before_the_letter_is_lost(typed: str) -> None:
    with pytest.raises(ValidationError, match="21000"):
        PostalCodeField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "kept"), [("42,5", 43), ("42.4", 42), ("42", 42), (" 9,5 ", 10), ("٤٢٫٥", None)]
)
def test_a_surface_is_read_as_a_lease_says_it(typed: str, kept: int | None) -> None:
    field = SurfaceField(min_value=1, max_value=2000)
    if kept is None:
        with pytest.raises(ValidationError, match="mètres carrés"):
            field.clean(typed)
    else:
        assert field.clean(typed) == kept


@pytest.mark.parametrize(
    "field",
    [
        AmountField(maximum=10, required=False),
        PhoneField(required=False),
        PersonNameField(required=False),
        PostalCodeField(required=False),
        SurfaceField(min_value=1, max_value=2000, required=False),
    ],
    ids=lambda field: type(field).__name__,
)
@given(text=st.text(max_size=60))
def test_no_text_breaks_a_field(field: Any, text: str) -> None:
    with contextlib.suppress(ValidationError):
        field.clean(text)


@given(parts=st.lists(st.text(max_size=8), min_size=3, max_size=3))
def test_no_text_breaks_a_date(parts: list[str]) -> None:
    with contextlib.suppress(ValidationError):
        DatePartsField(required=False).clean(parts)


@pytest.mark.parametrize("typed", ["🙈 Dupont", "👩‍👩‍👧‍👦", "1234", "'"])
def test_a_drawing_or_a_figure_is_not_a_name(typed: str) -> None:
    with pytest.raises(ValidationError, match="lettres"):
        PersonNameField().clean(typed)


@pytest.mark.parametrize("typed", ["-3", "0", "31"])
def test_a_number_out_of_bounds_is_told_both_bounds(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"Écrivez un nombre de 1 à 30\."):
        WholeNumberField(min_value=1, max_value=30).clean(typed)
