"""How each comparison is said. Wordings agree with any noun, whatever its gender and number."""

from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .conditions import Comparison, Ref
from .facts import Fact
from .formatting import months, value_text
from .numbers import Amount
from .operators import Operator
from .values import Value
from .vocabulary import Vocabulary

# Phrase name → general wording. A fact may give its own wording under the same names.
GENERAL: dict[str, Promise] = {
    # The label of a yes/no fact is a clause: "the file is sealed".
    "yes": pgettext_lazy("rule", "{fact}"),
    "no": _("it is not the case that {fact}"),
    "is": _("{fact} is {value}"),
    "is_not": _("{fact} is not {value}"),
    "in": _("{fact} is one of these: {value}"),
    "not_in": _("{fact} is none of these: {value}"),
    "equals": _("{fact} is exactly {value}"),
    "differs": _("{fact} is other than {value}"),
    "at_least": _("{fact} is at least {value}"),
    "less_than": _("{fact} is less than {value}"),
    "at_most": _("{fact} is at most {value}"),
    "more_than": _("{fact} is more than {value}"),
    "on_or_before": _("{fact} is {value} at the latest"),
    "after": _("{fact} is after {value}"),
    "on_or_after": _("{fact} is {value} at the earliest"),
    "before": _("{fact} is before {value}"),
    "older": _("{fact} is at least {value} ago"),
    "younger": _("{fact} is less than {value} ago"),
    "overlaps": _("at least one of these is among {fact}: {value}"),
    "disjoint": _("none of these is among {fact}: {value}"),
    "within": _("{fact}: within {value}"),
    "outside": _("{fact}: outside {value}"),
    "overlaps:ref": _("{fact} and {value} have at least one in common"),
    "disjoint:ref": _("{fact} and {value} have none in common"),
    "known": _("{fact}: known"),
    "unknown": _("{fact}: not known"),
}

_NAMES: dict[Operator, tuple[str, str]] = {
    Operator.IS: ("is", "is_not"),
    Operator.IS_NOT: ("is_not", "is"),
    Operator.IN: ("in", "not_in"),
    Operator.NOT_IN: ("not_in", "in"),
    Operator.EQUALS: ("equals", "differs"),
    Operator.AT_LEAST: ("at_least", "less_than"),
    Operator.AT_MOST: ("at_most", "more_than"),
    Operator.ON_OR_BEFORE: ("on_or_before", "after"),
    Operator.ON_OR_AFTER: ("on_or_after", "before"),
    Operator.OLDER_THAN_MONTHS: ("older", "younger"),
    Operator.OVERLAPS: ("overlaps", "disjoint"),
    Operator.DISJOINT: ("disjoint", "overlaps"),
    Operator.WITHIN: ("within", "outside"),
    Operator.OUTSIDE: ("outside", "within"),
    Operator.IS_KNOWN: ("known", "unknown"),
    Operator.IS_UNKNOWN: ("unknown", "known"),
}


def phrase_name(comparison: Comparison, negated: bool) -> str:
    """The name of the wording, which absorbs a negation: "not at least 3" is "less than 3"."""
    if isinstance(comparison.value, bool):
        return "yes" if comparison.value is not negated else "no"
    value = comparison.value
    if isinstance(value, frozenset) and len(value) == 1 and comparison.operator in _SETS:
        return _NAMES[_SETS[comparison.operator]][negated]
    return _NAMES[comparison.operator][negated]


_SETS = {Operator.IN: Operator.IS, Operator.NOT_IN: Operator.IS_NOT}


def phrase(comparison: Comparison, vocabulary: Vocabulary, negated: bool) -> str:
    """One comparison in words, under the active language."""
    fact = vocabulary.fact(comparison.fact)
    name = phrase_name(comparison, negated)
    wording = next(
        wording
        for key in (*_specific(comparison, name), name)
        for wordings in (fact.phrases, GENERAL)
        if (wording := wordings.get(key)) is not None
    )
    return str(wording).format(fact=fact.label, value=_value(comparison, fact, vocabulary))


def _specific(comparison: Comparison, name: str) -> tuple[str, ...]:
    """The more precise wordings to try first: for this reference, or for this only value."""
    value = comparison.value
    if isinstance(value, Ref):
        return (f"{name}:{value.fact}", f"{name}:ref")
    if isinstance(value, frozenset) and len(value) == 1:
        return (f"{name}:{next(iter(value))}",)
    return (f"{name}:{value}",) if isinstance(value, str) else ()


def _value(comparison: Comparison, fact: Fact, vocabulary: Vocabulary) -> str:
    value = comparison.value
    if value is None:
        return ""
    if isinstance(value, Ref):
        return str(vocabulary.fact(value.fact).label)
    if isinstance(value, Amount):
        # Numbers hold conditions and conditions numbers: one of the two is imported late.
        from .number_sentences import number_text

        return number_text(value.number, vocabulary)
    if comparison.operator is Operator.OLDER_THAN_MONTHS:
        return months(int(value))  # type: ignore[arg-type]
    return value_text(fact, cast(Value, value), vocabulary.territories)
