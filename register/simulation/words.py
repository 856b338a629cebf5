"""A simulation in words and pictures: what each table counts and how its lines are called."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from register import codes
from register.models import Commune, Organisation, Role, Simulation
from rules.publication.words import ACTIONS, FIELD_SETS

from .blur import blurred
from .dimensions import AGE, CHANNEL, COMMUNE, HOUSEHOLD, SEX, WHOLE

# Half of the picture, in its own units: losses go left of the middle, gains right.
HALF = 150
TEXT, BAR = 16, 20  # a row of words; their bar, and the space under it
WIDEST = 38  # letters in a row of words
HEAD = 24  # where the picture says what each side is

HOUSEHOLDS: Mapping[str, Promise] = {
    "alone": gettext_lazy("one adult alone"),
    "single_parent": gettext_lazy("one adult with children"),
    "family": gettext_lazy("several adults with children"),
    "adults": gettext_lazy("several adults without children"),
    "association": gettext_lazy("an association"),
}
SEXES: Mapping[str, Promise] = {
    codes.Title.MRS: pgettext_lazy("applicant", "women"),
    codes.Title.MR: pgettext_lazy("applicant", "men"),
}
DIMENSIONS: Mapping[str, Promise] = {
    WHOLE: gettext_lazy("All files"),
    HOUSEHOLD: gettext_lazy("By household"),
    AGE: gettext_lazy("By age of the applicant"),
    SEX: gettext_lazy("By sex of the applicant"),
    COMMUNE: gettext_lazy("By first commune wished"),
    CHANNEL: gettext_lazy("By channel"),
    "role_thing": gettext_lazy("By role"),
    "home": gettext_lazy("By typical home"),
}
# What going up and going down is called, where it is not a file gained or lost.
WAYS: Mapping[str, tuple[Promise, Promise]] = {
    "ranks": (gettext_lazy("Rise"), gettext_lazy("Fall")),
    "first_hundred": (gettext_lazy("Enter"), gettext_lazy("Leave")),
    "first_hundred_by": (gettext_lazy("Enter"), gettext_lazy("Leave")),
}
GAINED_AND_LOST = (gettext_lazy("Gained"), gettext_lazy("Lost"))


@dataclass(frozen=True)
class ShownLine:
    """A line with its words, its figures (None: too few to be shown) and its two bars."""

    label: str
    before: int | None
    after: int | None
    gained: int | None
    lost: int | None
    # Its words for the picture, row by row: how far down, and what.
    rows: tuple[tuple[int, str], ...]
    bar_y: int
    lost_x: int
    lost_width: int
    gained_width: int

    @property
    def figures(self) -> tuple[int | None, ...]:
        """Before, after, gained, lost: the columns of the table."""
        return (self.before, self.after, self.gained, self.lost)


@dataclass(frozen=True)
class ShownTable:
    """A table ready to be shown: the lines that move, then those that do not or are not told."""

    code: str
    title: str
    gained: str | Promise
    lost: str | Promise
    changes: bool
    lines: tuple[ShownLine, ...]
    rest: tuple[ShownLine, ...]
    height: int
    # False when figures are moved by chance: that nothing moves is then not known.
    is_exact: bool = True


def shown(simulation: Simulation, *, exact: bool) -> list[ShownTable]:
    """The tables of a finished simulation, those that change something first.

    What does not change is told once, for all the files. `exact` figures are for who may read every
    file; others, who may know nothing of a single one, read figures moved by chance (`blur`).
    """
    told = simulation.result.get("tables", []) if exact else blurred(simulation)
    raw = [each for each in told if _is_worth_telling(each)]
    tables = [_table(place, each, exact) for place, each in enumerate(raw)]
    return sorted(tables, key=lambda table: not table.changes)


def _is_worth_telling(raw: Mapping[str, Any]) -> bool:
    return _changes(raw) or raw["dimension"] not in (HOUSEHOLD, AGE, SEX, COMMUNE, CHANNEL)


def _changes(raw: Mapping[str, Any]) -> bool:
    return any(line[3] or line[4] for line in raw["lines"])


def _table(place: int, raw: Mapping[str, Any], exact: bool) -> ShownTable:
    name = _NAMES.get(raw["dimension"], _plain)
    ordered = _in_order(raw)
    largest = max((max(line[3:]) for line in ordered), default=0)
    names = name([line[0] for line in ordered])
    # Figures moved by chance never say "none".
    lines = [(names[key], [n if exact or n else None for n in told]) for key, *told in ordered]
    moving = [line for line in lines if line[1][2] or line[1][3]]
    # Among those that do not move, the order of the names tells nothing.
    rest = sorted((line for line in lines if line not in moving), key=lambda line: line[0])
    drawn = tuple(_drawn(moving, largest or 1))
    gained, lost = WAYS.get(raw["measure"], GAINED_AND_LOST)
    return ShownTable(
        code=f"table-{place}",
        title=_title(raw),
        gained=gained,
        lost=lost,
        changes=_changes(raw),
        lines=drawn,
        rest=tuple(_line(0, *line, 1) for line in rest),
        height=drawn[-1].bar_y + BAR if drawn else HEAD,
        is_exact=exact,
    )


def _in_order(raw: Mapping[str, Any]) -> list[list[Any]]:
    """Ages from the youngest; other lines as they were counted, those that move most first."""
    if raw["dimension"] == AGE:
        return sorted(raw["lines"], key=lambda line: str(line[0]))
    return list(raw["lines"])


def _title(raw: Mapping[str, Any]) -> str:
    dimension, subject = str(DIMENSIONS.get(raw["dimension"], "")), _subject(raw)
    if not subject:
        return dimension
    return _("{subject}: {dimension}").format(subject=subject, dimension=dimension)


def _drawn(lines: Iterable[tuple[str, Sequence[int | None]]], largest: int) -> Iterator[ShownLine]:
    """Lines one under the other: long words take several rows, none is cut."""
    top = HEAD
    for label, figures in lines:
        yield (line := _line(top, label, figures, largest))
        top = line.bar_y + BAR


def _line(top: int, label: str, figures: Sequence[int | None], largest: int) -> ShownLine:
    """A line and its bars; None is too few to be told."""
    before, after, gained, lost = figures
    words = str(capfirst(label))
    rows = wrap(words, WIDEST)
    lost_width, gained_width = (round(HALF * (moved or 0) / largest) for moved in (lost, gained))
    return ShownLine(
        label=words,
        before=before,
        after=after,
        gained=gained,
        lost=lost,
        rows=tuple((top + place * TEXT + 12, row) for place, row in enumerate(rows)),
        bar_y=top + len(rows) * TEXT + 2,
        lost_x=HALF - lost_width,
        lost_width=lost_width,
        gained_width=gained_width,
    )


def _subject(raw: Mapping[str, Any]) -> str:
    subject = raw["subject"]
    if raw["dimension"] == "role_thing":
        organisation = Organisation.objects.filter(code=subject).first()
        return organisation.name if organisation else subject
    return str(_LABELS.get(subject or raw["measure"], subject))


_LABELS: Mapping[str, Any] = {
    **dict(codes.PriorityLabel.choices),
    "ranks": gettext_lazy("Files that rise and fall"),
    "first_hundred": gettext_lazy("The first hundred of typical homes"),
    "first_hundred_by": gettext_lazy("Who enters and leaves the first hundred"),
    "to_notify": gettext_lazy("To be told that renewal is near"),
    "to_warn": gettext_lazy("To be warned: no longer valid"),
    "to_strike_off": gettext_lazy("To be struck off without renewal"),
    "to_erase": gettext_lazy("To be erased"),
    "beyond_abnormal_delay": gettext_lazy("Beyond the abnormally long delay"),
}
Names = Callable[[list[str]], Mapping[str, str]]


def _of(words: Mapping[str, Any]) -> Names:
    return lambda keys: {key: str(words.get(key, key or _("not said"))) for key in keys}


def _plain(keys: list[str]) -> Mapping[str, str]:
    return {key: key or _("all files") for key in keys}


def _ages(keys: list[str]) -> Mapping[str, str]:
    return {key: _age_band(key) for key in keys}


def _age_band(key: str) -> str:
    """The words of "-25", "25-34"… "65+"; of nobody's age."""
    if not key:
        return _("not said")
    if key.startswith("-"):
        return _("under {age}").format(age=key[1:])
    if key.endswith("+"):
        return _("{age} and over").format(age=key[:-1])
    return _("{ages} years").format(ages=key)


