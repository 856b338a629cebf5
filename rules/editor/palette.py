"""What the script of the page offers: facts by theme, comparisons by type, the words of both."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from rules.operators import OPERATORS, Operator, expected_type
from rules.parameters import fact_code
from rules.parsing import is_retired
from rules.types import DECIMAL_TYPES, FactType, are_comparable
from rules.vocabulary import Fact, Text, Vocabulary

from .codes import TERRITORIES, areas_of, list_of, marked, named
from .words import OPERATOR_NAMES

# How a value of each type is filled in.
_INPUTS: Mapping[FactType, str] = {
    FactType.BOOLEAN: "yesno",
    FactType.INTEGER: "whole",
    FactType.DATE: "date",
    FactType.CODE: "code",
    FactType.CODE_SET: "codes",
    FactType.COMMUNE: "code",
    FactType.TERRITORY_SET: "codes",
    FactType.DURATION: "whole",
    **dict.fromkeys(DECIMAL_TYPES, "number"),
}
_UNITS: Mapping[FactType, Text] = {
    FactType.DURATION: _("months"),
    FactType.PERCENT: "%",
    FactType.MONEY_MONTH: _("euros per month"),
    FactType.MONEY_YEAR: _("euros per year"),
}
MONTHS = _("months")

LEVELS: Mapping[str, Promise] = {
    "quarter": _("priority quarter"),
    "commune": _("commune"),
    "epci": _("EPCI"),
    "dep": _("department"),
    "region": _("region"),
}

WORDS: Mapping[str, Promise] = {
    "fact": _("What is looked at"),
    "search": _("Search for a fact"),
    "operator": _("Comparison"),
    "value": _("Value"),
    "source": _("Compared with"),
    "written": _("a value"),
    "ref": _("another fact or figure"),
    "number": _("a number computed for each demand, kept as it is"),
    "kept": _(
        "This form cannot show this computed number: it stays as it is, and is changed in the file "
        "of the module."
    ),
    "unknown": _("not known"),
    "yes": _("yes"),
    "no": _("no"),
    "choose": _("Choose"),
    "none": _("Nothing by that name"),
    "filter": _("Search in this list"),
    "codes": _("Codes, separated by commas"),
}


def palette(vocabulary: Vocabulary) -> dict[str, Any]:
    """Everything the script needs, in the active language."""
    day = vocabulary.day or timezone.localdate()
    return {
        "facts": [_fact(fact, day) for fact in _offered(vocabulary)],
        "operators": {name: str(OPERATOR_NAMES.get(name, name)) for name in list(Operator)},
        "types": {str(kind): _comparisons(kind) for kind in FactType},
        "references": {str(kind): _references(kind, vocabulary) for kind in FactType},
        "inputs": {str(kind): _INPUTS.get(kind, "code") for kind in FactType},
        "lists": _lists(vocabulary),
        "levels": {name: str(text) for name, text in LEVELS.items()},
        "words": {name: str(text) for name, text in WORDS.items()},
    }


def _fact(fact: Fact, day: date) -> dict[str, Any]:
    return {
        "code": fact.code,
        "label": capfirst(str(fact.label)),
        "theme": str(fact.theme or _default_theme(fact)),
        "type": str(fact.type),
        "unit": str(fact.unit or _UNITS.get(fact.type, "")),
        "principal": fact.is_principal,
        "listed": list_of(fact),
        "areas": areas_of(fact),
        "choices": [
            [code, marked(name, is_retired(fact, code, day))]
            for code, name in (fact.choices or {}).items()
        ],
    }


def _offered(vocabulary: Vocabulary) -> list[Fact]:
    """Every fact, then the dated figures, which are bound like facts of the person who acts."""
    figures = [vocabulary.fact(fact_code(item.code)) for item in vocabulary.parameters]
    return [*vocabulary, *(fact for fact in figures if fact.code not in vocabulary)]


def _lists(vocabulary: Vocabulary) -> dict[str, list[list[str]]]:
    """The long lists, served once with the page; the script takes the levels out of the tree."""
    own = {fact.listed for fact in vocabulary} & set(vocabulary.lists.registered)
    return {
        name: [[code, str(text)] for code, text in named(name, vocabulary).items()]
        for name in (TERRITORIES, *sorted(own))
    }


def _references(wanted: FactType, vocabulary: Vocabulary) -> list[str]:
    """The facts about the person who acts, and the figures, with which a comparison is possible."""
    return [
        fact.code
        for fact in _offered(vocabulary)
        if fact.is_principal and are_comparable(fact.type, wanted)
    ]


def _default_theme(fact: Fact) -> Promise:
    if fact.code.startswith("parameter."):
        return _("Figures of the law and of the territory")
    return _("The person who acts") if fact.is_principal else _("The demand")


def _comparisons(kind: FactType) -> list[list[str]]:
    """The operators of a type, each with the type of what stands on its right ("" for nothing)."""
    found = []
    for operator in OPERATORS[kind]:
        wanted = expected_type(kind, operator)
        months = operator is Operator.OLDER_THAN_MONTHS
        unit = str(MONTHS) if months else ""
        found.append([str(operator), str(wanted or ""), unit])
    return found
