"""Ceilings and norms of size in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rules.facts import Fact
from rules.formatting import listed
from rules.kinds.eligibility import Ceiling, Eligibility, Norm, Unknown
from rules.number_sentences import number_text
from rules.vocabulary import Vocabulary

from .published import Parts, Published, named


def publish(body: Eligibility, vocabulary: Vocabulary) -> Iterator[Published]:
    """The resources retained, then one rule per ceiling and per size of household."""
    income = body.income
    yield Published(
        income.code,
        str(income.title),
        income.legal_basis,
        income.chapter,
        (("", str(income.explanation)),),
    )
    for ceiling in body.ceilings:
        yield _ceiling(ceiling, vocabulary)
    for norm in body.norms:
        yield _norm(norm, vocabulary.fact(body.home_types))


def general(body: Eligibility, vocabulary: Vocabulary) -> Parts:
    """Which resources are compared with the ceilings, and in which list sizes are chosen."""
    return (
        (_("Resources compared with the ceilings"), named(body.income.fact, vocabulary)),
        (_("List of the sizes of homes"), named(body.home_types, vocabulary)),
    )


def _ceiling(rule: Ceiling, vocabulary: Vocabulary) -> Published:
    unknown = {
        Unknown.TO_COMPLETE: _("The file is listed as to be completed; nobody is refused for it."),
        Unknown.NOT_COUNTED: _("The demand is not counted among those under this ceiling."),
    }
    parts = (
        ("", str(rule.explanation)),
        (_("Ceiling"), f"{number_text(rule.ceiling, vocabulary)}."),
        (_("Source of the figures"), str(rule.source)),
        (_("When something is not known"), unknown[rule.unknown]),
    )
    return Published(rule.code, str(rule.title), rule.legal_basis, rule.chapter, parts)


def _norm(norm: Norm, home_types: Fact) -> Published:
    names = home_types.choices or {}
    sizes = [str(names.get(code, code)) for code in norm.types]
    suited = f"{listed(sizes, every=False)}."
    parts = ((_("Suited sizes of home"), suited),)
    return Published(norm.code, str(norm.title), norm.legal_basis, norm.chapter, parts)