def _communes(keys: list[str]) -> Mapping[str, str]:
    found = Commune.objects.in_bulk([key for key in keys if key])
    return {key: found[key].name if key in found else _("not said") for key in keys}


def _homes(keys: list[str]) -> Mapping[str, str]:
    pairs = {key: key.partition(":") for key in keys}
    names = _communes([insee for insee, _colon, _type in pairs.values()])
    return {
        key: _("{home_type} in {commune}").format(home_type=home_type, commune=names[insee])
        for key, (insee, _colon, home_type) in pairs.items()
    }


def _roles(keys: list[str]) -> Mapping[str, str]:
    roles: Mapping[str, Any] = dict(Role.choices)
    things: Mapping[str, Any] = {str(k): v for k, v in (*ACTIONS.items(), *FIELD_SETS.items())}
    names = {}
    for key in keys:
        role, _colon, thing = key.partition(":")
        names[key] = _("{role}: {thing}").format(
            role=roles.get(role, role), thing=things.get(thing, thing)
        )
    return names


_NAMES: Mapping[str, Names] = {
    HOUSEHOLD: _of(HOUSEHOLDS),
    SEX: _of(SEXES),
    CHANNEL: _of(dict(codes.Channel.choices)),
    AGE: _ages,
    COMMUNE: _communes,
    "role_thing": _roles,
    "home": _homes,
}
