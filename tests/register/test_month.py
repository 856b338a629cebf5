"""Since when somebody lives there: the month and the year are enough."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from register.form.fields import DatePartsField
from register.form.words import said

FIELD = DatePartsField(month_is_enough=True, required=False)


@pytest.mark.parametrize(
    ("typed", "kept", "read"),
    [
        (["", "9", "2019"], date(2019, 9, 1), "septembre 2019"),
        (["15", "9", "2019"], date(2019, 9, 15), "15\u00a0septembre\u00a02019"),
        (["", "", ""], None, ""),
    ],
)
def test_a_month_without_its_day_is_kept_and_read_as_a_month(
    typed: list[str], kept: date | None, read: str
) -> None:
    assert FIELD.clean(typed) == kept
    with translation.override("fr"):
        assert said(FIELD, kept) == read


@pytest.mark.parametrize("typed", [["", "9", ""], ["", "", "2019"], ["15", "", "2019"]])
def test_what_is_missing_is_asked_without_the_day(typed: list[str]) -> None:
    with translation.override("fr"), pytest.raises(ValidationError) as refused:
        FIELD.clean(typed)
    assert refused.value.messages == ["Écrivez le mois et l’année."]


def test_another_date_still_needs_its_day() -> None:
    with translation.override("fr"), pytest.raises(ValidationError) as refused:
        DatePartsField().clean(["", "9", "2019"])
    assert "jour" in refused.value.messages[0]
