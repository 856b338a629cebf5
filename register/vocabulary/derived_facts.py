"""Facts that follow from others and from dated figures, by a rule that is read like any other."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rules.types import FactType
from rules.vocabulary import Fact

from .columns import HIGH

LAST_CATEGORY = 6
CATEGORY = {"fact": "demand.household_category"}
QUARTILES = (1, 2, 3)
FINANCINGS = ("plai", "plus", "pls")


def ceiling(financing: str) -> Mapping[str, Any]:
    """The income ceiling of a financing for the household, as a number of rules.

    Beyond category 6, the ceiling of category 6 and so much for each further person (order of 29
    July 1987, annex I).
    """
    code = f"ceiling.{financing}"
    further = {"difference": [CATEGORY, {"constant": LAST_CATEGORY}]}
    return {
        "table": {
            "by": CATEGORY["fact"],
            "rows": {
                str(category): {"parameter": f"{code}.{category}"}
                for category in range(1, LAST_CATEGORY + 1)
            },
        },
        "otherwise": {
            "sum": [
                {"parameter": f"{code}.{LAST_CATEGORY}"},
                {"product": [further, {"parameter": f"{code}.extra"}]},
            ]
        },
    }


def _ceiling_facts() -> Iterator[Fact]:
    for financing in FINANCINGS:
        income = {"product": [{"fact": "demand.annual_income"}, {"constant": 100}]}
        yield Fact(
            code=f"demand.ceiling_percent_{financing}",
            type=FactType.PERCENT,
            label=format_lazy(
                _("the reference income as a share of the {financing} ceiling"),
                financing=financing.upper(),
            ),
            source="CCH R441-1; arrêté du 29 juillet 1987",
            sensitivity=HIGH,
            formula={"round": {"quotient": [income, ceiling(financing)]}, "places": 2},
        )


def _quartile() -> Fact:
    """1 for the lowest incomes; unknown as long as no threshold is published for the territory."""
    return Fact(
        code="demand.income_quartile",
        type=FactType.INTEGER,
        label=_("the income quartile"),
        source="CCH L441-1",
        sensitivity=HIGH,
        formula={
            "choice": [
                {
                    "when": {
                        "fact": "demand.income_per_unit",
                        "op": "at_most",
                        "value": {"ref": f"parameter.quartile.{quartile}"},
                    },
                    "then": {"constant": quartile},
                }
                for quartile in QUARTILES
            ],
            "otherwise": {"constant": len(QUARTILES) + 1},
        },
    )


DERIVED_FACTS: tuple[Fact, ...] = (
    *_ceiling_facts(),
    _quartile(),
    Fact(
        code="demand.dependent_minors",
        type=FactType.INTEGER,
        label=_("the number of dependent minor children"),
        source="Cerfa 14069 P3-P5",
        formula={
            "max": [
                {"constant": 0},
                {
                    "difference": [
                        {"fact": "demand.children"},
                        {"fact": "demand.visiting_children"},
                    ]
                },
            ]
        },
    ),
    Fact(
        code="demand.beyond_abnormal_delay",
        type=FactType.BOOLEAN,
        label=_("the demand has waited for as long as the abnormally long delay, or longer"),
        source="CCH L441-1-4",
        # What the delay opens is a person's right (CCH L441-2-3): no association's wait reaches it.
        condition={
            "all": [
                {"fact": "demand.association", "op": "is", "value": False},
                {
                    "fact": "demand.seniority",
                    "op": "at_least",
                    "value": {"ref": "parameter.deadline.abnormal_delay"},
                },
            ]
        },
    ),
)
