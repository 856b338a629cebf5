"""Amounts in euros, typed the French way."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from register.templatetags.shell import euros

_NOISE = re.compile(r"[\s'’]|€|euros?|eur$", re.IGNORECASE)
_THOUSANDS = re.compile(r"^\d{1,3}(\.\d{3})+(?=,|$)")
_AMOUNT = re.compile(r"^\d+(\.\d{1,2})?$")
_TOO_LONG = 40


class AmountField(forms.Field):
    """An amount in euros up to `maximum`: "1 234,50", "1.234,50 €" and "1234.5" are the same.

    Returns a Decimal with two decimals, or None. Refuses what is not a number written in figures.
    """

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write an amount in figures, for example 1 234,50."),
        "negative": _("An amount cannot be negative. Write 0 if there is nothing."),
        "decimals": _("Write at most two figures after the comma."),
        "too_large": _("This amount is too large. The most that can be written is %(maximum)s."),
    }

    def __init__(self, *, maximum: int, **options: Any) -> None:
        self.maximum = maximum
        super().__init__(**options)
        self.widget.attrs.update(
            {"inputmode": "decimal", "autocomplete": "off", "class": "width-5"}
        )

    def to_python(self, value: Any) -> Decimal | None:
        text = _NOISE.sub("", unicodedata.normalize("NFKC", str(value or "")))
        if not text:
            if value and str(value).strip():
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            return None
        if text.startswith(("-", "−")):
            raise ValidationError(self.error_messages["negative"], code="negative")
        if _THOUSANDS.match(text):
            text = text.replace(".", "", text.partition(",")[0].count("."))
        text = text.replace(",", ".")
        if re.fullmatch(r"\d+\.\d{3,}", text):
            raise ValidationError(self.error_messages["decimals"], code="decimals")
        if not text.isascii() or not _AMOUNT.match(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return self._within_limits(text)

    def _within_limits(self, text: str) -> Decimal:
        if len(text) > _TOO_LONG or Decimal(text) > self.maximum:
            raise ValidationError(
                self.error_messages["too_large"],
                code="too_large",
                params={"maximum": euros(self.maximum)},
            )
        return Decimal(text).quantize(Decimal("0.01"))
