"""Letters as a form: their words, in both languages, with what the register fills in."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, Several, chapter
from rules.editor.compiling import Compiler, Place
from rules.editor.context import current
from rules.editor.fields import MISSING
from rules.editor.structure import Repeated, Struct
from rules.editor.texts import Bilingual, Line, Number, code
from rules.lists import ValueType
from rules.vocabulary import Text

from .common import LAW, TITLE, expected, test_cases
from .sections import Section

_NAMES = {"email": _("e-mail"), "post": _("post")}


_LANGUAGES = (("fr", _("In French")), ("en", _("In English")))
_PARTS = (("subject", _("its subject")),)


def _values() -> list[tuple[str, Text]]:
    """What the register fills in, by name."""
    return [(each.code, each.label) for each in current().vocabulary.lists.placeholders.values()]


def _channels() -> list[tuple[str, Text]]:
    return [(each, _NAMES.get(each, each)) for each in current().vocabulary.lists.channels]


SECTIONS = (
    Section(
        key="letters",
        title=_("Texts"),
        one=_("a text"),
        fields=(
            code(),
            TITLE,
            Choice(
                key="about",
                label=_("Step that it tells"),
                choices=lambda: current().vocabulary.lists.events.items(),
                optional=True,
            ),
            Several(key="channels", label=_("Sent by"), choices=_channels),
            Bilingual(key="subject", label=_("Subject")),
            Bilingual(
                key="body",
                label=_("Text"),
                long=True,
                help=_("An empty line between paragraphs; *important*; - for a list."),
            ),
            LAW,
            chapter(),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Values(Repeated):
    """What fills a text in: each value under its name, a list one line per item."""

    def read(self, data: Any) -> Any:
        given = {} if data is MISSING else data
        return super().read([{"name": name, "value": _shown(v)} for name, v in given.items()])

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        before = old if isinstance(old, dict) else {}
        written = super().write(value, path, place, compiler, MISSING)
        filled: dict[str, Any] = {}
        for index, each in enumerate([] if written is MISSING else written):
            name = each.get("name", "")
            if name in filled:
                compiler.fault((*place, index), _("this value is given twice"))
            filled[name] = _typed(name, each.get("value", ""), before.get(name))
        return filled


def _shown(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value)


def _typed(name: str, text: str, old: Any) -> Any:
    """A value as its text expects it; one that nobody changed stays as it was."""
    known = current().vocabulary.lists.placeholders.get(name)
    if old is not None and _shown(old) == text:
        return old
    if known is not None and known.type is ValueType.LIST:
        return text.split("\n")
    if known is not None and known.type is ValueType.NUMBER and text.isdecimal():
        return int(text)
    return text


CASES = test_cases(
    Choice(key="letter", label=_("Text"), choices=lambda: current().titles("letters")),
    Choice(key="language", label=_("Language"), choices=_LANGUAGES),
    Values(
        key="values",
        label=_("What fills it in"),
        help=_("A day is written as 2026-04-01; a list has one line for each item."),
        of=Struct(
            key="value",
            label=_("Value"),
            fields=(
                Choice(key="name", label=_("What is filled in"), choices=_values),
                Line(key="value", label=_("With"), long=True, optional=True),
            ),
        ),
        optional=True,
    ),
    Choice(
        key="part",
        label=_("What is looked at"),
        help=_("Empty: a paragraph of the text."),
        choices=_PARTS,
        optional=True,
    ),
    Number(key="paragraph", label=_("Which paragraph"), optional=True),
    expected(long=True),
)
