"""People some of whom were registered twice, drawn with the faults of real counters.

What is true is drawn first (people, in households), what is written of them afterwards; nothing
here knows how they will be compared. Shares are guesses in the order of what registers report:
8.5 % of people twice, a quarter of second entries after a move, one in twenty with a wrong date.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from register.demo.draw import Draw
from register.demo.names import FIRST_NAMES_F, FIRST_NAMES_M, LAST_NAMES

TWICE, THRICE = 0.085, 0.008
HOUSEHOLDS = {"single": 0.62, "couple": 0.27, "parent": 0.08, "twins": 0.012, "namesake": 0.006}
HOUSEHOLDS["siblings"] = 1 - sum(HOUSEHOLDS.values())
SYLLABLES = (
    *("ba", "be", "bou", "cha", "che", "co", "cou", "da", "de", "du", "fa", "fe", "ga", "gou"),
    *("ha", "ja", "jo", "la", "le", "li", "ma", "me", "mou", "na", "ou", "pa", "pi", "ra", "ro"),
    *("sa", "si", "ta", "ti", "va", "vi", "ya", "za", "bri", "cla", "dra", "fra", "gra", "tra"),
)
ENDINGS = ("rd", "ux", "n", "t", "ni", "ne", "r", "ier", "lin", "mel", "ssi", "chi", "k", "ski")
MAILS = ("gmail.com", "orange.fr", "free.fr", "hotmail.fr", "laposte.net", "yahoo.fr", "sfr.fr")
SPELT = (("ph", "f"), ("y", "i"), ("ss", "s"), ("c", "k"), ("ll", "l"), ("th", "t"), ("ou", "u"))
NEIGHBOURS = {"a": "zq", "e": "rz", "i": "uo", "o": "ip", "n": "b", "m": "l", "s": "dq", "t": "ry"}
POSTCODES = tuple(f"21{rank:03d}" for rank in (*range(0, 100, 10), *range(110, 900, 15)))
COLUMNS = (
    *("id", "cluster", "civility", "birth_name", "used_name", "first_names", "birth_date"),
    *("phone", "email", "postcode", "insee"),
)
Line = dict[str, str]


@dataclass(frozen=True)
class Human:
    """A person as she is."""

    woman: bool
    birth_name: str
    used_name: str
    first_names: tuple[str, ...]
    born: date
    phone: str
    email: str
    postcode: str


def people_twice(count: int, seed: int) -> Iterator[Line]:
    """At least `count` lines, of which some tell the same person."""
    draw, numbers = Draw(f"twice:{seed}"), itertools.count(1)
    world, clusters = _World(draw), itertools.count(1)
    written = 0
    while written < count:
        for human in world.household():
            cluster = next(clusters)
            for line in _Writer(draw, world).lines(human):
                written += 1
                yield {"id": str(next(numbers)), "cluster": str(cluster), **line}


class _World:
    """Who lives with whom, under which names."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.first_women = self._ranked(FIRST_NAMES_F, 900)
        self.first_men = self._ranked(FIRST_NAMES_M, 900)
        self.last = self._ranked(LAST_NAMES, 9_000)
        self.postcodes = self._weighted(list(POSTCODES))

    def _ranked(self, known: tuple[str, ...], count: int) -> tuple[list[str], list[float]]:
        made: dict[str, None] = dict.fromkeys(known)
        while len(made) < count:
            word = "".join(self.draw.one(SYLLABLES) for _ in range(self.draw.between(1, 2)))
            made[(word + self.draw.one(ENDINGS)).capitalize()] = None
        return self._weighted(list(made))

    def _weighted(self, values: list[str]) -> tuple[list[str], list[float]]:
        return values, list(itertools.accumulate(1 / (rank + 8) for rank in range(len(values))))

    def household(self) -> list[Human]:
        kind, draw = draw_kind(self.draw), self.draw
        first = self._human(draw.chance(0.55), draw.from_cumulative(*self.last))
        if kind == "single":
            return [first]
        age = {"couple": 9, "parent": 27, "siblings": 4, "namesake": 28, "twins": 0}[kind]
        other = self._human(draw.chance(0.5), first.birth_name)
        if kind == "couple":
            name = draw.from_cumulative(*self.last)
            married = first.birth_name if draw.chance(0.6) else ""
            other = replace(self._human(not first.woman, name), used_name=married)
        born = first.born + timedelta(days=int(age * 365 + (age and draw.between(-900, 900))))
        home = {"postcode": first.postcode, "born": born}
        if kind == "namesake":
            home |= {"woman": first.woman, "first_names": first.first_names}  # type: ignore[dict-item]
        if draw.chance(0.4):
            home |= {"phone": first.phone}
        if draw.chance(0.12):
            home |= {"email": first.email}
        return [first, replace(other, **home)]  # type: ignore[arg-type]

    def _human(self, woman: bool, birth_name: str) -> Human:
        draw, names = self.draw, self.first_women if woman else self.first_men
        firsts = tuple(
            draw.from_cumulative(*names) for _ in range(1 + draw.chance(0.4) + draw.chance(0.25))
        )
        used = draw.from_cumulative(*self.last) if woman and draw.chance(0.35) else ""
        if draw.chance(0.03):
            birth_name = f"{birth_name} {draw.from_cumulative(*self.last)}"
        born = date(2008, 1, 1) - timedelta(days=int(min(draw.lognormal(21 * 365, 0.6), 27_000)))
        return Human(
            woman=woman,
            birth_name=birth_name,
            used_name=used,
            first_names=firsts,
            born=born,
            phone=self.phone(),
            email=self.email(firsts[0], used or birth_name, born),
            postcode=draw.from_cumulative(*self.postcodes),
        )

    def phone(self) -> str:
        return f"0{self.draw.one('67')}{self.draw.between(0, 99_999_999):08d}"

    def email(self, first: str, last: str, born: date) -> str:
        draw = self.draw
        box = draw.one((f"{first}.{last}", f"{first[:1]}{last}", f"{last}{first[:3]}"))
        tail = draw.one(("", str(born.year)[2:], str(draw.between(1, 999))))
        return f"{box}{tail}@{draw.one(MAILS)}".lower().replace(" ", "").replace("’", "")


