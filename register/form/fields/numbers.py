"""Whole numbers typed on a phone keyboard."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class WholeNumberField(forms.IntegerField):
    """A number of people, of rooms, of square metres; any script's digits are read."""

    default_error_messages = {
        "invalid": _("Write a whole number in figures, for example 3."),
        "range": _("Write a number from %(least)s to %(most)s."),
    }

    def __init__(self, *, min_value: int, max_value: int, **options: Any) -> None:
        self.least, self.most = min_value, max_value
        options.setdefault("widget", forms.TextInput)
        super().__init__(min_value=min_value, max_value=max_value, **options)
        self.widget.attrs.update(
            {"inputmode": "numeric", "autocomplete": "off", "class": "width-4"}
        )

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is not None and not self.least <= value <= self.most:
            limits = {"least": self.least, "most": self.most}
            raise ValidationError(self.error_messages["range"], code="range", params=limits)


class SurfaceField(WholeNumberField):
    """Square metres: a lease says 42,5, which is kept as 43."""

    default_error_messages = {"invalid": _("Write square metres in figures, for example 42.")}

    def to_python(self, value: Any) -> int | None:
        typed = str(value or "").strip().replace(",", ".")
        if typed.count(".") == 1 and typed.replace(".", "").isdecimal():
            value = Decimal(typed).quantize(Decimal(1), ROUND_HALF_UP)
        return super().to_python(value)
