"""How two people are compared: for each field, levels of agreement, the first that holds.

Each level is written twice, for the nightly linkage (SQL of DuckDB) and for one pair at hand
(Python); a test holds both readings together. `l` and `r` are the two people.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import DamerauLevenshtein

from .identity import Identity

Test = Callable[[Identity, Identity], bool]


class Agreement(StrEnum):
    """What a reader is told of a field."""

    EQUAL = "equal"
    NEAR = "near"
    DIFFERENT = "different"
    MISSING = "missing"


@dataclass(frozen=True)
class Level:
    """One degree of agreement: what a reader is told, and both readings of when it holds."""

    code: str
    agreement: Agreement
    sql: str
    holds: Test


@dataclass(frozen=True)
class Field:
    """A field that is compared, its levels from the best down, then `different`.

    `frequency` names the column whose rare values tell more than common ones.
    """

    code: str
    missing: Level
    levels: tuple[Level, ...]
    frequency: str = ""

    def compare(self, left: Identity, right: Identity) -> Level:
        """The first level that holds."""
        if self.missing.holds(left, right):
            return self.missing
        return next((each for each in self.levels if each.holds(left, right)), DIFFERENT)

    @property
    def every_level(self) -> tuple[Level, ...]:
        """From missing to different."""
        return (self.missing, *self.levels, DIFFERENT)


DIFFERENT = Level("different", Agreement.DIFFERENT, "ELSE", lambda _left, _right: True)

# Functions of the SQL below; `near` allows one slip from four letters on, two from seven on.
MACROS = (
    """CREATE OR REPLACE MACRO near(a, b) AS
       len(a) > 3 AND len(b) > 3
       AND damerau_levenshtein(a, b) <= CASE WHEN least(len(a), len(b)) > 6 THEN 2 ELSE 1 END""",
    """CREATE OR REPLACE MACRO within(a, b) AS
       (len(a) > 3 AND (starts_with(b, a) OR ends_with(b, a)))
       OR (len(b) > 3 AND (starts_with(a, b) OR ends_with(a, b)))""",
    """CREATE OR REPLACE MACRO all_of(a, b) AS
       list_has_all(string_split(a, ' '), string_split(b, ' '))""",
    """CREATE OR REPLACE MACRO slipped_day(a, b) AS
       damerau_levenshtein(a, b) = 1
       OR (a[1:4] = b[1:4] AND a[5:6] = b[7:8] AND a[7:8] = b[5:6])
       OR (a[5:8] = b[5:8]
           AND abs(CAST(a[1:4] AS INTEGER) - CAST(b[1:4] AS INTEGER)) IN (1, 10))""",
)


def near(a: str, b: str) -> bool:
    """True when a slip or two of the keyboard make one of the other."""
    allowed = 2 if min(len(a), len(b)) > 6 else 1
    if len(a) < 4 or len(b) < 4:
        return False
    return DamerauLevenshtein.distance(a, b, score_cutoff=allowed) <= allowed


def within(a: str, b: str) -> bool:
    """True when one begins or ends the other: "martin" and "martindurand"."""
    short, long = sorted((a, b), key=len)
    return len(short) > 3 and (long.startswith(short) or long.endswith(short))


def _slipped_day(a: str, b: str) -> bool:
    if DamerauLevenshtein.distance(a, b) == 1:
        return True
    if a[:4] == b[:4] and a[4:6] == b[6:] and a[6:] == b[4:6]:
        return True
    return a[4:] == b[4:] and abs(int(a[:4]) - int(b[:4])) in (1, 10)


def _last_names(left: Identity, right: Identity) -> list[tuple[str, str]]:
    return [
        (mine, hers)
        for mine in (left.birth_name, left.used_name)
        for hers in (right.birth_name, right.used_name)
    ]


def _any_name(call: str) -> str:
    """The same test of each last name of one with each of the other."""
    pairs = [(a, b) for a in ("birth_name", "used_name") for b in ("birth_name", "used_name")]
    return "(" + " OR ".join(call.format(a=f"{a}_l", b=f"{b}_r") for a, b in pairs) + ")"


def _missing(*columns: str) -> Level:
    sql = " OR ".join(f"{name}_l = '' OR {name}_r = ''" for name in columns)
    return Level(
        "missing",
        Agreement.MISSING,
        sql,
        lambda left, right: not all(getattr(p, name) for p in (left, right) for name in columns),
    )


def _equal(column: str) -> Level:
    return Level(
        "equal",
        Agreement.EQUAL,
        f"{column}_l = {column}_r",
        lambda left, right: getattr(left, column) == getattr(right, column),
    )


SWAPPED = Level(
    "swapped",
    Agreement.NEAR,
    "(birth_name_l = first_r OR used_name_l = first_r)"
    " AND (birth_name_r = first_l OR used_name_r = first_l)",
    lambda left, right: (
        right.first in (left.birth_name, left.used_name)
        and left.first in (right.birth_name, right.used_name)
    ),
)

FIELDS = (
    Field("title", _missing("title"), (_equal("title"),)),
    Field(
        "last_name",
        _missing("birth_name"),
        (
            _equal("birth_name"),
            Level(
                "other_name",
                Agreement.NEAR,
                _any_name("{a} = {b}"),
                lambda left, right: any(a == b for a, b in _last_names(left, right)),
            ),
            SWAPPED,
            Level(
                "near",
                Agreement.NEAR,
                _any_name("near({a}, {b})"),
                lambda left, right: any(near(a, b) for a, b in _last_names(left, right)),
            ),
            Level(
                "within",
                Agreement.NEAR,
                _any_name("within({a}, {b})"),
                lambda left, right: any(within(a, b) for a, b in _last_names(left, right)),
            ),
        ),
        frequency="birth_name",
    ),
    Field(
        "first_names",
        _missing("first_names"),
        (
            _equal("first"),
            SWAPPED,
            Level(
                "within",
                Agreement.NEAR,
                "all_of(first_names_l, first_names_r) OR all_of(first_names_r, first_names_l)",
                lambda left, right: _all_of(left.first_names, right.first_names),
            ),
            Level(
                "near",
                Agreement.NEAR,
                "near(first_l, first_r) OR near(first_token_l, first_token_r)",
                lambda left, right: (
                    near(left.first, right.first) or near(left.first_token, right.first_token)
                ),
            ),
            Level(
                "sound",
                Agreement.NEAR,
                "len(first_sound_l) > 2 AND first_sound_l = first_sound_r"
                " OR within(first_l, first_r)",
                lambda left, right: (
                    (len(left.first_sound) > 2 and left.first_sound == right.first_sound)
                    or within(left.first, right.first)
                ),
            ),
            Level(
                "shared",
                Agreement.NEAR,
                "list_has_any(string_split(first_names_l, ' '), string_split(first_names_r, ' '))",
                lambda left, right: bool(
                    set(left.first_names.split()) & set(right.first_names.split())
                ),
            ),
        ),
        frequency="first",
    ),
    Field(
        "birth_date",
        _missing("birth_date"),
        (
            _equal("birth_date"),
            Level(
                "near",
                Agreement.NEAR,
                "slipped_day(birth_date_l, birth_date_r)",
                lambda left, right: _slipped_day(left.birth_date, right.birth_date),
            ),
            Level(
                "year",
                Agreement.NEAR,
                "birth_date_l[1:4] = birth_date_r[1:4]"
                " AND (birth_date_l[5:8] = '0101' OR birth_date_r[5:8] = '0101')",
                lambda left, right: (
                    left.birth_date[:4] == right.birth_date[:4]
                    and "0101" in (left.birth_date[4:], right.birth_date[4:])
                ),
            ),
            Level(
                "part",
                Agreement.NEAR,
                "birth_date_l[1:4] = birth_date_r[1:4]"
                " AND (birth_date_l[5:6] = birth_date_r[5:6]"
                " OR birth_date_l[7:8] = birth_date_r[7:8])",
                lambda left, right: (
                    left.birth_date[:4] == right.birth_date[:4]
                    and (
                        left.birth_date[4:6] == right.birth_date[4:6]
                        or left.birth_date[6:] == right.birth_date[6:]
                    )
                ),
            ),
        ),
    ),
    Field(
        "phone",
        _missing("phone"),
        (
            _equal("phone"),
            Level(
                "near",
                Agreement.NEAR,
                "damerau_levenshtein(phone_l, phone_r) = 1",
                lambda left, right: DamerauLevenshtein.distance(left.phone, right.phone) == 1,
            ),
        ),
    ),
    Field(
        "email",
        _missing("email"),
        (
            _equal("email"),
            Level(
                "near",
                Agreement.NEAR,
                "damerau_levenshtein(email_l, email_r) <= 2"
                " OR (strpos(email_l, '@') > 5"
                " AND split_part(email_l, '@', 1) = split_part(email_r, '@', 1))",
                lambda left, right: _near_address(left.email, right.email),
            ),
        ),
    ),
    Field(
        "place",
        Level(
            "missing",
            Agreement.MISSING,
            "(postal_code_l = '' OR postal_code_r = '') AND (insee_l = '' OR insee_r = '')",
            lambda left, right: (
                not ((left.postal_code and right.postal_code) or (left.insee and right.insee))
            ),
        ),
        (
            Level(
                "equal",
                Agreement.EQUAL,
                "(insee_l <> '' AND insee_l = insee_r)"
                " OR (postal_code_l <> '' AND postal_code_l = postal_code_r)",
                lambda left, right: (
                    (left.insee != "" and left.insee == right.insee)
                    or (left.postal_code != "" and left.postal_code == right.postal_code)
                ),
            ),
            Level(
                "near",
                Agreement.NEAR,
                "postal_code_l[1:3] <> '' AND postal_code_l[1:3] = postal_code_r[1:3]",
                lambda left, right: (
                    left.postal_code != "" and left.postal_code[:3] == right.postal_code[:3]
                ),
            ),
        ),
    ),
)


def _all_of(a: str, b: str) -> bool:
    mine, hers = set(a.split(" ")), set(b.split(" "))
    return mine <= hers or hers <= mine


def _near_address(a: str, b: str) -> bool:
    if DamerauLevenshtein.distance(a, b, score_cutoff=2) <= 2:
        return True
    box, other = a.split("@", 1)[0], b.split("@", 1)[0]
    return len(box) > 4 and box == other
