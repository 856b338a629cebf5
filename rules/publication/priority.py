"""Priorities in words: how each is noticed, what proves it, who recognises it and for how long."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rules.formatting import listed, months
from rules.kinds.priority import Priorities, Priority, Unknown
from rules.sentences import sentence
from rules.vocabulary import Vocabulary

from .published import Parts, Published, named


def publish(body: Priorities, vocabulary: Vocabulary) -> Iterator[Published]:
    """One rule per priority, the first one first."""
    for rule in body.priorities:
        yield Published(
            rule.code, str(rule.title), rule.legal_basis, rule.chapter, _parts(rule, vocabulary)
        )


def general(body: Priorities, vocabulary: Vocabulary) -> Parts:
    """In which list of the demand a recognised priority is written."""
    return ((_("List of the priorities"), named(body.labels, vocabulary)),)


def _parts(rule: Priority, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    names = [str(vocabulary.lists.recognisers[body]) for body in rule.granted_by]
    parts = [("", str(rule.explanation))]
    if rule.detect is None:
        parts.append((_("Noticed when"), _("Never by the register itself: somebody says so.")))
    else:
        parts.append((_("Noticed when"), sentence(rule.detect, vocabulary)))
        parts.append((_("When something is not known"), _unknown(rule.unknown)))
    if rule.proof:
        proof = listed([str(paper) for paper in rule.proof], every=False)
        parts.append((_("Proof"), f"{capfirst(proof)}."))
    parts.append((_("Recognised by"), f"{capfirst(listed(names, every=False))}."))
    if rule.valid_months:
        parts.append((_("Valid for"), f"{capfirst(months(rule.valid_months))}."))
    return tuple(parts)


def _unknown(unknown: Unknown) -> str:
    if unknown is Unknown.TO_COMPLETE:
        return _("The file is listed as to be completed.")
    return _("The priority is not noticed.")
