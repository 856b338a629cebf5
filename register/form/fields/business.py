"""Numbers of companies and other bodies: SIREN (9 figures), SIRET (14: a SIREN and a place)."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SIREN, SIRET = 9, 14
# Its places are too many for the usual check: their figures add up to a multiple of 5.
LA_POSTE = "356000000"


class BusinessNumberField(forms.CharField):
    """A SIREN or a SIRET of so many figures; spaces and dots are tidied, the last figure checked.

    Returns figures only, or an empty text.
    """

    default_error_messages = {
        "figures": _("Write the %(length)s figures of this number, or leave it empty."),
        "check": _("One figure of this number is wrong. Compare it with the paper."),
    }

    def __init__(self, *, length: int, **options: Any) -> None:
        self.length = length
        attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "width-10"}
        super().__init__(widget=forms.TextInput(attrs=attrs), required=False, **options)

    def clean(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().clean(value))
        text = text.translate(dict.fromkeys(map(ord, " .-\u202f")))
        if not text:
            return ""
        if len(text) != self.length or not (text.isascii() and text.isdigit()):
            told = self.error_messages["figures"]
            raise ValidationError(told, code="figures", params={"length": self.length})
        if not _is_right(text):
            raise ValidationError(self.error_messages["check"], code="check")
        return text


def _is_right(number: str) -> bool:
    """Luhn's check, every second figure from the right counted twice."""
    if number.startswith(LA_POSTE) and sum(map(int, number)) % 5 == 0:
        return True
    figures = [int(figure) for figure in reversed(number)]
    doubled = [sum(divmod(2 * figure, 10)) for figure in figures[1::2]]
    return sum(figures[::2] + doubled) % 10 == 0
