"""The sentence of a number: how it is computed, in words that can be published."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .formatting import number, value_text, with_unit
from .number_units import Unit, unit_of
from .numbers import (
    Choice,
    Combined,
    Constant,
    FactNumber,
    Number,
    Operation,
    Rounded,
    Table,
    Tiers,
)
from .sentences import inline
from .vocabulary import Vocabulary

_BETWEEN: dict[Operation, Promise] = {
    Operation.SUM: pgettext_lazy("a plus b", "plus"),
    Operation.DIFFERENCE: pgettext_lazy("a minus b", "minus"),
    Operation.PRODUCT: pgettext_lazy("a times b", "times"),
    Operation.QUOTIENT: pgettext_lazy("a divided by b", "divided by"),
}
_BEFORE: dict[Operation, Promise] = {
    Operation.MIN: _("the smallest of these ({numbers})"),
    Operation.MAX: _("the largest of these ({numbers})"),
}


def number_text(item: Number, vocabulary: Vocabulary, unit: Unit = None) -> str:
    """The number in words, in the active language; `unit` is what written figures are counted in.

    Brackets stand wherever the order of the operations could be mistaken.
    """
    if isinstance(item, Constant):
        return with_unit(item.value, unit).replace("-", "−")
    if isinstance(item, FactNumber):
        return str(vocabulary.fact(item.fact).label)
    if isinstance(item, Combined):
        return _combined(item, vocabulary, unit)
    if isinstance(item, Rounded):
        return _rounded(item, vocabulary, unit)
    if isinstance(item, Tiers):
        return _tiers(item, vocabulary)
    return _table(item, vocabulary, unit) if isinstance(item, Table) else _choice(item, vocabulary)


def _combined(item: Combined, vocabulary: Vocabulary, unit: Unit) -> str:
    if item.operation in _BEFORE:
        parts = [number_text(part, vocabulary, unit) for part in item.parts]
        return str(_BEFORE[item.operation]).format(numbers=gettext("; ").join(parts))
    return f" {_BETWEEN[item.operation]} ".join(_bracketed(p, vocabulary) for p in item.parts)


def _bracketed(item: Number, vocabulary: Vocabulary) -> str:
    text = number_text(item, vocabulary)
    return text if isinstance(item, Constant | FactNumber) else f"({text})"


def _rounded(item: Rounded, vocabulary: Vocabulary, unit: Unit) -> str:
    part = _bracketed(item.part, vocabulary)
    if item.places == 0:
        return gettext("{number} rounded to the nearest whole number").format(number=part)
    return ngettext(
        "{number} rounded to {n} decimal", "{number} rounded to {n} decimals", item.places
    ).format(number=part, n=item.places)


def _table(item: Table, vocabulary: Vocabulary, unit: Unit) -> str:
    fact = vocabulary.fact(item.by)
    rows = [
        gettext("{number} for {value}").format(
            number=number_text(row, vocabulary, unit), value=value_text(fact, key)
        )
        for key, row in item.rows
    ]
    return gettext("according to {fact} ({cases})").format(
        fact=fact.label, cases=_closed(rows, item.otherwise, vocabulary)
    )


def _choice(item: Choice, vocabulary: Vocabulary) -> str:
    cases = [
        gettext("{number} if {condition}").format(
            number=number_text(then, vocabulary), condition=inline(when, vocabulary)
        )
        for when, then in item.cases
    ]
    return gettext("the first of these that applies ({cases})").format(
        cases=_closed(cases, item.otherwise, vocabulary)
    )


def _closed(cases: Sequence[str], otherwise: Number | None, vocabulary: Vocabulary) -> str:
    last = gettext("otherwise not known")
    if otherwise is not None:
        last = gettext("otherwise {number}").format(number=number_text(otherwise, vocabulary))
    return gettext("; ").join([*cases, last])


def _tiers(item: Tiers, vocabulary: Vocabulary) -> str:
    unit: Unit = None
    if isinstance(item.of, FactNumber):
        unit = unit_of(vocabulary.fact(item.of.fact).type)
    step = {
        "gives": signed(item.gives),
        "each": with_unit(item.each, unit),
        "number": number_text(item.of, vocabulary),
    }
    if item.cap is None:
        return gettext("{gives} for each full {each} ({number})").format(**step)
    if item.gives > 0:
        wording = gettext("{gives} for each full {each} ({number}), {cap} at most")
    else:
        wording = gettext("{gives} for each full {each} ({number}), down to {cap}")
    return wording.format(**step, cap=signed(item.cap))


def signed(value: Decimal | int) -> str:
    """A figure that is added or taken away: "10", "−10"."""
    return number(value).replace("-", "−")
