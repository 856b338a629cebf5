"""Lists of codes, national or ours: each code with its label, its cases, the days it is given on.

Read once from the file that fills the reference table: a new nomenclature is new lines of that
file, with their dates. Python names only the codes that the program reasons with (`codes.py`); the
file may hold others, which are then offered, stored and told like them.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

from register import annex, codes

FILE = Path(__file__).parent / "reference" / "data" / "codes.csv"
# A column of the file for each revision of the form: the pages that ask the code, then its cases.
REVISION = "14069*"
PAGES = ("P", "Annexe")
# Between the case of the applicant and that of the co-applicant.
OR_CO_APPLICANT = "/"
ONE_DAY = timedelta(days=1)
Text = str | Promise
Choices = tuple[tuple[str, Text], ...]

# The lists of which the program names codes.
NAMED: Mapping[type[TextChoices], str] = {
    codes.Title: "Civilité",
    codes.Nationality: "Nationalité",
    codes.FamilyStatus: "SituationFamiliale",
    codes.ApplicantLink: "LienDemandeur",
    codes.DependantLink: "LienParente",
    codes.Sex: "Sexe",
    codes.Custody: "Coparentalité",
    codes.WorkStatus: "TypeContratTravail",
    codes.Employer: "Employeur",
    codes.IncomeKind: "RessourceRecue",
    codes.BuildingKind: "CategorieLogement/recherché",
    codes.HomeType: "TypeLogement",
    codes.CurrentHousingKind: "ModeleLogement",
    codes.DemandReason: "MotifDemande",
    codes.StrikeOffReason: "MotifsRadiation",
    codes.InadmissibleReason: "MotifsRadiation/RADIRR",
    annex.Course: "Handicap/État",
    annex.Steps: "Handicap/Marches",
    annex.Motor: "Handicap/Moteur",
    annex.Sensory: "Handicap/Sensoriel",
    annex.Aid: "Handicap/Aide technique",
    annex.Equipment: "Handicap/Équipement",
}


@dataclass(frozen=True)
class Code:
    """A line of the file. `official` is its French label, as far as it was read; "" otherwise.

    `places` gives for each revision of the form its page and cases, for those that ask it. A date
    that is not known is None; one that `is_obsolete` ended on a day that is not known.
    """

    list_name: str
    code: str
    official: str
    english: str
    label: Text
    places: Mapping[str, str]
    valid_from: date | None
    valid_until: date | None
    is_obsolete: bool
    is_national: bool
    source: str

    def holds_on(self, day: date) -> bool:
        """Whether it may be chosen that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and not self.is_obsolete and (self.valid_until or day) >= day

    def is_asked(self, revision: str) -> bool:
        """Whether a revision of the form has it; any of them when none is told."""
        return revision in self.places if revision else bool(self.places)

    def cases(self, revision: str, *, co_applicant: bool = False) -> tuple[str, ...]:
        """Its case numbers on that revision of the form; none where the notice gives none."""
        told = self.places.get(revision, "").split()
        whose = -1 if co_applicant else 0
        return tuple(
            case.split(OR_CO_APPLICANT)[whose] for case in told if not case.startswith(PAGES)
        )


@dataclass(frozen=True, eq=False)
class CodeList:
    """A list in the order of the file, which is that of its choices: it only grows at its end."""

    name: str
    codes: tuple[Code, ...]

    @cached_property
    def choices(self) -> Choices:
        """Every code that there ever was, with its label: what may be stored."""
        return tuple((each.code, each.label) for each in self.codes if each.code)

    @cached_property
    def labels(self) -> Mapping[str, Text]:
        """The label of each code, out of date or not."""
        return dict(self.choices)

    @cached_property
    def retired(self) -> Mapping[str, date]:
        """The first day on which each code that ended is no longer given."""
        ended = {c.code: c.valid_until + ONE_DAY for c in self.codes if c.valid_until}
        return {c.code: date.min for c in self.codes if c.is_obsolete} | ended

    def label(self, code: str) -> str:
        """A code in words, whatever the day; the code itself when nobody knows it."""
        return str(self.labels.get(code, code))

    def offered(self, day: date, revision: str = "") -> Mapping[str, Text]:
        """What is proposed on a day, in order, with labels.

        Of a list that the form asks, only what this revision of it has.
        """
        given = [each for each in self.codes if each.code and each.holds_on(day)]
        asked = [each for each in given if each.is_asked(revision)]
        return {each.code: each.label for each in asked or given}

    def find(self, code: str) -> Code | None:
        """The line of a code; None when nobody knows it."""
        return next((each for each in self.codes if each.code == code), None)


def of(named: type[TextChoices]) -> CodeList:
    """The list of which Python names codes; KeyError for choices that are no such list."""
    return every()[NAMED[named]]


def offered(named: type[TextChoices], day: date) -> list[tuple[str, Text]]:
    """The choices of a day; all of them when they are no list of the file."""
    found = of(named).offered(day) if named in NAMED else dict(named.choices)
    return list(found.items())


def stored(named: type[TextChoices]) -> Any:
    """For a column: whatever the list ever held, looked up when it is asked for."""
    return partial(stored_choices, NAMED[named])


def stored_choices(name: str) -> Choices:
    """Every code of a list, by its name; migrations name this function."""
    return every()[name].choices


@lru_cache(maxsize=1)
def every() -> Mapping[str, CodeList]:
    """All the lists, by name, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return read(csv.DictReader(file, delimiter=";"))


def read(lines: Iterable[Mapping[str, str]]) -> Mapping[str, CodeList]:
    """The lists that these lines hold; the lines of a list follow one another."""
    return {
        name: CodeList(name, tuple(map(_code, of_list)))
        for name, of_list in groupby(lines, key=lambda line: line["list"])
    }


def _code(line: Mapping[str, str]) -> Code:
    return Code(
        list_name=line["list"],
        code=line["code"],
        official=line["official"],
        english=line["english"],
        label=_label(line),
        places={name: place for name, place in line.items() if name.startswith(REVISION) and place},
        valid_from=_day(line["valid_from"]),
        valid_until=_day(line["valid_until"]),
        is_obsolete=line["status"] == "obsolete",
        is_national=line["origin"] == "national",
        source=line["source"],
    )


def _label(line: Mapping[str, str]) -> Text:
    """The words of the screens for a code that Python names, else those of the file."""
    named = next((each for each, name in NAMED.items() if name == line["list"]), None)
    if named and line["code"] in named.values:
        return named(line["code"]).label
    return _in_its_language(line["official"] or line["code"], line["english"] or line["code"])


def _said(french: str, english: str) -> str:
    return english if (get_language() or "").startswith("en") else french


_in_its_language = lazy(_said, str)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
