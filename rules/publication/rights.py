"""Rights in words: who, on which demands, what is allowed and which data; what is refused when."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rules.kinds.rights import Grant, Guard, Rights
from rules.sentences import sentence
from rules.vocabulary import Vocabulary

from .published import Parts, Published
from .words import actions_text, fields_text


def publish(body: Rights, vocabulary: Vocabulary) -> Iterator[Published]:
    """Grants, then guards, in the order of the module."""
    for grant in body.grants:
        yield _published(grant, _grant_parts(grant, vocabulary))
    for guard in body.guards:
        yield _published(guard, _guard_parts(guard, vocabulary))


def _published(item: Grant | Guard, parts: Parts) -> Published:
    return Published(item.code, str(item.title), item.legal_basis, item.chapter, parts)


def _grant_parts(grant: Grant, vocabulary: Vocabulary) -> Parts:
    parts = [
        (_("Who"), sentence(grant.principal, vocabulary)),
        (_("Which demands"), sentence(grant.row, vocabulary)),
        (_("What is allowed"), actions_text(grant.actions)),
    ]
    if grant.fields:
        parts.append((_("Which data"), fields_text(grant.fields)))
    return tuple(parts)


def _guard_parts(guard: Guard, vocabulary: Vocabulary) -> Parts:
    return (
        (_("What is refused"), actions_text(guard.actions)),
        (_("When"), sentence(guard.deny_when, vocabulary)),
    )
