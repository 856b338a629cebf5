"""The definition of the form: how each answer is called, what holds it, and who may read it.

The online form and the counter's quick entry ask these questions; the file, the applicant's page,
the certificate, the data to take away and the published schema tell their answers, each from this
table. A field of a page that is on no line here is asked for nothing: a test says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register import code_lists
from register.annex import Topic
from register.codes import IncomeKind, PersonRole
from register.form.cases import case_of
from register.form.pages import BY_KEY, PAGES, SECTIONS, Page
from register.form.steps.resources import PER_MONTH, amount_field
from register.models import CorrectedPart, Demand
from rules.kinds.fields import FieldSet

DEMAND, CONTACT, HOUSING = "demand", "contact", "current_housing"
FLAT_SHARERS, ASSOCIATION = "flat_sharers", "association"
COMMUNES, REASONS, HOME_TYPES = "commune_search", "reasons", "home_types"
AMOUNT = "amount_"
TAX_INCOMES = ("tax_income_n2", "tax_income_n1")
SEALED = "is_sealed"
PEOPLE, INCOME, DISABILITY = "people", "income", "has_disability"
NEEDS, QUARTERS = "needs", "quarters"
CO_APPLICANT, OTHERS, SHARERS = "foyer-conjoint", "foyer-codemandeurs", "foyer-colocataires"
DEPENDANTS, VISITORS = "foyer-personnes-a-charge", "foyer-enfants-en-visite"
SECRECY = f"motifs-protection.{SEALED}"
_LISTS = (CO_APPLICANT, OTHERS, SHARERS, DEPENDANTS, VISITORS)
_COLUMNS = {"disabled": "has_disability", COMMUNES: "communes"}
_ME, _SPOUSE = PersonRole.APPLICANT, PersonRole.CO_APPLICANT
_Part = CorrectedPart
_INCOMES = " ".join(f"{AMOUNT}{kind}" for kind in code_lists.of(IncomeKind).labels)
_EMPLOYER = "employer employer_siret workplace long_unemployed unemployed_until"
# What an answer tells of besides its own group of data: lists of people name them.
_TELLS_OF = {REASONS: ("health",), SEALED: ("health",), PEOPLE: ("identity",)}
_ACCEPTED = "accepts_flat_share accepts_ground_floor accepts_no_lift wants_ownership_news"
_CIVIL_STATUS = "title birth_name used_name first_names birth_date"
_TOPICS = " ".join(Topic.values)
# Page of the form, what holds the answers, the group of data that they are of, the fields.
_ASKED: tuple[tuple[str, str, CorrectedPart, str], ...] = (
    ("identite", _ME, _Part.IDENTITY, _CIVIL_STATUS),
    ("association", ASSOCIATION, _Part.IDENTITY, "name representative"),
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

# The same for what nobody asks alone: consents have a page of their own, people come and go by
# events of the household, a counter reads no disability, and secrecy closes the file.
_TOLD: tuple[tuple[str, str, CorrectedPart, str], ...] = (
    # Another SIREN is another association, whose demands are numbered apart.
    ("association", ASSOCIATION, _Part.IDENTITY, "siren"),
    ("foyer-colocataires", FLAT_SHARERS, _Part.IDENTITY, "title birth_name first_names birth_date"),
    ("foyer-personnes-a-charge", PersonRole.DEPENDANT, _Part.RESOURCES, _INCOMES),
    *(("foyer-handicap", role, _Part.HEALTH, "disabled") for role in PersonRole.values),
    *(("foyer-annexes", role, _Part.HEALTH, _TOPICS) for role in PersonRole.values),
    ("coordonnees", CONTACT, _Part.CONTACT, "accepts_email accepts_sms"),
    ("motifs-protection", DEMAND, _Part.HOUSEHOLD, SEALED),
)
# What the form asks together and changes whole: no request to correct opens it alone, and the
# history tells what it was (`together` words it).
_WHOLE: tuple[tuple[str, str, CorrectedPart, str], ...] = (
    *((page, DEMAND, _Part.HOUSEHOLD, PEOPLE) for page in _LISTS),
    (OTHERS, PersonRole.CO_APPLICANT, _Part.RESOURCES, INCOME),
    (DEPENDANTS, PersonRole.DEPENDANT, _Part.RESOURCES, INCOME),
    ("foyer-handicap", _ME, _Part.HEALTH, DISABILITY),
    ("foyer-annexes", _ME, _Part.HEALTH, NEEDS),
    ("motifs-protection", DEMAND, _Part.HOUSEHOLD, SEALED),
    ("logement-souhaite-communes", DEMAND, _Part.WISHES, QUARTERS),
)
# Fields that no answer is kept of: who is declared, and which amounts, tell them.
IMPLIED = frozenset(
    {
        "demandeur.applicant_kind",
        "foyer.has_co_applicant",
        "foyer.has_flat_sharers",
        "foyer-conjoint.has_others",
        "foyer-codemandeurs.income_kind",
        "foyer-codemandeurs.income_amount",
        "foyer-personnes-a-charge.income_kind",
        "foyer-personnes-a-charge.income_amount",
        "ressources-revenus.kinds",
        "ressources-revenus-conjoint.kinds",
    }
)

# How data to take away and the schema call what holds answers; True for a list of people.
PLACES: Mapping[str, tuple[str, bool]] = {
    PersonRole.APPLICANT: ("applicant", False),
    PersonRole.CO_APPLICANT: ("co_applicants", True),
    PersonRole.DEPENDANT: ("dependants", True),
    PersonRole.VISITING_CHILD: ("visiting_children", True),
    FLAT_SHARERS: (FLAT_SHARERS, True),
    ASSOCIATION: (ASSOCIATION, False),
    CONTACT: (CONTACT, False),
    HOUSING: (HOUSING, False),
    DEMAND: (DEMAND, False),
}
# The answers to the questions of a territory, by code: modules define them, not this table.
LOCAL_ANSWERS = "local_answers"


@dataclass(frozen=True)
class Group:
    """A part of the declaration as it is read: answers of one group of data, under one title."""

    code: str
    field_set: FieldSet
    title: str | Promise


GROUPS = (
    Group("identity", FieldSet.IDENTITY, _("Identity")),
    Group("contact", FieldSet.CONTACT, _("Contact details")),
    Group("household", FieldSet.HOUSEHOLD, _("People to house")),
    Group("housing", FieldSet.HOUSEHOLD, _("Current home and reasons")),
    Group("resources", FieldSet.RESOURCES, _("Resources")),
    Group("health", FieldSet.HEALTH, _("Disability")),
    Group("wishes", FieldSet.WISHES, _("Home wished")),
)
# What an association fills: rubrics a, b and h of article R441-2-2.
_OF_ASSOCIATION = (FieldSet.IDENTITY, FieldSet.CONTACT, FieldSet.WISHES)


def groups_of(demand: Demand) -> tuple[Group, ...]:
    """The parts of a declaration: an association has neither household nor resources."""
    if not demand.is_association:
        return GROUPS
    return tuple(group for group in GROUPS if group.field_set in _OF_ASSOCIATION)


# Section of the form → the part in which the answers of its pages are read, mostly.
_READ_IN = {
    "association": "identity",
    "vous": "identity",
    "foyer": "household",
    "coordonnees": "contact",
    "logement-actuel": "housing",
    "motifs": "housing",
    "ressources": "resources",
    "logement-souhaite": "wishes",
}
# Whole pages that are read elsewhere than the others of their section.
_APART = ({"contact"}, {"health"})


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
        return _COLUMNS.get(self.name) or self.name.removeprefix("co_")

    @property
    def field(self) -> forms.Field:
        """The field that asks it, for its kind and its choices."""
        if self.income:
            return amount_field(self.income)
        return BY_KEY[self.page].form.base_fields[self.name]

    @property
    def title(self) -> str | Promise:
        """How the answer is called where it is read, by whomever."""
        return BY_KEY[self.page].form.titles.get(self.name) or self.field.label or ""

    @property
    def unit(self) -> str | Promise:
        """What a number counts, or an empty text."""
        if self.income:
            return PER_MONTH
        units: Mapping[str, str | Promise] = BY_KEY[self.page].form.units
        return units.get(self.name, "")

    @property
    def case(self) -> str:
        """Its case on the paper form, or an empty text."""
        return case_of(self.page, "incomes" if self.income else self.name)

    @property
    def group(self) -> str:
        """The part of the declaration in which it is read."""
        apart = _READ_IN[BY_KEY[self.page].section] == "housing" and self.part == _Part.HOUSEHOLD
        return "housing" if apart else str(self.part.value)

    @property
    def is_of_somebody(self) -> bool:
        """True when it is answered for a person, False for the demand as a whole."""
        return self.whose == FLAT_SHARERS or self.whose in PersonRole.values

    @property
    def is_annex(self) -> bool:
        """True for an answer of the annex on handicap."""
        return self.page == "foyer-annexes" and self.name in Topic.values

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


def _questions(
    table: tuple[tuple[str, str, CorrectedPart, str], ...],
) -> tuple[Question, ...]:
    return tuple(
        Question(page, name, whose, part)
        for page, whose, part, names in table
        for name in names.split()
    )


# Those that one can ask again alone, by key; what changes whole, by key; then every answer, in the
# order of the form.
QUESTIONS: Mapping[str, Question] = {each.key: each for each in _questions(_ASKED)}
TOGETHER: Mapping[str, Question] = {each.key: each for each in _questions(_WHOLE)}
FORM = tuple(sorted(_questions(_ASKED + _TOLD), key=lambda each: list(BY_KEY).index(each.page)))


def tells_an_income(refs: Iterable[str]) -> bool:
    """True when one of these answers, by ref, is a fiscal reference income."""
    asked = (QUESTIONS.get(ref.partition("@")[0]) for ref in refs)
    return any(question is not None and question.column in TAX_INCOMES for question in asked)


def pages_of(group: Group) -> tuple[str, ...]:
    """The pages of the form that ask what a part tells; each is of one part."""
    return tuple(page.key for page in PAGES if _read_in(page) == group.code)


def _read_in(page: Page) -> str:
    groups = {each.group for each in FORM if each.page == page.key}
    return groups.pop() if groups in _APART else _READ_IN.get(page.section, "")
