"""Delays in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rules.kinds.deadlines import Deadlines
from rules.vocabulary import Vocabulary

from .published import Published
from .words import delay


def publish(body: Deadlines, vocabulary: Vocabulary) -> Iterator[Published]:
    """One rule per delay."""
    for item in body.deadlines:
        parts = ((_("Delay"), f"{delay(item)}."), ("", str(item.explanation)))
        yield Published(item.code, str(item.title), item.legal_basis, item.chapter, parts)
