"""The fields of a rule: each knows its block, and its way to and from the JSON of the module.

A kind of module is described with these in `rules/editor/kinds/`; its form, its reading and its
errors follow.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from rules.errors import RuleError
from rules.types import FactType
from rules.vocabulary import Text

from . import conditions
from .comparison import from_text
from .compiling import Compiler, Place, keep_spelling
from .context import current

MISSING: Any = object()
LONGEST_LINE = 300
LONGEST_TEXT = 4000
Choices = Iterable[tuple[str, Text]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """One key of a rule. `optional` keys are left out of the JSON when nothing is filled in."""

    key: str
    label: Text
    help: Text = ""
    optional: bool = False

    def block(self) -> blocks.Block:
        """The block in which the field is filled in."""
        raise NotImplementedError

    def read(self, data: Any) -> Any:
        """What the block shows of the JSON; `data` is MISSING when the key is not there."""
        return "" if data is MISSING else data

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        """The JSON of what is filled in, MISSING for nothing; faults are noted beside the block."""
        raise NotImplementedError

    def options(self) -> dict[str, Any]:
        """What every block is told."""
        return {"label": self.label, "help_text": self.help, "required": not self.optional}

    def _absent(self, place: Place, compiler: Compiler) -> Any:
        if not self.optional:
            compiler.fault(place, _("this has to be filled in"))
        return MISSING


@dataclass(frozen=True, kw_only=True, eq=False)
class Line(Field):
    """A text of one line, or of several when `long`."""

    long: bool = False

    def block(self) -> blocks.Block:
        if self.long:
            return blocks.TextBlock(rows=3, max_length=LONGEST_TEXT, **self.options())
        return blocks.CharBlock(max_length=LONGEST_LINE, **self.options())

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        text = (value or "").strip().replace("\r\n", "\n")
        if not text:
            return self._absent(place, compiler)
        longest = LONGEST_TEXT if self.long else LONGEST_LINE
        if len(text) > longest and text != old:
            compiler.fault(place, _("at most {n} characters").format(n=longest))
        return text


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
        return Line(key=language, label=label, long=self.long, optional=self.optional)

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
class YesNo(Field):
    """A box to tick; absent from the JSON when it is not ticked and `optional`."""

    optional: bool = True

    def block(self) -> blocks.Block:
        return blocks.BooleanBlock(**(self.options() | {"required": False}))

    def read(self, data: Any) -> Any:
        return data is True

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        if not value and self.optional and old is not False:
            return MISSING
        return bool(value)


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice(Field):
    """One of several; a function is asked for the choices each time the page is shown."""

    choices: Choices | Callable[[], Choices]
    number: bool = False

    def block(self) -> blocks.Block:
        return blocks.ChoiceBlock(choices=self.choices, **self.options())

    def read(self, data: Any) -> Any:
        return "" if data is MISSING or data is None else str(data)

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        if not value:
            return self._absent(place, compiler)
        return int(value) if self.number and str(value).isdecimal() else value


def chapter() -> Choice:
    """The charter's chapter under which a rule is published."""
    return Choice(
        key="chapter",
        label=_("Chapter of the charter"),
        help=_("Empty: the chapter of the module. Other chapters are added to its card."),
        optional=True,
        choices=lambda: current().chapters(),
        number=True,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Several(Field):
    """Any number of choices; `everything` is a choice that stands for all, written "*"."""

    choices: Choices | Callable[[], Choices]
    everything: Text = ""

    def block(self) -> blocks.Block:
        return blocks.MultipleChoiceBlock(
            choices=self._choices, widget=forms.CheckboxSelectMultiple, **self.options()
        )

    def _choices(self) -> list[tuple[str, Text]]:
        found = list(self.choices() if callable(self.choices) else self.choices)
        return [("*", self.everything), *found] if self.everything else found

    def read(self, data: Any) -> Any:
        return [] if data is MISSING else [data] if isinstance(data, str) else data

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        chosen = list(value or [])
        if self.everything and "*" in chosen:
            return "*"
        if not chosen:
            return self._absent(place, compiler)
        return keep_spelling(old, chosen)


@dataclass(frozen=True, kw_only=True, eq=False)
class Conditions(Field):
    """A condition."""

    principal_only: bool = False

    def block(self) -> blocks.Block:
        return conditions.condition_block(
            principal_only=self.principal_only, label=self.label, help_text=self.help
        )

    def read(self, data: Any) -> Any:
        return [] if data is MISSING else conditions.to_raw(data)

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        if self.optional and not len(value):
            return MISSING
        limits = {"principal_only": True} if self.principal_only else {}
        return keep_spelling(old, conditions.to_json(value, path, place, compiler, **limits))


@dataclass(frozen=True, kw_only=True, eq=False)
class Struct(Field):
    """Several fields under one key; left out when `optional` and empty."""

    fields: Sequence[Field]
    classname: str = ""

    def block(self) -> blocks.Block:
        return blocks.StructBlock(
            [(each.key, each.block()) for each in self.fields],
            label=self.label,
            help_text=self.help,
            form_classname=f"struct-block {self.classname}".strip(),
        )

    def read(self, data: Any) -> Any:
        return read_fields(self.fields, {} if data is MISSING else data)

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        written = write_fields(self.fields, value, path, place, compiler, old)
        return MISSING if self.optional and not written else written


@dataclass(frozen=True, kw_only=True, eq=False)
class Repeated(Field):
    """A list of one field: texts, or groups of fields."""

    of: Field

    def block(self) -> blocks.Block:
        return blocks.ListBlock(
            self.of.block(), label=self.label, help_text=self.help, default=[], collapsed=False
        )

    def read(self, data: Any) -> Any:
        return [] if data is MISSING else [self.of.read(item) for item in data]

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        before = old if isinstance(old, list) else []
        written = []
        for index, item in enumerate(value):
            at = (*place, index)
            compiler.note(f"{path}[{index}]", at)
            was = before[index] if index < len(before) else MISSING
            written.append(self.of.write(item, f"{path}[{index}]", at, compiler, was))
        if not written:
            return self._absent(place, compiler)
        return [item for item in written if item is not MISSING]


def read_fields(fields: Sequence[Field], data: dict[str, Any]) -> dict[str, Any]:
    """The blocks' stored data of a rule in JSON."""
    return {field.key: field.read(data.get(field.key, MISSING)) for field in fields}


def write_fields(
    fields: Sequence[Field], value: Any, path: str, place: Place, compiler: Compiler, old: Any
) -> dict[str, Any]:
    """The JSON of a rule; keys that the form does not show stay as they were."""
    before = old if isinstance(old, dict) else {}
    shown = {field.key for field in fields}
    written = {key: kept for key, kept in before.items() if key not in shown}
    compiler.note(path, place)
    for field in fields:
        inner, at = f"{path}.{field.key}" if path else field.key, (*place, field.key)
        compiler.note(inner, at)
        data = field.write(value[field.key], inner, at, compiler, before.get(field.key, MISSING))
        if data is not MISSING:
            written[field.key] = data
    order = [*(key for key in before if key in written), *written]
    return {key: written[key] for key in order}
