"""What is compared of a person: folded, in one shape whatever was typed, with its block keys.

A block gathers the people who share one telling thing. Only people of one block are compared, so
that a search among a million takes a few index look-ups.
"""

import re
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from register.text import search_key

from .sounds import sound

PHONE_DIGITS = 9
_NOT_DIGIT = re.compile(r"\D")
_HYPHEN = re.compile("[-\u2010\u2011\u2013]")
_TITLES_BEFORE_NAMES = {"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"}


_sound = lru_cache(maxsize=20_000)(sound)


@dataclass(frozen=True)
class Identity:
    """A person as she is compared; an empty text is something that nobody told.

    Names in lower case without accents, dates as YYYYMMDD, the nine last digits of a telephone.
    A hyphen makes one first name of two: "Jean-Pierre" is no "Jean Paul".
    """

    title: str = ""
    birth_name: str = ""
    used_name: str = ""
    first_names: str = ""
    birth_date: str = ""
    phone: str = ""
    email: str = ""
    postal_code: str = ""
    insee: str = ""

    @property
    def first(self) -> str:
        """All first names in one word: "jean pierre" and "jean-pierre" are one."""
        return self.first_names.replace(" ", "")

    @property
    def first_sound(self) -> str:
        """How the first names sound."""
        return _sound(self.first_names)

    @property
    def first_token(self) -> str:
        """The first of the first names."""
        return self.first_names.split(" ", 1)[0]


BLOCKS = (
    "by_phone",
    "by_email",
    "by_birth_and_first",
    "by_birth_and_last",
    "by_names_and_year",
    "by_names_and_day",
    "by_names_and_place",
)
COMPARED = tuple(field.name for field in fields(Identity))


def identity(
    *,
    title: str = "",
    birth_name: str = "",
    used_name: str = "",
    first_names: str = "",
    birth_date: date | str | None = "",
    phone: str = "",
    email: str = "",
    postal_code: str = "",
    insee: str = "",
) -> Identity:
    """The identity behind what was typed. Without a birth name, the name in use stands for it."""
    born, used = _last_name(birth_name), _last_name(used_name)
    digits = _NOT_DIGIT.sub("", phone)
    return Identity(
        title=title,
        birth_name=born or used,
        used_name=used or born,
        first_names=search_key(_HYPHEN.sub("", first_names)),
        birth_date=f"{birth_date:%Y%m%d}" if isinstance(birth_date, date) else birth_date or "",
        phone=digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else "",
        email=email.strip().lower() if "@" in email else "",
        postal_code=_NOT_DIGIT.sub("", postal_code),
        insee=insee.strip().upper(),
    )


def _last_name(text: str) -> str:
    words = search_key(text).split()
    while len(words) > 1 and words[0] in _TITLES_BEFORE_NAMES:
        words.pop(0)
    return "".join(words)


def blocks(person: Identity, territory: str) -> dict[str, int | None]:
    """The keys under which people of the same territory meet; None where something is missing."""
    last, first, born = person.birth_name, person.first_token, person.birth_date
    # In no order, so that a last name typed as a first name meets its own.
    names = "|".join(sorted((_sound(last), _sound(first)))) if last and first else ""
    return {
        "by_phone": _key(territory, "phone", person.phone),
        "by_email": _key(territory, "email", person.email),
        "by_birth_and_first": _key(territory, "first", born, first[:3]),
        "by_birth_and_last": _key(territory, "last", born, last[:3]),
        "by_names_and_year": _key(territory, "year", names, born[:4]),
        "by_names_and_day": _key(territory, "day", names, born[4:]),
        "by_names_and_place": _key(territory, "place", names, person.postal_code),
    }


def _key(*parts: str) -> int | None:
    """A 63-bit key of these parts; None when one of them is missing."""
    if not all(parts):
        return None
    told = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(told, "big") >> 1


def as_columns(person: Identity, territory: str) -> dict[str, Any]:
    """The columns of a stored identity."""
    told = {name: getattr(person, name) for name in COMPARED}
    return {**told, "first_sound": person.first_sound, **blocks(person, territory)}
