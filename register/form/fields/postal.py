"""Postal codes, French unless they say otherwise."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .text import PlainTextField


class PostalCodeField(PlainTextField):
    """Five digits, however they are spaced; a code of another country holds a letter ("B-1000").

    Letters go there, and a demand may be struck off when they come back (CCH R441-2-8 e).
    """

    default_error_messages = {
        "digits": _(
            "A French postal code has five digits, for example 21000."
            " Abroad, begin with the letters of the country, for example B-1000."
        ),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 10, **options})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        digits = text.replace(" ", "")
        return digits if digits.isdecimal() else text

    def validate(self, value: str) -> None:
        super().validate(value)
        if value.isdecimal() and len(value) != 5:
            raise ValidationError(self.error_messages["digits"], code="digits")
