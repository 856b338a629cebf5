"""What the form asks together and changes whole, in words: people, their needs, the secrecy.

The definition lists it (`TOGETHER`); here are the words of each answer of one applicant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from register import annex, code_lists
from register.annex import Topic
from register.codes import IncomeKind
from register.form.asked_locally import local_questions_of, told_once
from register.form.definition import (
    DEMAND,
    DISABILITY,
    INCOME,
    NEEDS,
    PEOPLE,
    QUARTERS,
    QUESTIONS,
    SEALED,
    TOGETHER,
)
from register.form.pages import BY_KEY
from register.form.single import Asked, asked_of
from register.models import CorrectedPart, Demand, Person, Quarter
from register.templatetags.shell import date_long, euros

# Answered under no mandate: the secrecy of the file, and who is in the household, whose civil
# status comes with her (ADR 0026).
HERS_ALONE = frozenset({SEALED, PEOPLE})
# The field of the page that words the question, when it is not the page itself.
_WORDED_BY = {INCOME: "income_kind", DISABILITY: "disabled", SEALED: SEALED}


@dataclass(frozen=True)
class AskedTogether(Asked):
    """Such an answer of one applicant: it has words, and no page with it alone."""

    @property
    def label(self) -> str:
        """What is asked, as the page words it."""
        if self.question.name == QUARTERS:
            return _("Quarters preferred")
        page, field = BY_KEY[self.question.page], _WORDED_BY.get(self.question.name)
        return str(page.form.base_fields[field].label if field else page.question)

    def said(self, kept: Any) -> Any:
        """An answer as it is kept, in words."""
        if kept in (None, "", []):
            return ""
        if isinstance(kept, bool):
            return _("Yes") if kept else _("No")
        if self.question.name == QUARTERS:
            return [quarter.name for quarter in Quarter.objects.filter(pk__in=kept)]
        return [_SAID[self.question.name](each) for each in kept]


def _person(kept: str) -> str:
    born, _space, name = kept.partition(" ")
    words = {"name": name, "day": date_long(date.fromisoformat(born))}
    return _("%(name)s, born on %(day)s") % words


def _income(kept: str) -> str:
    kind, _space, amount = kept.partition(" ")
    return f"{code_lists.of(IncomeKind).label(kind)} – {euros(Decimal(amount))}"


def _need(kept: str) -> str:
    topic, _colon, code = kept.partition(":")
    told = code_lists.of(annex.LISTS[topic]).label(code)
    words = {"asked": Topic(topic).label, "told": told}
    return _("%(asked)s: %(told)s") % words


_SAID = {PEOPLE: _person, INCOME: _income, NEEDS: _need}


def named(first_names: str, last_name: str, born: date) -> str:
    """Somebody of a list, as the history keeps her."""
    return f"{born.isoformat()} {first_names} {last_name}".strip()


def together_of(demand: Demand) -> Iterator[Asked]:
    """What changes whole, of the demand and of each of its people; lists of people left out."""
    for question in TOGETHER.values():
        if question.name == PEOPLE:
            continue
        if question.whose == DEMAND:
            yield AskedTogether(question, demand)
            continue
        for who in demand.persons.all():
            if question.part == CorrectedPart.HEALTH or who.role == question.whose:
                yield AskedTogether(replace(question, whose=who.role), demand, who)


def everything_asked(demand: Demand) -> Iterator[Asked]:
    """Every answer of a declaration that can change, alone or whole."""
    yield from asked_of(demand)
    yield from together_of(demand)
    yield from local_questions_of(demand)


def asked_once(key: str, demand: Demand, person: Person | None) -> Asked | None:
    """The question of a change that was kept, whether or not it can be put today."""
    if question := QUESTIONS.get(key):
        return Asked(question, demand, person)
    if question := TOGETHER.get(key):
        return AskedTogether(question, demand, person)
    return told_once(key.partition(".")[2], demand)
