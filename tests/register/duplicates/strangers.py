"""A second drawn register, written without looking at the first or at the comparison.

Other names, other households and other faults: words heard over the telephone, letters misread on
paper forms, keys hit twice, several faults on one line, nicknames, transliterations, people with
up to four lines; twins, fathers and sons of one name, neighbours of one common name, telephones
shared by a whole house.
"""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

_WORDS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
WOMEN, MEN, COMMON = (_WORDS[name].split() for name in ("women", "men", "common"))
ONSETS, NUCLEI, CODAS = (_WORDS[name].split() for name in ("onsets", "nuclei", "codas"))
HEARD = (
    *(("ph", "f"), ("f", "ph"), ("y", "i"), ("i", "y"), ("c", "k"), ("k", "c"), ("ss", "s")),
    *(("s", "ss"), ("nn", "n"), ("n", "nn"), ("ll", "l"), ("l", "ll"), ("eau", "o"), ("au", "o")),
    *(("th", "t"), ("t", "th"), ("ai", "e"), ("ou", "u"), ("z", "s"), ("m", "mm"), ("h", "")),
)
MISREAD = (("rn", "m"), ("m", "rn"), ("u", "v"), ("a", "o"), ("l", "i"), ("cl", "d"), ("e", "c"))
SHORT = {
    "Alexandre": "Alex",
    "Christophe": "Chris",
    "Frédéric": "Fred",
    "Benjamin": "Ben",
    "Stéphanie": "Steph",
    "Isabelle": "Isa",
    "Caroline": "Caro",
    "Fatoumata": "Fatou",
    "Emmanuel": "Manu",
    "Mohamed": "Mohammed",
    "Mohammed": "Muhamed",
    "Youssef": "Yousef",
    "Khadidja": "Khadija",
}
AROUND = dict(zip("azertyuiopqsdfghjklm", "zaretyuiopsqdfghjkl", strict=False))


