"""Papers that may be asked for, in words."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rules.formatting import listed
from rules.kinds.documents import Documents
from rules.vocabulary import Vocabulary

from .published import Published
from .words import stage_text


def publish(body: Documents, vocabulary: Vocabulary) -> Iterator[Published]:
    """One rule per paper."""
    for item in body.documents:
        accepted = listed([str(paper) for paper in item.accepted], every=False)
        parts = (
            (_("When"), stage_text(item.stage)),
            ("", str(item.explanation)),
            (_("Accepted papers"), f"{capfirst(accepted)}."),
        )
        yield Published(item.code, str(item.title), item.legal_basis, item.chapter, parts)
