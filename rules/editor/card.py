"""The card of a module as a form: what it is called, on which law it stands, who signs it."""

from django.utils.translation import gettext_lazy as _

from rules import registry
from rules.manifest import SIGNATORIES

from .choices import Several
from .structure import Repeated, Struct
from .texts import Bilingual, Line, Number

_CHAPTER = (
    Number(key="number", label=_("Number of the chapter")),
    Bilingual(key="title", label=_("Title of the chapter")),
)


def _modules() -> list[tuple[str, str]]:
    return [(each.code, str(each.manifest.title)) for each in registry.all_in_force()]


CARD = (
    Bilingual(key="title", label=_("Title")),
    Bilingual(key="summary", label=_("Summary"), long=True),
    Line(key="legal_basis", label=_("Legal basis")),
    Line(key="author", label=_("Author")),
    Struct(key="chapter", label=_("Chapter of the charter"), fields=_CHAPTER),
    Repeated(
        key="other_chapters",
        label=_("Other chapters"),
        help=_("Chapters under which some rules of this module are published."),
        of=Struct(key="chapter", label=_("Chapter"), fields=_CHAPTER),
        optional=True,
    ),
    Several(
        key="depends",
        label=_("Modules that must be in force before this one"),
        choices=_modules,
        optional=True,
        keeps_empty=True,
    ),
    Several(
        key="signatures",
        label=_("Who must sign"),
        help=_("One body of each kind signs. Those that sign the version in force sign this one."),
        choices=tuple(SIGNATORIES.items()),
        optional=True,
    ),
)