class Strangers:
    """Draws the register, line by line."""

    def __init__(self, seed: int, double_share: float = 0.12) -> None:
        self.rng = random.Random(seed)  # noqa: S311
        self.share = double_share
        self.rare = ["".join(self._syllables()).capitalize() for _ in range(6_000)]

    def _syllables(self) -> Iterator[str]:
        rng = self.rng
        for _ in range(rng.choice((1, 2, 2, 3))):
            yield rng.choice(ONSETS) + rng.choice(NUCLEI)
        yield rng.choice(CODAS)

    def lines(self, people: int) -> list[dict[str, str]]:
        """Lines that tell `people` people, mixed."""
        found, cluster = [], 0
        while cluster < people:
            for person in self._house():
                cluster += 1
                times = 1
                if self.rng.random() < self.share:
                    times = self.rng.choices((2, 3, 4), (85, 12, 3))[0]
                found += [self._written(person, cluster, again > 0) for again in range(times)]
        self.rng.shuffle(found)
        for rank, line in enumerate(found):
            line["id"] = f"p{rank}"
        return found

    def _house(self) -> list[dict[str, Any]]:
        rng = self.rng
        head = self._person()
        kind = rng.choices(
            ("alone", "spouses", "twins", "same name", "flat", "brothers"), (58, 26, 3, 2, 5, 6)
        )[0]
        if kind == "alone":
            return [head]
        others = [self._person() for _ in range(2 if kind == "flat" else 1)]
        for other in others:
            other |= {"place": head["place"]}
            if kind != "flat":
                other["birth"] = head["birth"]
            if rng.random() < 0.5:
                other["phone"] = head["phone"]
            if rng.random() < 0.15:
                other["mail"] = head["mail"]
        self._relate(head, others[0], kind)
        return [head, *others]

    def _relate(self, head: dict[str, Any], mate: dict[str, Any], kind: str) -> None:
        rng = self.rng
        if kind == "spouses":
            mate["birth"] = self._last()
            mate["used"] = head["birth"] if rng.random() < 0.7 else ""
        elif kind == "same name":
            mate |= {"sex": head["sex"], "firsts": list(head["firsts"])}
            mate["day"] = head["day"] - timedelta(days=rng.randint(19 * 365, 40 * 365))
        elif kind in ("twins", "brothers"):
            apart = 0 if kind == "twins" else rng.randint(300, 3000)
            mate["day"] = head["day"] + timedelta(days=apart)
            if rng.random() < 0.6:
                mate["sex"] = head["sex"]
            # Nobody calls two children the same.
            while mate["firsts"][0] == head["firsts"][0]:
                mate["firsts"] = [rng.choice(WOMEN if mate["sex"] == "F" else MEN)]

    def _last(self) -> str:
        rng = self.rng
        if rng.random() < 0.45:
            return COMMON[min(int(rng.expovariate(1 / 14)), len(COMMON) - 1)].replace("-", " ")
        return rng.choice(self.rare)

    def _person(self) -> dict[str, Any]:
        rng = self.rng
        sex = rng.choice("FFFMM")
        pool = WOMEN if sex == "F" else MEN
        first = pool[min(int(rng.expovariate(1 / 30)), len(pool) - 1)]
        if rng.random() < 0.06:
            first = f"{first}-{rng.choice(pool)}"
        firsts = [first, *rng.sample(pool, rng.choice((0, 0, 0, 1, 2)))]
        birth = self._last()
        return {
            "sex": sex,
            "firsts": firsts,
            "birth": birth,
            "used": self._last() if sex == "F" and rng.random() < 0.3 else "",
            "day": date(1935, 1, 1) + timedelta(days=int(rng.triangular(0, 26_000, 18_500))),
            "phone": rng.choice(("06", "07", "03")) + "".join(rng.choices("0123456789", k=8)),
            "mail": self._mail(first, birth),
            "place": rng.choice(range(1, 700)),
        }

    def _mail(self, first: str, birth: str) -> str:
        rng = self.rng
        box = f"{first}{rng.choice('._-')}{birth}{rng.randint(0, 99)}"
        return f"{box}@{rng.choice('abcd')}.fr".lower().replace(" ", "")

    def _written(self, person: dict[str, Any], cluster: int, later: bool) -> dict[str, str]:
        rng = self.rng
        birth, used, firsts = person["birth"], person["used"], list(person["firsts"])
        phone, mail, place, day = person["phone"], person["mail"], person["place"], person["day"]
        if later:
            phone = self._person()["phone"] if rng.random() < 0.35 else phone
            mail = self._person()["mail"] if rng.random() < 0.4 else mail
            place = rng.choice(range(1, 700)) if rng.random() < 0.3 else place
            if used and rng.random() < 0.15:
                birth, used = (used, birth) if rng.random() < 0.6 else (used, "")
            if rng.random() < 0.08 and firsts[0] in SHORT:
                firsts[0] = SHORT[firsts[0]]
        first = " ".join(firsts) if rng.random() < 0.3 else firsts[0]
        birth, used, first = (self._spoiled(each) for each in (birth, used, first))
        if rng.random() < 0.01:
            birth, first = first, birth
        return {
            "id": "",
            "cluster": f"c{cluster}",
            "civility": rng.choice(("Madame", "Mme") if person["sex"] == "F" else ("M", "Mr"))
            if rng.random() < 0.97
            else "",
            "birth_name": birth if rng.random() < 0.985 or not used else "",
            "used_name": used,
            "first_names": first,
            "birth_date": self._day(day),
            "phone": self._phone(phone) if rng.random() < 0.85 else "",
            "email": self._spoiled(mail) if rng.random() < 0.65 else "",
            "postcode": f"21{place:03d}"[:4] + "0" if rng.random() < 0.97 else "",
            "insee": f"21{place:03d}" if rng.random() < 0.9 else "",
        }

    def _spoiled(self, text: str) -> str:
        rng = self.rng
        while text and rng.random() < 0.07:
            low, kind = text.lower(), rng.random()
            table = HEARD if kind < 0.45 else MISREAD
            fits = [(old, new) for old, new in table if old in low]
            at = rng.randrange(len(text))
            if kind < 0.65 and fits:
                old, new = rng.choice(fits)
                text = low.replace(old, new, 1).capitalize()
            elif kind < 0.8:
                text = text[:at] + AROUND.get(low[at], "e") + text[at + 1 :]
            elif kind < 0.9:
                text = text[: at + 1] + text[at:]
            elif len(text) > 3:
                text = text[:at] + text[at + 1 :]
        return rng.choice((text, text, text.upper(), text.lower()))

    def _phone(self, phone: str) -> str:
        rng = self.rng
        if rng.random() < 0.02:
            at = rng.randrange(2, 10)
            phone = phone[:at] + rng.choice("0123456789") + phone[at + 1 :]
        pairs = [phone[n : n + 2] for n in range(0, 10, 2)]
        return rng.choice((phone, " ".join(pairs), ".".join(pairs), "+33" + phone[1:]))

    def _day(self, day: date) -> str:
        rng = self.rng
        if rng.random() < 0.05:
            return ""
        year, month, place = day.year, day.month, day.day
        if rng.random() < 0.03:
            fault = rng.randrange(5)
            if fault == 0:
                month, place = min(place, 12), month
            elif fault == 1:
                place = rng.randint(1, 28)
            elif fault == 2:
                year += rng.choice((-1, 1, 10, -10, 100 if year < 1920 else 2))
            elif fault == 3:
                month = rng.randint(1, 12)
            else:
                month = place = 1
        return (
            f"{place:02d}/{month:02d}/{year}" if self.share else f"{year}-{month:02d}-{place:02d}"
        )
