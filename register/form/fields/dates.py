"""Dates typed in three boxes: nobody has to find a day in a calendar of 1962."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from register.deadlines import add_months

_FIGURES = re.compile(r"^[0-9]{1,4}$")
FIRST_YEAR = 1900
FIRST_DAY = 1


class DatePartsWidget(forms.MultiWidget):
    """Day, month and year, each a short text input with its own label."""

    template_name = "components/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        parts = []
        for label, css, autocomplete in (
            (_("Day"), "width-2", "bday-day"),
            (_("Month"), "width-2", "bday-month"),
            (_("Year"), "width-4", "bday-year"),
        ):
            part = forms.TextInput(
                attrs={
                    "inputmode": "numeric",
                    "autocomplete": autocomplete if birthday else "off",
                    "class": f"form-control {css}",
                    "data-label": label,
                }
            )
            parts.append(part)
        super().__init__(parts, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part in context["widget"]["subwidgets"]:
            part["label"] = part["attrs"].pop("data-label", "")
            # The group carries the hint and the error; repeating them three times only tires.
            part["attrs"].pop("aria-describedby", None)
        return context

    def decompress(self, value: date | None) -> list[str]:
        if value is None:
            return ["", "", ""]
        return [str(value.day), str(value.month), str(value.year)]


class DatePartsField(forms.Field):
    """A day between 1900 and `months_ahead` months from now (0: not in the future).

    Where nobody knows the day, `month_is_enough`: the first of the month is kept for it.
    """

    default_error_messages = {
        "incomplete": _("Write the day, the month and the year."),
        "no_month": _("Write the month and the year."),
        "figures": _("Write the date in figures, for example 27 3 1985."),
        "year": _("Write the year with four figures, for example 1985."),
        "unknown": _("This day does not exist. Check the day and the month."),
        "future": _("This date is in the future. Check the year."),
        "too_far": _("This date is too far away. Check the year."),
        "too_old": _("This date is before 1900. Check the year."),
    }

    def __init__(
        self,
        *,
        months_ahead: int = 0,
        birthday: bool = False,
        month_is_enough: bool = False,
        **options: Any,
    ) -> None:
        self.months_ahead = months_ahead
        self.month_is_enough = month_is_enough
        super().__init__(widget=DatePartsWidget(birthday=birthday), **options)

    def to_python(self, value: Any) -> date | None:
        parts = [unicodedata.normalize("NFKC", str(part or "")).strip() for part in value or []]
        if not any(parts):
            return None
        if self.month_is_enough and not parts[0]:
            parts[0] = str(FIRST_DAY)
        if not all(parts):
            self._refuse("no_month" if self.month_is_enough else "incomplete")
        if not all(_FIGURES.match(part) for part in parts):
            self._refuse("figures")
        day, month, year = (int(part) for part in parts)
        if len(parts[2]) < 4:
            self._refuse("year")
        try:
            return date(year, month, day)
        except ValueError:
            self._refuse("unknown")
        raise AssertionError("unreachable")

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value.year < FIRST_YEAR:
            self._refuse("too_old")
        if value > add_months(timezone.localdate(), self.months_ahead):
            self._refuse("too_far" if self.months_ahead else "future")

    def _refuse(self, code: str) -> None:
        raise ValidationError(self.error_messages[code], code=code)
