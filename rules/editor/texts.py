"""Fields that are typed: texts, numbers, days."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from rules.errors import RuleError
from rules.types import FactType
from rules.vocabulary import Text

from .comparison import from_text
from .compiling import Compiler, Place, keep_spelling
from .fields import MISSING, Field, write_fields

LONGEST_LINE = 300
LONGEST_TEXT = 4000


@dataclass(frozen=True, kw_only=True, eq=False)
class Line(Field):
    """A text of one line, or of several when `long`; a line that `wraps` is shown whole."""

    long: bool = False
    wraps: bool = False

    def block(self) -> blocks.Block:
        if self.long or self.wraps:
            longest = LONGEST_TEXT if self.long else LONGEST_LINE
            return blocks.TextBlock(rows=1, max_length=longest, **self.options())
        return blocks.CharBlock(max_length=LONGEST_LINE, **self.options())

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        text = (value or "").strip().replace("\r\n", "\n")
        text = text if self.long else text.replace("\n", " ")
        if not text:
            return self._absent(place, compiler)
        longest = LONGEST_TEXT if self.long else LONGEST_LINE
        if len(text) > longest and text != old:
            compiler.fault(place, _("at most {n} characters").format(n=longest))
        return text


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer(Line):
    """What a test case expects; nothing is an answer too."""

    def options(self) -> dict[str, Any]:
        """It may stay empty."""
        return super().options() | {"required": False}

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        return super().write(value, path, place, compiler, old) if (value or "").strip() else ""


def code() -> Line:
    """The name under which decisions and other modules point to a rule."""
    return Line(
        key="code",
        label=_("Code"),
        help=_("Lower case, digits and hyphens. Decisions point to it: keep it once in force."),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Bilingual(Field):
    """A text in both languages of the installation."""

    long: bool = False

    def _line(self, language: str, label: Text) -> Line:
        return Line(key=language, label=label, long=self.long, wraps=True, optional=self.optional)

    def _lines(self) -> tuple[Line, Line]:
        return self._line("fr", _("In French")), self._line("en", _("In English"))

    def block(self) -> blocks.Block:
        parts = [(line.key, line.block()) for line in self._lines()]
        return blocks.StructBlock(
            parts, label=self.label, help_text=self.help, form_classname="rules-bilingual"
        )

    def read(self, data: Any) -> Any:
        return {"fr": "", "en": ""} if data is MISSING else data

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        if self.optional and not any((text or "").strip() for text in value.values()):
            return MISSING
        return write_fields(self._lines(), value, path, place, compiler, old)


@dataclass(frozen=True, kw_only=True, eq=False)
class Number(Field):
    """A number; `whole` numbers are written without decimals."""

    whole: bool = True
    unit: Text = ""

    def block(self) -> blocks.Block:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "rules-number"})
        label = f"{self.label} ({self.unit})" if self.unit else self.label
        return _TypedBlock(widget, **(self.options() | {"label": label}))

    def read(self, data: Any) -> Any:
        return "" if data is MISSING or data is None else str(data)

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        if not str(value or "").strip():
            return self._absent(place, compiler)
        try:
            number = from_text(FactType.INTEGER if self.whole else FactType.DECIMAL, value, path)
        except RuleError as error:
            compiler.fault(place, error.message)
            return MISSING
        return keep_spelling(old, number)


class _TypedBlock(blocks.FieldBlock):
    """A field whose text is read by the compiler."""

    def __init__(self, widget: forms.Widget, **options: Any) -> None:
        self.field = forms.CharField(
            widget=widget, required=options.pop("required"), help_text=options.pop("help_text")
        )
        super().__init__(default="", **options)


@dataclass(frozen=True, kw_only=True, eq=False)
class Day(Line):
    """A day of the calendar."""

    def block(self) -> blocks.Block:
        return _TypedBlock(forms.DateInput(attrs={"type": "date"}), **self.options())
