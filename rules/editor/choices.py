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
class FromList(Field):
    """What is chosen in a list; a function is asked for it each time the page is shown.

    A code of the draft, or one that was sent, which is not in the list is shown by itself: it is
    never lost in silence, and only what the draft already holds is taken.
    """

    choices: Choices | Callable[[], Choices]

    def listed(self) -> list[tuple[str, Text]]:
        """The choices, then the codes of this page that are none of them."""
        return self._offered() + [
            (code, code) for code in sorted(current().strangers.get(id(self.choices), ()))
        ]

    def note(self, codes: Iterable[str]) -> list[str]:
        """Which of these codes are not in the list; they are shown all the same."""
        known = {code for code, _name in self.listed()}
        found = [code for code in codes if code not in known]
        if found:
            current().strangers.setdefault(id(self.choices), set()).update(found)
        return found

    def refuse(self, codes: list[str], place: Place, compiler: Compiler, old: Any) -> None:
        """Note beside the block the codes that are neither in the list nor in the draft."""
        self.note(codes)
        known = {code for code, _name in self._offered()}
        before = {str(code) for code in old} if isinstance(old, list) else {str(old)}
        for code in codes:
            if code not in known | before:
                message = _("“{code}” is none of the choices of this list")
                compiler.fault(place, message.format(code=code))

    def _offered(self) -> list[tuple[str, Text]]:
        return list(self.choices() if callable(self.choices) else self.choices)


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice(FromList):
    """One of several."""

    number: bool = False

    def block(self) -> blocks.Block:
        return blocks.ChoiceBlock(choices=self.listed, **self.options())

    def read(self, data: Any) -> Any:
        shown = "" if data is MISSING or data is None else str(data)
        self.note([shown] if shown else [])
        return shown

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        if not value:
            return self._absent(place, compiler)
        self.refuse([str(value)], place, compiler, old)
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
class Several(FromList):
    """Any number of choices; `everything` is a choice that stands for all, written "*".

    With `keeps_empty`, a list with nothing in it is written as it is.
    """

    keeps_empty: bool = False
    everything: Text = ""

    def block(self) -> blocks.Block:
        return blocks.MultipleChoiceBlock(
            choices=self.listed, widget=forms.CheckboxSelectMultiple, **self.options()
        )

    def _offered(self) -> list[tuple[str, Text]]:
        found = super()._offered()
        return [("*", self.everything), *found] if self.everything else found

    def read(self, data: Any) -> Any:
        shown = [] if data is MISSING else [data] if isinstance(data, str) else data
        self.note([str(code) for code in shown])
        return shown

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        chosen = list(value or [])
        if self.everything and "*" in chosen:
            return "*"
        self.refuse([str(code) for code in chosen], place, compiler, old)
        if not chosen and self.keeps_empty:
            return []
        if not chosen:
            return self._absent(place, compiler)
        return keep_spelling(old, chosen)
