"""The unique registration number: legal shape, never given twice."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from register.models import NumberCounter
from register.numbers import allocate_number, clean_number, is_number

CORPUS = {
    "1110318016982G1104": True,  # the national XML sample of 2018
    "1111023517879GDPUB": True,  # a published certificate of 2023
    "0211126000001GDPUB": True,
    "02A1126000001GDPUB": True,
    "9741126000001G1104": True,
    "0211326000001GDPUB": False,  # month 13
    "0210026000001GDPUB": False,  # month 0
    "021112600001GDPUB": False,  # 17 characters
    "0211126000001GDPUBX": False,  # 19 characters
    "0211126000001gdpub": False,
    "0211126000001GDPUB\n": False,
    "０２１1126000001GDPUB": False,  # full-width digits
    "2111126000001GDPUB": False,
    "": False,
}


@pytest.mark.parametrize(("text", "legal"), CORPUS.items())
def test_only_the_legal_shape_is_a_number(text: str, legal: bool) -> None:
    assert is_number(text) is legal


def test_spaces_and_lower_case_are_forgiven_when_a_number_is_typed() -> None:
    assert clean_number(" 021 1126 000042 gdpub ") == "0211126000042GDPUB"


@given(st.text(max_size=40))
def test_no_text_makes_the_cleaning_fail_otherwise_than_with_a_message(text: str) -> None:
    try:
        assert is_number(clean_number(text))
    except ValidationError as refusal:
        assert refusal.messages  # noqa: PT017  (either outcome is right)


def _give(day: date, prefix: str = "021") -> str:
    with transaction.atomic():
        return allocate_number(department_prefix=prefix, counter_code="GDPUB", received_on=day)


@pytest.mark.django_db
def test_numbers_follow_each_other_within_a_department_and_a_month() -> None:
    november = date(2026, 11, 22)
    assert [_give(november), _give(november)] == ["0211126000001GDPUB", "0211126000002GDPUB"]
    assert _give(date(2026, 12, 1)) == "0211226000001GDPUB"
    assert _give(november, prefix="058") == "0581126000001GDPUB"


@pytest.mark.django_db
def test_a_month_without_numbers_left_refuses_instead_of_repeating_one() -> None:
    NumberCounter.objects.create(territory="021", period="1126", last=999_999)
    with pytest.raises(ValidationError):
        _give(date(2026, 11, 22))


@pytest.mark.django_db(transaction=True)
def test_a_number_is_refused_outside_the_transaction_that_uses_it() -> None:
    with pytest.raises(RuntimeError):
        allocate_number(
            department_prefix="021", counter_code="GDPUB", received_on=date(2026, 11, 22)
        )
