"""One question of the form, alone: what it asks, and where the register keeps its answer.

A request to correct opens exactly one of them; the history tells what each was. Asked otherwise:
consents (a page of their own), local questions, and what changes whole (`together`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from register import code_lists
from register.codes import IncomeKind, PersonRole
from register.form.answers import Answers, Raw
from register.form.fields import AmountField, DatePartsField, PhoneField, YesNoField
from register.form.fields.choices import NO, YES
from register.form.pages import BY_KEY, SECTIONS
from register.form.paper_steps import PaperCommunesForm
from register.form.steps.base import StepForm
from register.form.words import in_words
from register.models import CorrectedPart, Demand, Person
from register.selectors.communes import commune_in_full
from register.selectors.demand_form import communes_in_order
from register.templatetags.shell import phone_spaced

DEMAND, CONTACT, HOUSING = "demand", "contact", "current_housing"
COMMUNES, REASONS, HOME_TYPES = "commune_search", "reasons", "home_types"
AMOUNT = "amount_"
_ME, _SPOUSE = PersonRole.APPLICANT, PersonRole.CO_APPLICANT
_Part = CorrectedPart
_INCOMES = " ".join(f"{AMOUNT}{kind}" for kind in code_lists.of(IncomeKind).labels)
_EMPLOYER = "employer employer_siret workplace long_unemployed unemployed_until"
# What an answer tells of besides its own group of data: lists of people name them.
_TELLS_OF = {REASONS: ("health",), "is_sealed": ("health",), "people": ("identity",)}
_ACCEPTED = "accepts_flat_share accepts_ground_floor accepts_no_lift wants_ownership_news"
_CIVIL_STATUS = "title birth_name used_name first_names birth_date"
# Page of the form, what holds the answers, the group of data that they are of, the fields.
_ASKED: tuple[tuple[str, str, CorrectedPart, str], ...] = (
    ("identite", _ME, _Part.IDENTITY, _CIVIL_STATUS),
    ("identite-situation", _ME, _Part.IDENTITY, "nationality"),
    ("identite-situation", _ME, _Part.HOUSEHOLD, "family_status"),
    ("foyer-conjoint", _SPOUSE, _Part.HOUSEHOLD, "link"),
    ("foyer-conjoint", _SPOUSE, _Part.IDENTITY, f"{_CIVIL_STATUS} nationality"),
    (
        "foyer-personnes-a-charge",
        PersonRole.DEPENDANT,
        _Part.IDENTITY,
        "birth_name first_names birth_date",
    ),
    ("foyer-personnes-a-charge", PersonRole.DEPENDANT, _Part.HOUSEHOLD, "link sex"),
    (
        "foyer-enfants-en-visite",
        PersonRole.VISITING_CHILD,
        _Part.IDENTITY,
        "birth_name first_names birth_date",
    ),
    ("foyer-enfants-en-visite", PersonRole.VISITING_CHILD, _Part.HOUSEHOLD, "custody sex"),
    ("foyer-naissance", DEMAND, _Part.HOUSEHOLD, "unborn_count unborn_due_on"),
    ("coordonnees", CONTACT, _Part.CONTACT, "phone"),
    (
        "coordonnees-adresse",
        CONTACT,
        _Part.CONTACT,
        "care_of address address_extra postal_code city",
    ),
    (
        "logement-actuel-adresse",
        CONTACT,
        _Part.CONTACT,
        "housed_by home_address home_address_extra home_postal_code home_city",
    ),
    ("logement-actuel", HOUSING, _Part.HOUSEHOLD, "kind landlord_name landlord_siren"),
    (
        "logement-actuel-details",
        HOUSING,
        _Part.HOUSEHOLD,
        "occupants home_type surface monthly_cost housing_benefit since",
    ),
    ("motifs", DEMAND, _Part.HOUSEHOLD, f"{REASONS} remarks"),
    ("ressources", _ME, _Part.RESOURCES, "tax_income_n2 tax_income_n1"),
    ("ressources", _SPOUSE, _Part.RESOURCES, "co_tax_income_n2 co_tax_income_n1"),
    ("ressources-travail", _ME, _Part.RESOURCES, "work_status occupation"),
    ("ressources-travail", _SPOUSE, _Part.RESOURCES, "co_work_status co_occupation"),
    ("ressources-employeur", _ME, _Part.RESOURCES, _EMPLOYER),
    ("ressources-employeur-conjoint", _SPOUSE, _Part.RESOURCES, _EMPLOYER),
    ("ressources-versees", _ME, _Part.RESOURCES, "alimony_paid"),
    ("ressources-montants", _ME, _Part.RESOURCES, _INCOMES),
    ("ressources-montants-conjoint", _SPOUSE, _Part.RESOURCES, _INCOMES),
    (
        "logement-souhaite",
        DEMAND,
        _Part.WISHES,
        f"{HOME_TYPES} building_kind max_monthly_cost {_ACCEPTED}",
    ),
    ("logement-souhaite-communes", DEMAND, _Part.WISHES, COMMUNES),
    ("logement-souhaite-elargir", DEMAND, _Part.WISHES, "widening"),
)


@dataclass(frozen=True)
class Question:
    """A field of a page of the form. `whose` is the row, or the role of the person, it is of."""

    page: str
    name: str
    whose: str
    part: CorrectedPart

    @property
    def key(self) -> str:
        """Its name in requests and in the history."""
        return f"{self.page}.{self.name}"

    @property
    def column(self) -> str:
        """Where a row keeps it."""
        return self.name.removeprefix("co_")

    @property
    def income(self) -> str:
        """The kind of monthly income that it asks the amount of, or an empty text."""
        return self.name.removeprefix(AMOUNT) if self.name.startswith(AMOUNT) else ""

    @property
    def is_civil_status(self) -> bool:
        """True for what a counter alone changes, on a document (arrêté du 23 mars 2015)."""
        return self.part == CorrectedPart.IDENTITY

    @property
    def told_by(self) -> tuple[str, ...]:
        """The groups of data that one reads to know its answers: some reasons tell of health."""
        return (self.part, *_TELLS_OF.get(self.name, ()))

    @property
    def section(self) -> str | Promise:
        """The part of the form in which it is asked."""
        key = BY_KEY[self.page].section
        return next(each.title for each in SECTIONS if each.key == key)


QUESTIONS: Mapping[str, Question] = {
    question.key: question
    for page, whose, part, names in _ASKED
    for question in (Question(page, name, whose, part) for name in names.split())
}


@dataclass(frozen=True)
class Asked:
    """A question as it is put to one applicant, about herself or a person of her household."""

    question: Question
    demand: Demand
    person: Person | None = None

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
        question = self.question
        if question.income:
            return code_lists.of(IncomeKind).label(question.income)
        label = BY_KEY[question.page].form.base_fields[question.name].label
        return str(label) if label else self._label_of_its_year()

    def label_for(self, *, names: bool) -> str:
        """The same with the person it is about, by her first names to who may read `names`."""
        whose = self.person.role if self.person else self.question.whose
        if whose not in PersonRole.values or whose == _ME:
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
        field: Any = self._blank.fields[self.question.name]
        value = kept
        if isinstance(field, AmountField):
            value = Decimal(kept)
        elif isinstance(field, DatePartsField):
            value = date.fromisoformat(kept)
        return in_words(self._blank, self.question.name, value)

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

    def _label_of_its_year(self) -> str:
        year = self.demand.tax_year or self.demand.received_on.year - 2
        year += self.question.column == "tax_income_n1"
        label = (
            _("Your income of %(year)s")
            if self.question.whose == _ME
            else _("Income of %(year)s of the person applying with you")
        )
        return label % {"year": year}

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
        if question.whose in PersonRole.values:
            yield from (
                Asked(question, demand, who) for who in people if who.role == question.whose
            )
        else:
            yield Asked(question, demand)


def find(demand: Demand, ref: str) -> Asked | None:
    """The question of that name, as it is put to this applicant; None when it is not."""
    return next((asked for asked in asked_of(demand) if asked.ref == ref), None)
