"""Fields that are chosen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from rules.vocabulary import Text

from .compiling import Compiler, Place, keep_spelling
from .context import current
from .fields import MISSING, Field

Choices = Iterable[tuple[str, Text]]


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
