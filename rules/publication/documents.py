"""Papers that may be asked for, in words."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rules.formatting import listed
from rules.kinds.documents import Documents, RequiredDocument
from rules.sentences import sentence
from rules.vocabulary import Vocabulary

from .published import Parts, Published
from .words import PROVIDERS, stage_text


def publish(body: Documents, vocabulary: Vocabulary) -> Iterator[Published]:
    """One rule per paper."""
    for item in body.documents:
        parts = _parts(item, vocabulary)
        yield Published(item.code, str(item.title), item.legal_basis, item.chapter, parts)


def _parts(item: RequiredDocument, vocabulary: Vocabulary) -> Parts:
    accepted = listed([str(paper) for paper in item.accepted], every=False)
    parts = [(_("When"), stage_text(item.stage))]
    if item.when is not None:
        parts.append((_("In which situation"), sentence(item.when, vocabulary)))
    return (
        *parts,
        (_("From whom"), str(PROVIDERS[item.provider])),
        ("", str(item.explanation)),
        (_("Accepted papers"), f"{capfirst(accepted)}."),
    )
