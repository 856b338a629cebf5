"""How long others waited where somebody looks for a home: sentences, picture and table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from register.form.answers import Answers
from register.form.pages import Page
from register.models import Demand
from register.selectors.waiting_times import Resized, Wait, Waits, Widened, waits_for
from register.templatetags.shell import date_long

SECTION = "logement-souhaite"
WIDTH = 360
LINE = 44
TICK = 4


@dataclass(frozen=True)
class DrawnWait:
    """A line of the table, and its bar in the picture's own units: from a quarter to three."""

    label: str
    wait: Wait
    half: str
    text_y: int
    bar_y: int
    start: int
    length: int
    middle: int


@dataclass(frozen=True)
class Half:
    """How long half of the households waited, at most, and where."""

    where: str
    waited: str


@dataclass(frozen=True)
class Told:
    """What is said to somebody of the communes and sizes she wishes.

    `halves` are the two figures that matter: her first choice, and what looking wider changes.
    """

    halves: list[Half]
    sentence: str
    widened: list[str]
    resized: list[str]
    lines: list[DrawnWait]
    height: int
    untold: str
    source: str


def told_on(page: Page, answers: Answers) -> Told | None:
    """What the pages about the home wished say of the answers so far."""
    if page.section != SECTION:
        return None
    return _told(waits_for(answers.communes, answers.values(SECTION, "home_types")))


def told_of(demand: Demand) -> Told | None:
    """The same of what a demand wishes."""
    communes = demand.wished_communes.order_by("position").values_list("commune_id", flat=True)
    return _told(waits_for(list(communes), demand.wished_types.values_list("code", flat=True)))


def _told(waits: Waits | None) -> Told | None:
    if waits is None:
        return None
    others = (*waits.wider, *waits.resized)
    lines = _draw([*waits.chosen, *(each.wait for each in others)])
    return Told(
        halves=[_half(wait) for wait in (*waits.chosen[:1], *(each.wait for each in others[:1]))],
        sentence=_sentence(waits.chosen[0]) if waits.chosen else "",
        widened=[_widened(each) for each in waits.wider],
        resized=[_resized(each) for each in waits.resized],
        lines=lines,
        height=len(lines) * LINE,
        untold=_untold(waits),
        source=_source(waits),
    )


def _draw(waits: Sequence[Wait]) -> list[DrawnWait]:
    longest = max((wait.three_quarters for wait in waits), default=0) or 1
    return [
        DrawnWait(
            label=_("%(place)s, %(type)s") % _names(wait),
            wait=wait,
            half=_months(wait.half),
            text_y=place * LINE + 15,
            bar_y=place * LINE + 22,
            start=round(WIDTH * wait.quarter / longest),
            length=max(1, round(WIDTH * (wait.three_quarters - wait.quarter) / longest)),
            middle=min(WIDTH - TICK, round(WIDTH * wait.half / longest)),
        )
        for place, wait in enumerate(waits)
    ]


def _half(wait: Wait) -> Half:
    return Half(_("%(place)s, %(type)s") % _names(wait), _months(wait.half))


def _names(wait: Wait) -> dict[str, str]:
    return {"place": wait.place, "type": wait.home_type}


def _months(count: int) -> str:
    if not count:
        return _("less than a month")
    return ngettext("%(count)s month", "%(count)s months", count) % {"count": count}


def _sentence(wait: Wait) -> str:
    return _(
        "%(place)s, size %(type)s: half of the households had waited %(half)s or less, a quarter "
        "%(quarter)s or less, three quarters %(three_quarters)s or less."
    ) % {
        "place": wait.place,
        "type": wait.home_type,
        "quarter": _months(wait.quarter),
        "half": _months(wait.half),
        "three_quarters": _months(wait.three_quarters),
    }


def _widened(widened: Widened) -> str:
    wait = widened.wait
    words = {
        "place": wait.place,
        "type": wait.home_type,
        "homes": wait.homes,
        "half": _months(wait.half),
        "before": widened.homes_before,
    }
    if widened.homes_before is None:
        return (
            _(
                "All of %(place)s, size %(type)s: at least %(homes)s homes were let in the year, "
                "while too few were in the communes chosen to say how many. Half of the households "
                "had waited %(half)s or less."
            )
            % words
        )
    return (
        _(
            "All of %(place)s, size %(type)s: at least %(homes)s homes were let in the year, "
            "instead of %(before)s in the communes chosen. Half of the households had waited "
            "%(half)s or less."
        )
        % words
    )


def _resized(resized: Resized) -> str:
    wait, before = resized.wait, resized.homes_before
    words = {
        "place": wait.place,
        "type": wait.home_type,
        "homes": wait.homes,
        "half": _months(wait.half),
        "before": before,
    }
    if before is None and resized.is_larger:
        told = _(
            "A larger home in %(place)s, size %(type)s: at least %(homes)s homes were let in the "
            "year, while too few were in the sizes chosen to say how many. Half of the households "
            "had waited %(half)s or less."
        )
    elif before is None:
        told = _(
            "A smaller home in %(place)s, size %(type)s: at least %(homes)s homes were let in the "
            "year, while too few were in the sizes chosen to say how many. Half of the households "
            "had waited %(half)s or less."
        )
    elif resized.is_larger:
        told = _(
            "A larger home in %(place)s, size %(type)s: at least %(homes)s homes were let in the "
            "year; in the sizes chosen, %(before)s. Half of the households had waited %(half)s or "
            "less."
        )
    else:
        told = _(
            "A smaller home in %(place)s, size %(type)s: at least %(homes)s homes were let in the "
            "year; in the sizes chosen, %(before)s. Half of the households had waited %(half)s or "
            "less."
        )
    return told % words


def _untold(waits: Waits) -> str:
    if not waits.untold:
        return ""
    return _("Too few homes were let to say how long people waited: %(places)s.") % {
        "places": ", ".join(waits.untold)
    }


def _source(waits: Waits) -> str:
    return _(
        "Source: the shared register, homes let from %(start)s to %(end)s, from the first "
        "application to the lease. Counted once a month. Under "
        "%(least)s households nothing is told; numbers of homes are rounded down by fives."
    ) % {
        "start": date_long(waits.begins_on),
        "end": date_long(waits.ends_on - timedelta(days=1)),
        "least": waits.least,
    }
