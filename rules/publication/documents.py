"""Papers that may be asked for, in words."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rules.formatting import listed
from rules.kinds.documents import Documents, Mark, RequiredDocument
from rules.sentences import sentence
from rules.vocabulary import Vocabulary

from .published import Parts, Published
from .words import MARKS, PROVIDERS, stage_text


def publish(body: Documents, vocabulary: Vocabulary) -> Iterator[Published]:
    """One rule per paper, then the reasons for which one is not used."""
    for item in body.documents:
        parts = _parts(item, vocabulary)
        yield Published(item.code, str(item.title), item.legal_basis, item.chapter, parts)
    if body.reasons:
        title = _("Reasons for which a document is not used")
        told = tuple((str(MARKS[mark]), _reasons(body, mark)) for mark in Mark)
        yield Published("reasons", title, "CCH R441-2-4-1", None, told)


def _reasons(body: Documents, mark: Mark) -> str:
    given = [str(reason.title) for reason in body.reasons if reason.marks is mark]
    return f"{capfirst(listed(given, every=False))}." if given else "–"


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
        *_validity(item),
    )


def _validity(item: RequiredDocument) -> Parts:
    if item.valid_in_year:
        told = _("until the end of the year in which it was received")
        return ((_("Valid"), f"{capfirst(told)}."),)
    if item.valid_months is None:
        return ()
    told = ngettext(
        "%(n)s month after it was received", "%(n)s months after it was received", item.valid_months
    )
    return ((_("Valid"), f"{told % {'n': item.valid_months}}."),)
