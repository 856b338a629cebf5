"""Names and texts in any script; only characters that deceive or break are refused."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Joiners spell some scripts; the other invisible characters can turn a text around.
_JOINERS = {"\u200c", "\u200d"}
_REFUSED = {"Cc", "Cf", "Cs", "Co", "Cn"}


def is_printable(text: str, *, allowed: str = "") -> bool:
    """True when every character of `text` can be seen, a joiner, or in `allowed`."""
    return all(
        c in allowed or c in _JOINERS or unicodedata.category(c) not in _REFUSED for c in text
    )


class PlainTextField(forms.CharField):
    """A text of one line (or several with `multiline`), spaces tidied, characters composed."""

    default_error_messages = {
        "characters": _("Some characters cannot be kept. Type this answer again without them."),
    }

    def __init__(self, *, multiline: bool = False, **options: Any) -> None:
        self.multiline = multiline
        if multiline:
            options.setdefault("widget", forms.Textarea(attrs={"rows": 5}))
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        if self.multiline:
            return text.replace("\r\n", "\n").strip()
        return " ".join(text.split())

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.is_too_long(value):
            return  # its length is what is said of it: a megabyte is not read letter by letter
        if not is_printable(value, allowed="\n\t" if self.multiline else ""):
            raise ValidationError(self.error_messages["characters"], code="characters")

    def is_too_long(self, value: str) -> bool:
        return self.max_length is not None and len(value) > self.max_length


class PersonNameField(PlainTextField):
    """A name as on an identity document, in any alphabet; drawings (emoji) are not names."""

    default_error_messages = {"letters": _("Write a name with letters.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 100)
        super().__init__(**options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.is_too_long(value):
            return
        kinds = {unicodedata.category(c) for c in value}
        if value and ("So" in kinds or not any(kind.startswith("L") for kind in kinds)):
            raise ValidationError(self.error_messages["letters"], code="letters")
