"""Reads a file of people of whom somebody says who is who: the set of whoever wants to judge.

Columns: id, cluster, civility, birth_name, used_name, first_names, birth_date, phone, email,
postcode, insee, in any order; only `id` and `cluster` must be there. People of one cluster are one.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from .identity import Identity, identity

NEEDED = ("id", "cluster")
OF_IDENTITY = {"birth_name": "birth_name", "used_name": "used_name", "first_names": "first_names"}
YEAR_FIRST = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})")
DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
MEN = {"m", "mr", "monsieur", "h", "homme", "1", "male"}
WOMEN = {"mme", "mlle", "mrs", "ms", "madame", "mademoiselle", "f", "femme", "2", "female"}
# What people write for nothing.
NOTHING = {"", "null", "none", "nan", "na", "n/a", "-", "\\n"}


class BadFile(LookupError):
    """A file that cannot be read, with the line and the column."""


@dataclass(frozen=True)
class Labelled:
    """One line: its name in the file, who it is, and what was written of her."""

    id: str
    cluster: str
    person: Identity


def read_labelled(path: Path) -> list[Labelled]:
    """The people of a file. UTF-8 or Windows encoding; commas, semicolons or tabs."""
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise BadFile(_("%(file)s cannot be read.") % {"file": path}) from fault
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    head = text.split("\n", 1)[0]
    mark = max(",;\t|", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return list(_labelled(lines))
    except csv.Error as fault:
        raise BadFile(
            _("Line %(line)s: %(fault)s.") % {"line": lines.line_num, "fault": fault}
        ) from fault


def labelled(lines: Iterable[Mapping[str, str]]) -> list[Labelled]:
    """The same from lines at hand, by column name."""
    return [_person(line, place) for place, line in enumerate(lines, start=1)]


def _labelled(lines: "csv._reader") -> Iterator[Labelled]:  # type: ignore[name-defined]
    names = [name.strip().strip("\ufeff").lower() for name in next(lines, [])]
    for name in NEEDED:
        if name not in names:
            raise BadFile(_("Line 1: the column “%(name)s” is missing.") % {"name": name})
    seen: dict[str, int] = {}
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        place = lines.line_num
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            raise BadFile(
                _("Line %(line)s: %(cells)s cells for %(columns)s columns.")
                % {"line": place, "cells": len(cells), "columns": len(names)}
            )
        person = _person(dict(zip(names, cells, strict=False)), place)
        if person.id in seen:
            raise BadFile(
                _("Line %(line)s, column id: “%(id)s” is already on line %(first)s.")
                % {"line": place, "id": person.id, "first": seen[person.id]}
            )
        seen[person.id] = place
        yield person


def _person(line: Mapping[str, str], place: int) -> Labelled:
    told = {
        name: "" if value.strip().lower() in NOTHING else value.strip()
        for name, value in line.items()
    }
    for name in NEEDED:
        if not told.get(name):
            raise BadFile(
                _("Line %(line)s, column %(name)s: the cell is empty.")
                % {"line": place, "name": name}
            )
    phone = told.get("phone", "")
    return Labelled(
        told["id"],
        told["cluster"],
        identity(
            title=_title(told.get("civility", "")),
            birth_date=_day(told.get("birth_date", ""), place),
            phone=phone.removesuffix(".0"),
            email=told.get("email", ""),
            postal_code=told.get("postcode", "").removesuffix(".0").zfill(5)
            if told.get("postcode")
            else "",
            insee=told.get("insee", ""),
            **{name: told.get(column, "") for name, column in OF_IDENTITY.items()},
        ),
    )


def _title(text: str) -> str:
    word = text.lower().rstrip(".")
    return "1" if word in MEN else "2" if word in WOMEN else ""


def _day(text: str, place: int) -> str:
    """The day as YYYYMMDD, whatever usual form it has; an hour that some tools append is left out.

    A day that no calendar has (31 February) is kept: it may be one slip away from the true one.
    """
    bare = text.removesuffix(".0").replace("T", " ")
    bare = bare.split(" ", 1)[0] if ":" in bare else bare
    if not bare:
        return ""
    if found := YEAR_FIRST.fullmatch(bare):
        return "".join(found.groups())
    if found := DAY_FIRST.fullmatch(bare):
        day, month, year = found.groups()
        if int(month) > 12 >= int(day):
            day, month = month, day
        return f"{_whole_year(year)}{month:>02}{day:>02}"
    raise BadFile(
        _("Line %(line)s, column birth_date: “%(text)s” is not a date (2001-12-31, 31/12/2001).")
        % {"line": place, "text": text}
    )


def _whole_year(year: str) -> str:
    """Nobody is born tomorrow: two digits of a year to come mean the last century."""
    if len(year) == 4:
        return year
    this = date.today().year
    return str(this // 100 * 100 + int(year) - (100 if int(year) > this % 100 else 0))
