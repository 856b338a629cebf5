"""A SIREN or a SIRET as people type it (`register/business.py` checks its last figure)."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from register.business import has_right_key


class BusinessNumberField(forms.CharField):
    """A SIREN or a SIRET of so many figures; spaces and dots are tidied, the last figure checked.

    Returns figures only, or an empty text.
    """

    default_error_messages = {
        "figures": _("Write the %(length)s figures of this number, or leave it empty."),
        "check": _("One figure of this number is wrong. Compare it with the paper."),
    }

    def __init__(self, *, length: int, required: bool = False, **options: Any) -> None:
        self.length = length
        attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "width-10"}
        super().__init__(widget=forms.TextInput(attrs=attrs), required=required, **options)

    def clean(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().clean(value))
        text = text.translate(dict.fromkeys(map(ord, " .-\u202f")))
        if not text:
            return ""
        if len(text) != self.length or not (text.isascii() and text.isdigit()):
            told = self.error_messages["figures"]
            raise ValidationError(told, code="figures", params={"length": self.length})
        if not has_right_key(text):
            raise ValidationError(self.error_messages["check"], code="check")
        return text
