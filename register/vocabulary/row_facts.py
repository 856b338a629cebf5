"""Facts of a demand that are single values: its state, its dates, its household."""

from django.utils.translation import gettext_lazy as _

from register.models import DemandState
from rules.types import FactType
from rules.vocabulary import Fact


def state_facts() -> list[Fact]:
    """What the demand itself is."""
    return [
        Fact(
            code="demand.state",
            type=FactType.CODE,
            label=_("the state of the demand"),
            source="CCH R441-2-8",
            choices=dict(DemandState.choices),
            column="state",
            getter=lambda d: d.state,
        ),
        Fact(
            code="demand.sealed",
            type=FactType.BOOLEAN,
            label=_("the file is sealed"),
            source="Charte",
            sensitivity="high",
            column="is_sealed",
            getter=lambda d: d.is_sealed,
        ),
        Fact(
            code="demand.received_on",
            type=FactType.DATE,
            label=_("the date of reception of the demand"),
            source="CCH R441-2-3",
            column="received_on",
            getter=lambda d: d.received_on,
        ),
    ]


def household_facts() -> list[Fact]:
    """What the household is and lives on, read from the facts row."""
    return [
        Fact(
            code="demand.household_size",
            type=FactType.INTEGER,
            label=_("the number of people to house"),
            source="Cerfa 14069 G2",
            column="facts__household_size",
            getter=lambda d: d.facts.household_size,
        ),
        Fact(
            code="demand.household_category",
            type=FactType.INTEGER,
            label=_("the household category"),
            source="Arrêté du 29 juillet 1987",
            column="facts__household_category",
            getter=lambda d: d.facts.household_category,
        ),
        Fact(
            code="demand.annual_income",
            type=FactType.MONEY_YEAR,
            label=_("the reference income"),
            source="CCH R441-1",
            unit=_("euros per year"),
            sensitivity="high",
            column="facts__annual_income",
            getter=lambda d: d.facts.annual_income,
        ),
        Fact(
            code="demand.first_application",
            type=FactType.BOOLEAN,
            label=_("the applicant does not live in social housing yet"),
            source="Cerfa 14069 F2",
            column="facts__is_first_application",
            getter=lambda d: d.facts.is_first_application,
        ),
    ]
