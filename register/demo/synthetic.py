"""One synthetic demand: its portrait, its history, its identifiers, from a seed and an index."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from register.codes import DocumentKind
from register.demo.draw import Draw
from register.demo.history import LANDLORDS, Chronicler, Step, hour
from register.demo.places import Places
from register.demo.portrait import Painter, Portrait
from register.services.application import DocumentData

MEAN_MONTHS_SINCE_DEPOSIT = 17  # half of the demands are older than a year
OLDEST_MONTHS = 96
DAYS_PER_MONTH = 30.4
# Who registers what is not deposited online.
COUNTER_SHARE = {"landlord": 0.62, "commune": 0.26, "other": 0.12}
COMMUNE_COUNTERS = {
    "21231": "21DIJ",
    "21166": "21CHE",
    "21515": "21QUE",
    "21355": "21LON",
    "21617": "21TAL",
    "21054": "21BEA",
}
LANDLORD_COUNTERS = {
    ("21", "grand-dijon-habitat"): "21GDH",
    ("21", "orvitis"): "21ORV",
    ("21", "habellis"): "21HAB",
    ("21", "cdc-habitat-social"): "21CDC",
    ("21", "icf-habitat-sud-est"): "21ICF",
    ("58", "cdc-habitat-social"): "58CDC",
    ("71", "habellis"): "71HAB",
    ("89", "habellis"): "89HAB",
}
OTHER_COUNTERS = {"21ALS": 0.6, "21SIA": 0.25, "21MET": 0.15}
ONLINE_COUNTER = "GDPUB"


@dataclass(frozen=True)
class Synthetic:
    """Everything needed to write one demand, by services or in bulk."""

    index: int
    token: UUID
    stored_file: UUID
    deposited_at: datetime
    counter: str
    portrait: Portrait
    steps: tuple[Step, ...]


def draw_demand(seed: int, index: int, places: Places, now: datetime) -> Synthetic:
    """The demand of this index: always the same for the same seed, reference data and day."""
    draw = Draw(f"{seed}:{index}")
    months = min(draw.exponential(MEAN_MONTHS_SINCE_DEPOSIT), OLDEST_MONTHS)
    deposited = hour(draw, now - timedelta(days=1 + months * DAYS_PER_MONTH))
    token, stored_file = UUID(int=draw.bits(128)), UUID(int=draw.bits(128))
    painter = Painter(draw, deposited.date())
    wished = places.wishes(draw)
    # Drawn apart, so that everything else of the demand is what it was without quarters.
    quarters = places.quarters(Draw(f"{seed}:{index}:quarters"), wished)
    document = DocumentData(DocumentKind.IDENTITY, stored_file)
    portrait = painter.paint(wished, quarters, document)
    return Synthetic(
        index=index,
        token=token,
        stored_file=stored_file,
        deposited_at=deposited,
        counter=_counter(draw, portrait),
        portrait=portrait,
        steps=tuple(Chronicler(draw, portrait, deposited, now).write()),
    )


def _counter(draw: Draw, portrait: Portrait) -> str:
    if portrait.channel == "online":
        return ONLINE_COUNTER
    department = portrait.application.department
    kind = draw.weighted(COUNTER_SHARE)
    commune = COMMUNE_COUNTERS.get(portrait.communes[0].insee)
    if kind == "commune" and commune:
        return commune
    if kind == "other" and department == "21":
        return draw.weighted(OTHER_COUNTERS)
    landlord = draw.weighted(LANDLORDS[department])
    return LANDLORD_COUNTERS.get((department, landlord), ONLINE_COUNTER)
