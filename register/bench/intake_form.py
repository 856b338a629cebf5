"""What an applicant of the bench answers: every page of the online form, in its order.

A couple with a child, another who comes to stay and one to be born, both working: every page that
asks something of somebody who need not be protected.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.utils import timezone
from PIL import Image

from register.demo.draw import Draw

from .people_twice import ENDINGS, SYLLABLES

Answers = dict[str, str | list[str]]

CHILD, VISITOR = "0a1b2c3d", "4e5f6a7b"
COMMUNES = ("21231", "21515")
# About what a telephone makes of a card, once made smaller: 400 KB.
PHOTO = (1600, 1200)
PASSWORD = "une petite phrase de banc"  # noqa: S105  (of accounts that a bench opens and erases)


@dataclass(frozen=True)
class Sent:
    """One page sent: where, what, and whether the proof goes with it."""

    path: str
    answers: Answers
    with_file: bool = False


class Somebody:
    """Like nobody else: who resembles somebody is compared with each of them."""

    def __init__(self, serial: str) -> None:
        draw = Draw(f"intake:{serial}")
        self.serial = serial
        self.email = f"intake-{serial}@applicants.invalid"
        # An address of her own, since an address may open few accounts a minute.
        self.address = ".".join(str(draw.between(1, 254)) for _part in range(4))
        self.phone = f"061{draw.between(0, 9_999_999):07d}"
        self.name, self.other = (_invented(draw) for _who in range(2))
        self.born = (draw.between(1, 28), draw.between(1, 12), draw.between(1950, 2004))

    def pages(self) -> Iterator[Sent]:
        """The form, page after page."""
        for page in (*self._household(), *_living(self.phone), *_MONEY, *_WISHES):
            yield Sent(f"/demande/{page.path}", {"intent": "continue", **page.answers})
        yield Sent("/demande/piece-identite/", {"intent": "continue"}, with_file=True)

    def _household(self) -> Iterator[Sent]:
        day, month, year = self.born
        due = timezone.localdate() + timedelta(days=90)
        herself = _named("2", self.name, "Émilie Rose", self.born)
        partner = _named("1", self.other, "Jean", (month, month, year - 1))
        yield Sent("demandeur/", {"applicant_kind": "personne"})
        yield Sent("identite/", {**herself, "used_name": self.other})
        yield Sent("identite/situation/", {"nationality": "1", "family_status": "M"})
        yield Sent("foyer/", {"has_co_applicant": "oui"})
        yield Sent("foyer/conjoint/", {**partner, "link": "M", "nationality": "1"})
        child = _named("", self.name, "Léa", (day, month, 2016)) | {"link": "E"}
        yield Sent(f"foyer/personnes-a-charge/{CHILD}/", child)
        yield Sent("foyer/personnes-a-charge/", {})
        visitor = _named("", self.other, "Noé", (day, month, 2012)) | {"custody": "D"}
        yield Sent(f"foyer/enfants-en-visite/{VISITOR}/", visitor)
        yield Sent("foyer/enfants-en-visite/", {})
        unborn = {"unborn_count": "1", **_date("unborn_due_on", (due.day, due.month, due.year))}
        yield Sent("foyer/naissance/", unborn)
        yield Sent("foyer/handicap/", {"disabled": ["co_applicant"]})
        needs: Answers = {"equipment": ["3", "6"], "steps": "1", "aid": ["4"]}
        yield Sent("foyer/handicap/besoins/co_applicant/", needs)
        yield Sent("foyer/handicap/besoins/", {})


def _invented(draw: Draw) -> str:
    syllables = [draw.one(SYLLABLES) for _syllable in range(4)]
    return ("".join(syllables) + draw.one(ENDINGS)).capitalize()


def _date(name: str, parts: tuple[int, int, int]) -> Answers:
    return {f"{name}_{place}": str(part) for place, part in enumerate(parts)}


def _named(title: str, birth_name: str, first_names: str, born: tuple[int, int, int]) -> Answers:
    named: Answers = {"birth_name": birth_name, "first_names": first_names}
    return {**named, **({"title": title} if title else {}), **_date("birth_date", born)}


def _living(phone: str) -> tuple[Sent, ...]:
    letters: Answers = {
        "address": "12 rue des Exemples",
        "address_extra": "Bâtiment B",
        "postal_code": "21000",
        "city": "Dijon",
    }
    home: Answers = {
        "occupants": "4",
        "home_type": "T2",
        "surface": "45",
        "monthly_cost": "690,50",
        "housing_benefit": "120",
        **_date("since", (1, 9, 2019)),
    }
    return (
        Sent("coordonnees/", {"phone": phone, "accepts_email": "on", "accepts_sms": "on"}),
        Sent("coordonnees/adresse/", letters),
        Sent("logement-actuel/", {"kind": "LP"}),
        Sent("logement-actuel/details/", home),
        Sent("logement-actuel/adresse/", {}),
        Sent("motifs/", {"reasons": ["09", "12"], "remarks": "Trop petit pour nous quatre."}),
    )


_TAX: Answers = {
    "tax_income_n2": "21 400",
    "tax_income_n1": "20 900",
    "co_tax_income_n2": "9 800",
    "co_tax_income_n1": "10 100",
}
_MONEY = (
    Sent("ressources/", _TAX),
    Sent(
        "ressources/travail/",
        {"work_status": "CDI", "occupation": "Aide-soignante", "co_work_status": "CDD"},
    ),
    Sent("ressources/employeur/", {"employer": "D4", "workplace": "Dijon"}),
    Sent("ressources/employeur-conjoint/", {"workplace": "Chenôve"}),
    Sent("ressources/revenus/", {"kinds": ["SAL", "AF"]}),
    Sent("ressources/montants/", {"amount_SAL": "1 650", "amount_AF": "148,50"}),
    Sent("ressources/revenus-conjoint/", {"kinds": ["SAL"]}),
    Sent("ressources/montants-conjoint/", {"amount_SAL": "910"}),
    Sent("ressources/pension-versee/", {}),
)
_WISHES = (
    Sent(
        "logement-souhaite/",
        {"home_types": ["T4", "T3"], "building_kind": "I", "max_monthly_cost": "750"},
    ),
    *(Sent("logement-souhaite/communes/", {"intent": f"add:{insee}"}) for insee in COMMUNES),
    Sent("logement-souhaite/communes/", {}),
    Sent("logement-souhaite/elargir/", {"widening": "oui"}),
)


@cache
def proof() -> bytes:
    """A photo with the grain of a telephone's, the same for everybody."""
    grain = [Image.effect_noise(PHOTO, 40) for _colour in range(3)]
    content = io.BytesIO()
    Image.merge("RGB", grain).save(content, "JPEG", quality=40)
    return content.getvalue()
