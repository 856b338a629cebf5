"""One question of the form, alone: what it asks, and where the register keeps its answer.

A request to correct opens exactly one of them; the history tells what each was. Asked otherwise:
consents (a page of their own), local questions, and what changes whole (`together`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from register.codes import PersonRole
from register.form.answers import Answers, Raw
from register.form.definition import ASSOCIATION, COMMUNES, QUESTIONS, TAX_INCOMES, Question
from register.form.fields import (
    AmountField,
    BusinessNumberField,
    DatePartsField,
    PhoneField,
    YesNoField,
)
from register.form.fields.choices import NO, YES
from register.form.pages import BY_KEY, OF_ASSOCIATION
from register.form.paper_steps import PaperCommunesForm
from register.form.steps.base import StepForm
from register.form.words import said
from register.models import Demand
from register.selectors.communes import commune_in_full
from register.selectors.demand_form import communes_in_order
from register.templatetags.shell import phone_spaced, siren_spaced


@dataclass(frozen=True)
class Asked:
    """A question as it is put to one applicant, about herself or a person of her household."""

    question: Question
    demand: Demand
    # A person of the household; a flat-sharer too, where answers are told and nobody is asked.
    person: Any = None

    @property
    def ref(self) -> str:
        """What a page sends to name it."""
        return f"{self.question.key}@{self.person.pk}" if self.person else self.question.key

    @cached_property
    def _blank(self) -> StepForm:
        return self._form(None, {})

    @property
    def label(self) -> str:
        """What is asked, as the form words it."""
        return str(self.question.field.label or "") or self._label_of_its_year()

    @property
    def title(self) -> str:
        """How the answer is called where it is read."""
        if self.question.column in TAX_INCOMES:
            return _("Fiscal reference income of %(year)s") % {"year": self.tax_year}
        return str(self.question.title)

    def label_for(self, *, names: bool) -> str:
        """The same with the person it is about, by her first names to who may read `names`."""
        whose = self.person.role if self.person else self.question.whose
        if whose not in PersonRole.values or whose == PersonRole.APPLICANT:
            return self.label
        whom = PersonRole(whose).label
        who = self.person.first_names if self.person and names else whom
        return _("%(what)s – %(who)s") % {"what": self.label, "who": who}

    def form(self, kept: Any, data: Any = None) -> StepForm:
        """The page of the form with this question alone, its answer as it is kept shown."""
        return self._form(data, {self.question.name: self._typed(kept)})

    def typed(self, kept: Any) -> Raw:
        """The answer as it is kept, as the inputs of the form would have sent it."""
        name, value = self.question.name, self._typed(kept)
        if value in (None, False):
            return {}
        if isinstance(value, date):
            parts = (str(value.day), str(value.month), str(value.year))
            return {f"{name}_{place}": [part] for place, part in enumerate(parts)}
        if value is True:
            return {name: ["on"]}
        return {name: [str(each) for each in value] if isinstance(value, list) else [str(value)]}

    def said(self, kept: Any) -> Any:
        """An answer as it is kept, in words: a text, or one for each choice; empty for none."""
        if kept in (None, "", []):
            return ""
        if self.question.name == COMMUNES:
            return [commune.name for commune in communes_in_order(kept)]
        field, value = self.question.field, kept
        if isinstance(field, AmountField):
            value = Decimal(kept)
        elif isinstance(field, DatePartsField):
            value = date.fromisoformat(kept)
        return said(field, value, self.question.unit)

    def _form(self, data: Any, initial: dict[str, Any]) -> StepForm:
        name, page = self.question.name, self.question.page
        kinds = {"raw": {"kinds": [self.question.income]}}
        around = {
            "foyer": {"raw": {"has_co_applicant": [YES]}},
            "ressources-revenus": kinds,
            "ressources-revenus-conjoint": kinds,
        }
        kind = PaperCommunesForm if name == COMMUNES else BY_KEY[page].form
        form = kind(data, answers=Answers(around), initial=initial)
        form.fields = {name: form.fields[name]}
        # Incomes are those of the years of the declaration, not of today's form.
        if page == "ressources":
            form.fields[name].label, form.fields[name].help_text = self.label, ""
        return form

    @property
    def tax_year(self) -> int:
        """The year of a tax income: N-2 is that of the declaration."""
        year = self.demand.tax_year or self.demand.received_on.year - 2
        return year + (self.question.column == "tax_income_n1")

    def _label_of_its_year(self) -> str:
        label = (
            _("Your income of %(year)s")
            if self.question.whose == PersonRole.APPLICANT
            else _("Income of %(year)s of the person applying with you")
        )
        return label % {"year": self.tax_year}

    def _typed(self, kept: Any) -> Any:
        if kept in (None, "", []):
            return None
        field = self._blank.fields[self.question.name]
        if isinstance(field, AmountField):
            return kept.replace(".", ",").removesuffix(",00")
        if isinstance(field, DatePartsField):
            return date.fromisoformat(kept)
        if isinstance(field, YesNoField):
            return YES if kept else NO
        if isinstance(field, PhoneField):
            return phone_spaced(kept)
        if isinstance(field, BusinessNumberField):
            return siren_spaced(kept)
        if self.question.name == COMMUNES:
            return ", ".join(map(commune_in_full, communes_in_order(kept)))
        return kept


def as_kept(question: Question, value: Any) -> Any:
    """An answer that a form has read, as requests and the history keep it."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, list | tuple):
        return value
    told = [str(each) for each in value]
    return told if question.name == COMMUNES else sorted(told)


def mark(kept: Any) -> str:
    """The answer that somebody is looking at, to be compared with that of the moment (R15)."""
    return json.dumps(kept)


def asked_of(demand: Demand) -> Iterator[Asked]:
    """Every question that can be put to the applicant, in the order of the form."""
    people = sorted(demand.persons.all(), key=lambda who: who.position)
    for question in QUESTIONS.values():
        if not _is_of(question, demand):
            continue
        if question.whose in PersonRole.values:
            yield from (
                Asked(question, demand, who) for who in people if who.role == question.whose
            )
        else:
            yield Asked(question, demand)


def _is_of(question: Question, demand: Demand) -> bool:
    """An association fills rubrics a, b and h of the form, and nobody else is asked its name."""
    if demand.is_association:
        return BY_KEY[question.page].section in OF_ASSOCIATION
    return question.whose != ASSOCIATION


def find(demand: Demand, ref: str) -> Asked | None:
    """The question of that name, as it is put to this applicant; None when it is not."""
    return next((asked for asked in asked_of(demand) if asked.ref == ref), None)
