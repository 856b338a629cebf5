"""Figures as pictures, tables and files: labels, definitions, bars drawn by the server."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.selectors.abnormal_delay import each_in_words, in_one
from register.selectors.statistics import Figure, Observation
from register.templatetags.shell import date_long

WIDTH = 360
LINE = 44
BAR_TOP = 22
BAR_HEIGHT = 12
BYTE_ORDER_MARK = "\ufeff"

TITLES: dict[str, str | Promise] = {
    "home-types": gettext_lazy("Size of home wished"),
    "applicants": gettext_lazy("Who is applying"),
    "household-sizes": gettext_lazy("People to house"),
    "seniority": gettext_lazy("How long people have been waiting"),
    "communes": gettext_lazy("Communes most wished"),
}
DEFINITIONS: dict[str, str | Promise] = {
    "home-types": gettext_lazy(
        "Live demands naming this size. A demand may name several: lines do not add up."
    ),
    "applicants": gettext_lazy(
        "Live demands of persons, and of associations for those whom they house (CCH L442-8-1)."
    ),
    "household-sizes": gettext_lazy(
        "Live demands of persons by number of people to house, unborn and visiting children "
        "included."
    ),
    "seniority": gettext_lazy("Live demands by time since the first deposit."),
    "communes": gettext_lazy(
        "Live demands naming this commune, whatever its rank. A demand may name several: lines do "
        "not add up."
    ),
}
FIRST_COLUMNS: dict[str, str | Promise] = {
    "home-types": gettext_lazy("Size"),
    "applicants": gettext_lazy("Applicant"),
    "household-sizes": gettext_lazy("People"),
    "seniority": gettext_lazy("Time waited"),
    "communes": gettext_lazy("Commune"),
}


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its place in the picture, in the picture's own units."""

    label: str
    count: int | None
    text_y: int
    bar_y: int
    width: int


@dataclass(frozen=True)
class Drawing:
    """A figure ready to be shown."""

    code: str
    title: str
    definition: str
    first_column: str
    bars: list[DrawnBar]
    width: int
    height: int


def drawings(observation: Observation) -> list[Drawing]:
    """Every figure of an observation, drawn on a scale that begins at zero."""
    return [_draw(figure) for figure in observation.figures if figure.bars]


def _draw(figure: Figure) -> Drawing:
    largest = max((bar.count or 0 for bar in figure.bars), default=0) or 1
    bars = [
        DrawnBar(
            label=str(bar.label),
            count=bar.count,
            text_y=place * LINE + 15,
            bar_y=place * LINE + BAR_TOP,
            width=round(WIDTH * bar.count / largest) if bar.count is not None else WIDTH,
        )
        for place, bar in enumerate(figure.bars)
    ]
    return Drawing(
        code=figure.code,
        title=str(TITLES[figure.code]),
        definition=str(DEFINITIONS[figure.code]),
        first_column=str(FIRST_COLUMNS[figure.code]),
        bars=bars,
        width=WIDTH,
        height=len(bars) * LINE,
    )


def as_csv(figure: Figure, observation: Observation, territory: str) -> str:
    """The table behind a picture; hidden counts are left empty and said so in their column."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [str(FIRST_COLUMNS[figure.code]), _("Demands"), _("Published"), _("Territory"), _("Date")]
    )
    for bar in figure.bars:
        shown = "" if bar.count is None else bar.count
        published = _("no (statistical secrecy)") if bar.count is None else _("yes")
        writer.writerow([str(bar.label), shown, published, territory, observation.day.isoformat()])
    return out.getvalue()


def key_figures(observation: Observation) -> list[dict[str, Any]]:
    """The sentences on top of the page: each figure with what it counts."""
    one = in_one(observation.delays)
    law = _("persons, by the abnormally long delay of CCH L441-1-4")
    return [
        {
            "value": observation.live,
            "label": _("live demands"),
            "note": _("on %(day)s") % {"day": date_long(observation.day)},
        },
        {
            "value": observation.beyond_delay,
            "label": _("have been waiting for %(wait)s or more") % {"wait": one.text}
            if one
            else _("have been waiting for as long as the delay of their department, or longer"),
            "note": law if one else _with_each(law, observation),
        },
        {
            "value": observation.proposed,
            "label": _("candidacies proposed for a home"),
            "note": _("over the last 12 months"),
        },
        {
            "value": observation.allocated,
            "label": _("homes allocated, lease signed"),
            "note": _("over the last 12 months"),
        },
    ]


def _with_each(law: str, observation: Observation) -> str:
    """The source of the delay, and how long it is in each department."""
    each = each_in_words(observation.delays)
    return f"{law} ({each})" if each else law
