"""Disclosed data in words: to whom, of which demands, how much of each group."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rules.kinds.fields import Fields
from rules.sentences import sentence
from rules.vocabulary import Vocabulary

from .published import Published
from .words import fields_text


def publish(body: Fields, vocabulary: Vocabulary) -> Iterator[Published]:
    """One published rule per rule of the module."""
    for rule in body.rules:
        parts = (
            (_("Who"), sentence(rule.principal, vocabulary)),
            (_("Which demands"), sentence(rule.row, vocabulary)),
            (_("Which data"), fields_text(rule.levels)),
        )
        yield Published(rule.code, str(rule.title), rule.legal_basis, rule.chapter, parts)
