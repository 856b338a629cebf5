"""The answers of a draft, kept as they were typed: strings, never values.

Validation reads them again each time, so a wrong date is shown as it was written, and a rule that
changes tomorrow applies to drafts begun today.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.datastructures import MultiValueDict

Raw = dict[str, list[str]]
# Who applies.
PERSON, ASSOCIATION = "personne", "association"

MAX_VALUE = 10_000
MAX_VALUES = 60
MAX_PEOPLE = 15
MAX_COMMUNES = 8
_PERSON_KEY = re.compile(r"^[0-9a-f]{8}$")
_KEPT_CONTROLS = {"\n", "\r", "\t"}


def storable(text: str) -> str:
    """`text` as both engines can store it in JSON: no NUL, no lone surrogate, not endless."""
    kept = "".join(c for c in text[:MAX_VALUE] if c >= " " or c in _KEPT_CONTROLS)
    return kept.encode("utf-8", "replace").decode("utf-8")


def new_person_key() -> str:
    """A key for somebody about to be added; it makes adding twice the same person impossible."""
    return secrets.token_hex(4)


def is_person_key(text: str) -> bool:
    """True for a key as `new_person_key` makes them."""
    return bool(_PERSON_KEY.match(text))


class Answers:
    """Reads and writes the JSON of a draft. A slot holds one page, or one person of a list."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        # What was worked out from the answers, forgotten as soon as one changes.
        self.memo: dict[str, Any] = {}

    @property
    def revision(self) -> str:
        """The revision of the form under which the draft was begun; empty when it bears no mark."""
        return str(self.data.get("revision", ""))

    @revision.setter
    def revision(self, code: str) -> None:
        self.data["revision"] = code

    @property
    def begun_on(self) -> date | None:
        """The day on which the draft was begun, whose lists it is offered; None without a mark."""
        return date.fromisoformat(self.data["begun_on"]) if "begun_on" in self.data else None

    @begun_on.setter
    def begun_on(self, day: date) -> None:
        self.data["begun_on"] = day.isoformat()

    def slot(self, key: str, person: str = "") -> dict[str, Any]:
        """What is kept for a page: raw, version, writer, confirmed; empty when never opened."""
        if person:
            return next((each for each in self.people(key) if each["id"] == person), {})
        found = self.data.get(key, {})
        return found if isinstance(found, dict) else {}

    def raw(self, key: str, person: str = "") -> Raw:
        """The typed strings of a page by input name."""
        found: Raw = self.slot(key, person).get("raw", {})
        return found

    def form_data(self, key: str, person: str = "") -> MultiValueDict[str, str] | None:
        """The same as a form reads it, or None when nothing was ever typed."""
        slot = self.slot(key, person)
        return MultiValueDict(slot["raw"]) if "raw" in slot else None

    def value(self, key: str, name: str) -> str:
        """The typed text of one input, or an empty string."""
        return (self.raw(key).get(name) or [""])[-1]

    def values(self, key: str, name: str) -> list[str]:
        """The ticked values of one question."""
        return list(self.raw(key).get(name, []))

    def write(
        self, key: str, raw: Mapping[str, list[str]], *, person: str = "", writer: str = ""
    ) -> dict[str, Any]:
        """Keep what was typed on a page; returns the slot, its version one higher."""
        self.memo.clear()
        slot = self._slot_to_write(key, person)
        slot["raw"] = {
            name: [storable(value) for value in values[:MAX_VALUES]] for name, values in raw.items()
        }
        slot["version"] = slot.get("version", 0) + 1
        slot["writer"] = writer
        return slot

    def _slot_to_write(self, key: str, person: str) -> dict[str, Any]:
        if not person:
            slot: dict[str, Any] = self.data.setdefault(key, {})
            return slot
        found = self.slot(key, person)
        if not found:
            found = {"id": person}
            self.data.setdefault(key, {}).setdefault("people", []).append(found)
        return found

    def people(self, key: str) -> list[dict[str, Any]]:
        """The persons of a list, in the order they were added."""
        found = self.slot(key).get("people", [])
        return found if isinstance(found, list) else []

    def names(self, key: str, person: str = "") -> str:
        """First names and birth name as they were typed on somebody's page; empty without any."""
        raw = self.raw(key, person)
        typed = ((raw.get(name) or [""])[-1].strip() for name in ("first_names", "birth_name"))
        return " ".join(filter(None, typed))

    def has_room_for(self, key: str, person: str) -> bool:
        """False when the list is full and `person` is not in it."""
        return bool(self.slot(key, person)) or len(self.people(key)) < MAX_PEOPLE

    def remove_person(self, key: str, person: str) -> None:
        """Forget one person of a list, and what was said of her health."""
        self.memo.clear()
        for each in (key, "foyer-annexes"):
            if each in self.data:
                self.data[each]["people"] = [p for p in self.people(each) if p["id"] != person]

    @property
    def is_association(self) -> bool:
        """An association asks for the home, for those whom it houses (CCH L442-8-1)."""
        return self.value("demandeur", "applicant_kind") == ASSOCIATION

    @property
    def has_co_applicant(self) -> bool:
        """Somebody else asks for the home with the applicant."""
        return self.value("foyer", "has_co_applicant") == "oui"

    @property
    def has_other_co_applicants(self) -> bool:
        """More than one person asks for the home with the applicant."""
        return self.has_co_applicant and self.value("foyer-conjoint", "has_others") == "oui"

    @property
    def has_flat_sharers(self) -> bool:
        """Others will share the home, each with a demand of her own."""
        return self.value("foyer", "has_flat_sharers") == "oui"

    @property
    def communes(self) -> list[str]:
        """INSEE codes of the wished communes, in order of preference."""
        return list(self.slot("logement-souhaite-communes").get("insee", []))

    @communes.setter
    def communes(self, insee: list[str]) -> None:
        kept = self.quarters
        self.memo.clear()
        slot = self.data.setdefault("logement-souhaite-communes", {})
        slot["insee"] = insee[:MAX_COMMUNES]
        self.quarters = kept

    @property
    def quarters(self) -> dict[str, str]:
        """The quarter preferred in some of the wished communes, by INSEE code."""
        return dict(self.slot("logement-souhaite-communes").get("quarters", {}))

    @quarters.setter
    def quarters(self, chosen: Mapping[str, str]) -> None:
        self.memo.clear()
        wished = {insee: chosen[insee] for insee in self.communes if insee in chosen}
        self.data.setdefault("logement-souhaite-communes", {})["quarters"] = wished

    @property
    def files(self) -> list[dict[str, Any]]:
        """Uploaded identity documents: id, name, size."""
        return list(self.slot("piece-identite").get("files", []))

    @files.setter
    def files(self, files: list[dict[str, Any]]) -> None:
        self.data.setdefault("piece-identite", {})["files"] = files

    def set_aside(self, place: str, raw: Mapping[str, list[str]]) -> None:
        """Keep a second version of a page, typed elsewhere at the same time."""
        self.data.setdefault("set_aside", {})[place] = {
            name: [storable(value) for value in values[:MAX_VALUES]] for name, values in raw.items()
        }

    def aside(self, place: str) -> Raw | None:
        """The second version of a page, when there is one."""
        found: Raw | None = self.data.get("set_aside", {}).get(place)
        return found

    @property
    def places_aside(self) -> list[str]:
        """The pages of which two versions wait for the person's choice."""
        return list(self.data.get("set_aside", {}))

    def forget_aside(self, place: str) -> None:
        """The person has chosen between the two versions."""
        self.data.get("set_aside", {}).pop(place, None)
