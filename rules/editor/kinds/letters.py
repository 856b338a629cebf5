"""Letters as a form: their words, in both languages, with what the register fills in."""

from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, Several, chapter
from rules.editor.context import current
from rules.editor.texts import Bilingual, code
from rules.vocabulary import Text

from .common import LAW, TITLE
from .sections import Section

_NAMES = {"email": _("e-mail"), "post": _("post")}


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
