"""Grids in words: what each criterion gives and when, how it is proved, how ties are broken."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rules.formatting import value_text
from rules.kinds.scoring import (
    Criterion,
    Exclusion,
    Grid,
    Mode,
    OnUnknown,
    Order,
    Proof,
    ProofBy,
    Scope,
    Section,
    TieBreak,
)
from rules.number_sentences import number_text, signed
from rules.numbers import Constant, Number
from rules.sentences import sentence
from rules.types import FactType
from rules.vocabulary import Vocabulary

from .published import Parts, Published, named

MODES: Mapping[Mode, Promise] = {
    Mode.SUM: gettext_lazy("the criteria of this section add up"),
    Mode.MAX: gettext_lazy("only the highest criterion of this section counts"),
}
SCOPES: Mapping[Scope, Promise] = {
    Scope.FIRST_TIME: gettext_lazy("First-time applicants only."),
    Scope.TRANSFER: gettext_lazy("Tenants of social housing who ask for a transfer only."),
}
UNKNOWN: Mapping[OnUnknown, Promise] = {
    OnUnknown.NOT_EARNED: gettext_lazy("No points as long as the file does not tell."),
    OnUnknown.TO_COMPLETE: gettext_lazy("No points, and the file is marked “to complete”."),
}


def publish(body: Grid, vocabulary: Vocabulary) -> Iterator[Published]:
    """Criteria, then the demands left out, in the order of the module."""
    for section in body.sections:
        for criterion in section.criteria:
            parts = _criterion(criterion, section, body, vocabulary)
            yield _published(criterion, parts)
    for exclusion in body.exclusions:
        yield _published(exclusion, ((_("Not scored"), sentence(exclusion.when, vocabulary)),))
    ties = capfirst(tie_break_text(body.tie_break, vocabulary))
    title, basis = _("Between demands with as many points"), _("Proposal of the charter")
    yield Published("tie-break", title, basis, None, (("", f"{ties}."),))


def general(body: Grid, vocabulary: Vocabulary) -> Parts:
    """Whom the grid is for, how they are told apart, and whether what is declared counts."""
    return (
        (_("For whom"), str(SCOPES.get(body.scope, _("Every demand.")))),
        (_("What tells a first demand from a transfer"), named(body.first_time, vocabulary)),
        (
            _("What is declared counts until it is proved"),
            _("Yes.") if body.counts_declared else _("No."),
        ),
    )


def _published(item: Criterion | Exclusion, parts: Parts) -> Published:
    return Published(item.code, str(item.title), item.legal_basis, item.chapter, parts)


def _criterion(criterion: Criterion, section: Section, grid: Grid, vocabulary: Vocabulary) -> Parts:
    counted = _("{section}: {mode}.").format(section=section.title, mode=MODES[section.mode])
    parts = [(_("Points"), f"{capfirst(points_text(criterion.points, vocabulary))}.")]
    parts.append((_("When"), sentence(criterion.when, vocabulary)))
    if criterion.scope in SCOPES:
        parts.append((_("For whom"), str(SCOPES[criterion.scope])))
    parts.append((_("Proof"), proof_text(criterion.proof, grid, vocabulary)))
    parts.append((_("If not known"), str(UNKNOWN[criterion.on_unknown])))
    parts.append((_("Section"), counted))
    if criterion.explanation:
        parts.append(("", str(criterion.explanation)))
    return tuple(parts)


def points_text(points: Number, vocabulary: Vocabulary) -> str:
    """What a criterion gives: "50 points", "1 for each full 6 months (…), 10 at most"."""
    if not isinstance(points, Constant):
        return number_text(points, vocabulary)
    count = abs(int(points.value))
    return ngettext("{n} point", "{n} points", count).format(n=signed(points.value))


def proof_text(proof: Proof, grid: Grid, vocabulary: Vocabulary) -> str:
    """How a criterion is proved, and whether it counts before."""
    if proof.by is ProofBy.AUTOMATIC:
        return _("Computed from the file, no paper is asked for.")
    comparison = proof.condition
    fact = vocabulary.fact(comparison.fact)  # type: ignore[union-attr]
    codes = value_text(fact, comparison.value)  # type: ignore[union-attr,arg-type]
    if proof.by is ProofBy.DOCUMENT:
        wording = _("A verified document: {codes}.")
    else:
        wording = _("Recognised by a body entitled to do so: {codes}.")
    awaited = (
        _("Until then the points count provisionally.")
        if grid.counts_declared
        else _("Until then the points do not count.")
    )
    return f"{wording.format(codes=codes)} {awaited}"


def tie_break_text(rules: tuple[TieBreak, ...], vocabulary: Vocabulary) -> str:
    """What orders demands with as many points, one step after the other."""
    wordings = {
        Order.ASCENDING: _("in increasing order: {fact}"),
        Order.DESCENDING: _("in decreasing order: {fact}"),
        Order.MOST: _("the one that has the most comes first: {fact}"),
    }
    of_days = {
        Order.ASCENDING: _("from the earliest to the latest: {fact}"),
        Order.DESCENDING: _("from the latest to the earliest: {fact}"),
    }
    steps = []
    for rule in rules:
        fact = vocabulary.fact(rule.fact)
        known = of_days if fact.type is FactType.DATE else wordings
        steps.append(known[rule.order].format(fact=fact.label))
    return _("; then ").join(steps)
