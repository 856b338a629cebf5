"""The texts that are sent, as the charter prints them: with the name of each placeholder."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from rules.formatting import listed
from rules.kinds.letters import Letter, Letters
from rules.letters import Filled, fill
from rules.vocabulary import Vocabulary

from .published import Published

CHANNELS: Mapping[str, Promise] = {
    "email": pgettext_lazy("way of sending", "by e-mail"),
    "post": pgettext_lazy("way of sending", "by post"),
    "space": pgettext_lazy("way of sending", "in the applicant’s space"),
}


def publish(body: Letters, vocabulary: Vocabulary) -> Iterator[Published]:
    """One rule per text, whose title says that it is one: its delay may bear the same title."""
    for letter in body.letters:
        parts = (
            (_("Sent"), f"{capfirst(channels(letter))}."),
            (_("Subject"), f"{_filled(letter, vocabulary).subject}."),
            (_("Text"), _filled(letter, vocabulary).text),
        )
        title = _("Text sent: %(title)s") % {"title": letter.title}
        yield Published(letter.code, title, letter.legal_basis, letter.chapter, parts)


def channels(letter: Letter) -> str:
    """The ways by which a text is sent, in words."""
    return listed([str(CHANNELS[channel]) for channel in letter.channels], every=True)


def _filled(letter: Letter, vocabulary: Vocabulary) -> Filled:
    language = "en" if (get_language() or "").startswith("en") else "fr"
    names = {
        code: f"[{placeholder.label}]"
        for code, placeholder in vocabulary.lists.placeholders.items()
    }
    return fill(letter, language, names, vocabulary)
