"""Facts of the present home and of the wished one."""

from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from register import bits, codes
from rules.types import FactType
from rules.vocabulary import Fact

from .columns import HEALTH, code_set, column, months_since
from .household_facts import PER_MONTH

# Where the household lives today, and why it wants to move.
HOUSING_FACTS: tuple[Fact, ...] = (
    column(
        "first_application",
        FactType.BOOLEAN,
        _("the applicant does not live in social housing yet"),
        "Cerfa 14069 F2",
        "is_first_application",
    ),
    column(
        "current_housing",
        FactType.CODE,
        _("the present home"),
        "CCH R441-2-2 f",
        "current_housing",
        choices=codes.CurrentHousingKind,
    ),
    column(
        "current_home_type",
        FactType.CODE,
        _("the size of the present home"),
        "CCH R441-2-2 f",
        "current_home_type",
        choices=codes.HomeType,
    ),
    column(
        "current_occupants",
        FactType.INTEGER,
        _("the number of people in the present home"),
        "CCH R441-2-2 f",
        "current_occupants",
    ),
    column(
        "current_surface",
        FactType.INTEGER,
        _("the surface of the present home"),
        "CCH R441-2-2 f",
        "current_surface",
        unit=_("square metres"),
    ),
    column(
        "current_cost",
        FactType.MONEY_MONTH,
        _("the rent and charges of the present home"),
        "CCH R441-2-2 f",
        "current_cost",
        unit=PER_MONTH,
    ),
    column(
        "housing_benefit",
        FactType.MONEY_MONTH,
        _("the housing benefit"),
        "CCH R441-2-2 f",
        "housing_benefit",
        unit=PER_MONTH,
    ),
    months_since(
        "housed_for",
        _("the time since the household moved in"),
        "CCH R441-2-2 f",
        "housed_since",
    ),
    column(
        "over_occupied",
        FactType.BOOLEAN,
        _("the present home is smaller than the legal surface for its occupants"),
        "CCH R441-14-1",
        "over_occupied",
    ),
    code_set(
        "reasons",
        _("the reasons for the demand"),
        "CCH R441-2-2 g",
        codes.DemandReason,
        bits.REASONS,
        sensitivity=HEALTH,
    ),
    column(
        "first_reason",
        FactType.CODE,
        _("the first reason for the demand"),
        "CCH R441-2-2 g",
        "first_reason",
        choices=codes.DemandReason,
        sensitivity=HEALTH,
    ),
)


# The home asked for.
WISH_FACTS: tuple[Fact, ...] = (
    code_set(
        "wished_home_types",
        _("the wished sizes of home"),
        "CCH R441-2-2 h",
        codes.HomeType,
        bits.HOME_TYPES,
    ),
    column(
        "first_commune",
        FactType.COMMUNE,
        _("the first wished commune"),
        "Cerfa 14069 G3",
        "first_commune",
    ),
    column(
        "building_kind",
        FactType.CODE,
        _("the wished kind of building"),
        "CCH R441-2-2 h",
        "building_kind",
        choices=codes.BuildingKind,
    ),
    column(
        "widening",
        FactType.BOOLEAN,
        _("the applicant accepts neighbouring communes"),
        "Cerfa 14069 G3",
        "widening",
    ),
    column(
        "max_monthly_cost",
        FactType.MONEY_MONTH,
        _("the highest monthly cost the applicant can bear"),
        "Cerfa 14069 G4",
        "max_monthly_cost",
        unit=PER_MONTH,
    ),
    *(
        Fact(
            code=f"demand.{name}",
            type=FactType.BOOLEAN,
            label=label,
            source="Cerfa 14069 P9",
            column=name,
            getter=attrgetter(name),
        )
        for name, label in (
            ("accepts_flat_share", _("the applicant accepts a room in a shared flat")),
            ("accepts_ground_floor", _("the applicant accepts a ground floor")),
            ("accepts_no_lift", _("the applicant accepts a building without a lift")),
            ("wants_ownership_news", _("the applicant wants to hear of homes to buy")),
        )
    ),
)


# What was checked, recognised or detected.
PAPER_FACTS: tuple[Fact, ...] = (
    code_set(
        "verified_documents",
        _("the documents checked"),
        "CCH R441-2-4-1",
        codes.DocumentKind,
        bits.DOCUMENTS,
    ),
    *(
        code_set(
            code,
            label,
            "CCH L441-1",
            codes.PriorityLabel,
            bits.LABELS,
            sensitivity=HEALTH,
        )
        for code, label in (
            ("priority_labels", _("the recognised priorities")),
            ("refused_priorities", _("the priorities not recognised")),
            ("detected_priorities", _("the priorities detected")),
        )
    ),
)
