"""Facts of the household: who will live there and what it lives on.

Nationality is deliberately no fact. The form asks it, in three classes only, for the check of the
residence document (R441-2-3) and the national statistics; a rule on it would rank people by origin.
Nor is the language of letters, for the same reason, nor names, addresses and texts written freely.
"""

from django.utils.translation import gettext_lazy as _

from register import annex, codes
from register.household import ADULT_ROLES
from register.models import Demand
from rules.types import FactType
from rules.vocabulary import Fact

from .columns import HEALTH, HIGH, column, listed, months_since

PER_MONTH = _("euros per month")
PER_YEAR = _("euros per year")


def _of_adults(demand: Demand, column: str) -> frozenset[str]:
    adults = (person for person in demand.persons.all() if person.role in ADULT_ROLES)
    return frozenset(getattr(person, column) for person in adults if getattr(person, column))


def _needs(demand: Demand, topic: str) -> frozenset[str]:
    needs = (need for person in demand.persons.all() for need in person.needs.all())
    return frozenset(need.code for need in needs if need.topic == topic)


def _custody(demand: Demand) -> frozenset[str]:
    return frozenset(person.custody for person in demand.persons.all() if person.custody)


def _income_kinds(demand: Demand) -> frozenset[str]:
    return frozenset(line.kind for person in demand.persons.all() for line in person.incomes.all())


# Who is to be housed.
HOUSEHOLD_FACTS: tuple[Fact, ...] = (
    column(
        "household_size",
        FactType.INTEGER,
        _("the number of people to house"),
        "Cerfa 14069 G2",
        "household_size",
    ),
    column(
        "household_category",
        FactType.INTEGER,
        _("the household category"),
        "Arrêté du 29 juillet 1987",
        "household_category",
    ),
    column(
        "consumption_units",
        FactType.DECIMAL,
        _("the number of consumption units"),
        "CCH L441-1",
        "consumption_units",
    ),
    column("adults", FactType.INTEGER, _("the number of adults"), "Cerfa 14069 P1-P4", "adults"),
    column(
        "children",
        FactType.INTEGER,
        _("the number of children, visiting children included"),
        "Cerfa 14069 P3-P5",
        "children",
    ),
    column(
        "visiting_children",
        FactType.INTEGER,
        _("the number of visiting children"),
        "Cerfa 14069 P5",
        "visiting_children",
    ),
    column(
        "unborn_count",
        FactType.INTEGER,
        _("the number of children to be born"),
        "Cerfa 14069 P4",
        "unborn_count",
    ),
    Fact(
        code="demand.custody_kinds",
        type=FactType.CODE_SET,
        label=_("the custody of the children who come to stay"),
        source="Cerfa 14069 P5",
        **listed(codes.Custody),
        relation="custody",
        getter=_custody,
    ),
    column(
        "flat_sharers",
        FactType.INTEGER,
        _("the number of people who will share the home with the household"),
        "Cerfa 14069 P3",
        "flat_sharers",
    ),
    column(
        "couple",
        FactType.BOOLEAN,
        _("the applicant lives with a spouse or partner"),
        "Cerfa 14069 B2-B4",
        "is_couple",
    ),
    column(
        "single_parent",
        FactType.BOOLEAN,
        _("the applicant raises a child alone"),
        "Cerfa 14069 P3-P4",
        "single_parent",
    ),
    column(
        "has_disability",
        FactType.BOOLEAN,
        _("a person of the household has a disability"),
        "CASF L114 ; Cerfa 14069 C1",
        "has_disability",
        sensitivity=HEALTH,
    ),
    months_since(
        "applicant_age",
        _("the applicant’s age"),
        "CCH R441-2-2 a",
        "applicant_birth_date",
    ),
    column(
        "applicant_title",
        FactType.CODE,
        _("the applicant’s title"),
        "CCH R441-2-2 a",
        "applicant_title",
        choices=codes.Title,
    ),
    column(
        "family_status",
        FactType.CODE,
        _("the applicant’s family status"),
        "CCH R441-2-2 c",
        "family_status",
        choices=codes.FamilyStatus,
    ),
    column(
        "work_status",
        FactType.CODE,
        _("the applicant’s work"),
        "CCH R441-2-2 d",
        "work_status",
        choices=codes.WorkStatus,
    ),
    Fact(
        code="demand.adult_work_statuses",
        type=FactType.CODE_SET,
        label=_("the work of the applicant and co-applicants"),
        source="CCH R441-2-2 d",
        **listed(codes.WorkStatus),
        relation="work",
        getter=lambda demand: _of_adults(demand, "work_status"),
    ),
    Fact(
        code="demand.adult_employers",
        type=FactType.CODE_SET,
        label=_("the employers of the applicant and co-applicants"),
        source="Cerfa 14069 D2-D7 and D17-D22",
        **listed(codes.Employer),
        relation="employer",
        getter=lambda demand: _of_adults(demand, "employer"),
    ),
    column(
        "long_unemployed",
        FactType.BOOLEAN,
        _("an adult works after more than a year of unemployment"),
        "Cerfa 14069 D14 and D29",
        "long_unemployed",
    ),
    Fact(
        code="demand.equipment_needed",
        type=FactType.CODE_SET,
        label=_("the equipment that the home must have for people with a disability"),
        source="Cerfa 14069, annex",
        sensitivity=HEALTH,
        **listed(annex.Equipment),
        relation="equipment",
        getter=lambda demand: _needs(demand, annex.Topic.EQUIPMENT),
    ),
    Fact(
        code="demand.steps_possible",
        type=FactType.CODE_SET,
        label=_("the steps that people with a disability can climb"),
        source="Cerfa 14069, annex",
        sensitivity=HEALTH,
        **listed(annex.Steps),
        relation="steps",
        getter=lambda demand: _needs(demand, annex.Topic.STEPS),
    ),
    Fact(
        code="demand.unborn_due_on",
        type=FactType.DATE,
        label=_("the expected date of birth"),
        source="Cerfa 14069 P4",
        column="unborn_due_on",
        getter=lambda d: d.unborn_due_on,
    ),
)


# What the household lives on.
RESOURCE_FACTS: tuple[Fact, ...] = (
    column(
        "annual_income",
        FactType.MONEY_YEAR,
        _("the reference income"),
        "CCH R441-1",
        "annual_income",
        unit=PER_YEAR,
        sensitivity=HIGH,
    ),
    column(
        "income_per_unit",
        FactType.MONEY_YEAR,
        _("the reference income per consumption unit"),
        "CCH L441-1",
        "income_per_unit",
        unit=PER_YEAR,
        sensitivity=HIGH,
    ),
    column(
        "monthly_income",
        FactType.MONEY_MONTH,
        _("the monthly income"),
        "Arrêté du 10 mars 2011",
        "monthly_income",
        unit=PER_MONTH,
        sensitivity=HIGH,
    ),
    column(
        "alimony_paid",
        FactType.MONEY_MONTH,
        _("the alimony that the household pays"),
        "Cerfa 14069 E9",
        "alimony_paid",
        unit=PER_MONTH,
        sensitivity=HIGH,
    ),
    Fact(
        code="demand.income_kinds",
        type=FactType.CODE_SET,
        label=_("the kinds of monthly income declared"),
        source="CCH R441-2-2 e",
        sensitivity=HIGH,
        **listed(codes.IncomeKind),
        relation="income",
        getter=_income_kinds,
    ),
    column(
        "effort_ratio",
        FactType.PERCENT,
        _("the share of income spent on the present home"),
        "CCH R441-3-1",
        "effort_ratio",
        sensitivity=HIGH,
    ),
)
