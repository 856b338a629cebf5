"""One box for each question: whoever copies a paper form types, and never points.

The fields, their checks and their messages stay those of the online form; only the widget changes.
"""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register.form.cases import typed_as
from register.form.fields import DatePartsField
from register.form.fields.codes import flat
from register.form.steps.base import StepForm

_DAY_IN_A_ROW = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_BETWEEN_PARTS = re.compile(r"[\s/.\-]+")
# Beyond, the help under the box says what may be typed.
LONGEST_LEGEND = 30
_BETWEEN_CODES = re.compile(r"[\s,;]+")


class DayBox(forms.TextInput):
    """A day in one box: 27031985, 27/3/1985 or 27 3 1985."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        typed = (data.get(name) or "").strip()
        in_a_row = _DAY_IN_A_ROW.fullmatch(typed)
        parts = in_a_row.groups() if in_a_row else _BETWEEN_PARTS.split(typed, maxsplit=2)
        return [*parts, "", ""][:3]

    def format_value(self, value: Any) -> str:
        parts = value if isinstance(value, list) else []
        return " ".join(part for part in parts if part)


class CodesBox(forms.TextInput):
    """Several choices of a list in one box, by case number or code: "F26 13"."""

    def __init__(self, codes: Mapping[str, str], attrs: dict[str, Any] | None = None) -> None:
        self.codes = codes
        super().__init__(attrs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        words = _BETWEEN_CODES.split((data.get(name) or "").upper())
        return [self.codes.get(word, word) for word in words if word]

    def format_value(self, value: Any) -> str:
        shown: dict[str, str] = {}
        for word, code in self.codes.items():
            shown.setdefault(code, word)
        return " ".join(shown.get(code, code) for code in value or ())


def in_boxes(form: StepForm, page: str) -> StepForm:
    """The same form, each question in one box."""
    for name, field in form.fields.items():
        css = {"class": "width-10"}
        if isinstance(field, DatePartsField):
            field.widget = DayBox(attrs={"inputmode": "numeric", "class": "width-5"})
            field.help_text = ""
        elif isinstance(field, forms.MultipleChoiceField):
            _as_codes(field, page, name)
        elif isinstance(field, forms.ChoiceField):
            choices = [(code, label) for code, label in flat(field.choices) if code]
            field.widget = forms.Select(attrs=css, choices=[("", ""), *_keyed(page, name, choices)])
        elif isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 2
        field.widget.attrs.pop("autocomplete", None)
        field.widget.attrs["autocomplete"] = "off"
    return form


def _as_codes(field: forms.MultipleChoiceField, page: str, name: str) -> None:
    choices = list(flat(field.choices))
    words = {word.upper(): code for code, _label in choices for word in typed_as(page, name, code)}
    legend = [(typed_as(page, name, code), label) for code, label in choices]
    field.widget = CodesBox(words, attrs={"class": "width-20"})
    if len(legend) <= LONGEST_LEGEND:
        field.legend = [(" ".join(words), label) for words, label in legend]  # type: ignore[attr-defined]
    field.error_messages["invalid_choice"] = _("“%(value)s” is no answer of this list.")


def _keyed(page: str, name: str, choices: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Each choice behind what one types to reach it in the list of the browser."""
    if {code for code, _label in choices} == {"oui", "non"}:
        return choices
    return [(code, f"{typed_as(page, name, code)[0]} · {label}") for code, label in choices]
