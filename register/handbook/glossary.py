"""`docs/glossary.md`: each word of the code, the French that people read, the law behind it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import models as db
from django.utils.text import capfirst
from django.utils.translation import override

from register import annex, codes, models
from rules import models as rule_models
from rules.kinds.deadlines import Unit
from rules.kinds.documents import Stage
from rules.kinds.fields import FieldSet, Level
from rules.kinds.rights import Action
from rules.publication.words import ACTIONS, FIELD_SETS, STAGES

from .markdown import page, table
from .terms import LISTS, MODELS, WORDS

APPS = ("register", "rules")
# Docstrings name the risks they answer; a reader of the glossary has no list of them.
RISKS = re.compile(r" \(R\d+(?:, R\d+)*\)")

INTRODUCTION = """\
English in the code, French on the screens, and where the word comes from. CCH: *code de la
construction et de l'habitation*; SNE: *système national d'enregistrement*, whose codes are kept
verbatim; *internal*: a word of this software, unknown to the law.

The French column is read from the catalogue: it is what people see."""

LEVELS: Mapping[Level, str] = {
    Level.NONE: "rien",
    Level.MASKED: "masqué : l’existence, sans le détail",
    Level.READ: "lecture",
    Level.WRITE: "lecture et modification",
}
UNITS: Mapping[Unit, str] = {
    Unit.YEARS: "ans",
    Unit.MONTHS: "mois",
    Unit.WEEKS: "semaines",
    Unit.DAYS: "jours",
    Unit.WORKING_DAYS: "jours ouvrés",
    Unit.AT_ONCE: "sans délai",
    Unit.YEARLY: "à une date, chaque année",
}


def write() -> str:
    """The page; LookupError naming the class that `terms.py` does not know yet."""
    return page(
        "Glossary",
        INTRODUCTION,
        "## Words of the trade\n\n"
        + table(("English", "French on screen", "Meaning", "Source"), WORDS),
        "## Tables\n\n"
        + table(("Class", "French on screen", "What a row is", "Source"), _models()),
        "## Rights\n\n### Actions\n\n"
        + _words(ACTIONS, Action)
        + "\n\n### Groups of data\n\n"
        + _words(FIELD_SETS, FieldSet)
        + "\n\n### Levels\n\n"
        + _words(LEVELS, Level),
        "## Delays and papers\n\n### Units of a delay\n\n"
        + _words(UNITS, Unit)
        + "\n\n### Stages at which a paper may be asked for\n\n"
        + _words(STAGES, Stage),
        "## Lists of codes",
        *(_list(choices) for choices in lists()),
    )


def tables() -> list[type[db.Model]]:
    """Every table of the register and of its rules, by name."""
    found = (model for app in APPS for model in apps.get_app_config(app).get_models())
    return sorted(found, key=lambda model: model.__name__)


def lists() -> list[type[db.TextChoices]]:
    """Every closed list of codes that a table holds, by name."""
    found = {
        value
        for module in (annex, codes, models, rule_models)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, db.TextChoices)
    }
    return sorted(found - {db.TextChoices}, key=lambda choices: choices.__name__)


def _models() -> Iterator[tuple[str, ...]]:
    for model in tables():
        french, source = _known(MODELS, model.__name__)
        with override("fr"):
            on_screen = french or str(model._meta.verbose_name)
        yield f"`{model.__name__}`", on_screen, _first_sentence(model), source


def _list(choices: type[db.TextChoices]) -> str:
    french, source = _known(LISTS, choices.__name__)
    return (
        f"### {choices.__name__} · {french}\n\n{_first_sentence(choices)} Source: {source}.\n\n"
        + table(("Code", "English", "French on screen"), _both(choices))
    )


def _both(choices: type[db.TextChoices]) -> Iterator[tuple[str, ...]]:
    for choice in choices:
        yield f"`{choice.value}`", _in("en", choice.label), _in("fr", choice.label)


def _words(texts: Mapping[Any, Any], members: Iterable[Any]) -> str:
    return table(
        ("Code", "French on screen"),
        ((f"`{member.value}`", capfirst(_in("fr", texts[member]))) for member in members),
    )


def _in(language: str, text: Any) -> str:
    with override(language):
        return str(text)


def _first_sentence(documented: type) -> str:
    first = (documented.__doc__ or "").strip().split("\n\n")[0]
    return RISKS.sub("", " ".join(first.split()))


def _known(terms: Mapping[str, tuple[str, str]], name: str) -> tuple[str, str]:
    if name not in terms:
        raise LookupError(f"{name} is not in register/handbook/terms.py: add its source there")
    return terms[name]