def draw_kind(draw: Draw) -> str:
    """Who the household is made of."""
    return draw.weighted(HOUSEHOLDS)


class _Writer:
    """What counters and applicants write of a person."""

    def __init__(self, draw: Draw, world: _World) -> None:
        self.draw, self.world = draw, world

    def lines(self, human: Human) -> Iterator[Line]:
        draw = self.draw
        yield self._line(human)
        if draw.chance(TWICE):
            for _again in range(1 + draw.chance(THRICE / TWICE)):
                yield self._line(self._later(human))

    def _later(self, human: Human) -> Human:
        """The same person at another time: moved, other telephone, other mailbox, married."""
        draw, world = self.draw, self.world
        later: dict[str, str] = {}
        if draw.chance(0.25):
            later["postcode"] = draw.from_cumulative(*world.postcodes)
        if draw.chance(0.25):
            later["phone"] = world.phone()
        if draw.chance(0.3):
            later["email"] = world.email(human.first_names[0], human.birth_name, human.born)
        if human.woman and draw.chance(0.05):
            later["used_name"] = draw.from_cumulative(*world.last)
        return replace(human, **later)  # type: ignore[arg-type]

    def _line(self, human: Human) -> Line:
        draw = self.draw
        births, used = self._last(human.birth_name), self._last(human.used_name)
        if used and draw.chance(0.08):
            births, used = used, draw.one((births, ""))
        firsts = self._firsts(human)
        if draw.chance(0.012):
            births, firsts = firsts, births
        title = "Mme" if human.woman != draw.chance(0.008) else "M."
        return {
            "civility": "" if draw.chance(0.02) else title,
            "birth_name": births,
            "used_name": used,
            "first_names": firsts,
            "birth_date": self._born(human.born),
            "phone": "" if draw.chance(0.12) else self._digit(human.phone, 0.015),
            "email": "" if draw.chance(0.3) else self._typo(human.email, 0.02),
            "postcode": "" if draw.chance(0.02) else self._digit(human.postcode, 0.01),
            "insee": "",
        }

    def _firsts(self, human: Human) -> str:
        """All of them or the first only; rarely the second alone."""
        draw, names = self.draw, human.first_names
        kept = names if draw.chance(0.35) else names[:1]
        if len(names) > 1 and draw.chance(0.02):
            kept = names[1:2]
        return self._typed(draw.one((" ", " ", ", ")).join(kept))

    def _last(self, name: str) -> str:
        """A double name is often cut to one of its halves."""
        if " " in name and self.draw.chance(0.25):
            name = self.draw.one(name.split(" "))
        return self._typed(name)

    def _typed(self, text: str) -> str:
        text = self._typo(text, 0.045)
        if self.draw.chance(0.015):
            old, new = self.draw.one(SPELT)
            text = text.replace(old, new, 1)
        if self.draw.chance(0.3):
            text = text.upper()
        return text.replace("é", "e").replace("è", "e") if self.draw.chance(0.3) else text

    def _typo(self, text: str, share: float) -> str:
        draw = self.draw
        if len(text) < 3 or not draw.chance(share):
            return text
        at = draw.between(1, len(text) - 2)
        letter = draw.one(NEIGHBOURS.get(text[at].lower(), "aeins"))
        return draw.one(
            (
                text[:at] + text[at + 1 :],
                text[:at] + text[at] + text[at:],
                text[:at] + text[at + 1] + text[at] + text[at + 2 :],
                text[:at] + letter + text[at + 1 :],
            )
        )

    def _digit(self, text: str, share: float) -> str:
        if not self.draw.chance(share):
            return text
        at = self.draw.between(1, len(text) - 1)
        return text[:at] + str(self.draw.between(0, 9)) + text[at + 1 :]

    def _born(self, born: date) -> str:
        draw = self.draw
        if draw.chance(0.04):
            return ""
        if draw.chance(0.03):
            born = self._wrong_day(born)
        return born.strftime("%d/%m/%Y") if draw.chance(0.3) else born.isoformat()

    def _wrong_day(self, born: date) -> date:
        draw = self.draw
        wrong = draw.one(("swap", "day", "month", "year", "decade", "first"))
        if wrong == "swap" and born.day <= 12:
            return born.replace(month=born.day, day=born.month)
        if wrong == "month":
            return born.replace(month=draw.between(1, 12), day=min(born.day, 28))
        if wrong in ("year", "decade"):
            step = 1 if wrong == "year" else 10
            return born.replace(year=born.year - step, day=min(born.day, 28))
        return born.replace(day=1, month=1) if wrong == "first" else born.replace(day=11)
