"""Where synthetic applicants want to live: communes weighted by published demand and population."""

from dataclasses import dataclass
from itertools import accumulate

from register.demo.draw import Draw
from register.models import Commune, Quarter

DIJON_METROPOLE = "242100410"
DIJON = "21231"
# Dijon Métropole: 12,145 demands in 2024, of which 8,674 for the city of Dijon alone; the stock of
# Côte-d'Or is estimated at 14,000 to 17,000 (figures published in the regional press).
SHARE_OF_DIJON = 0.54
SHARE_OF_METROPOLE = 0.22
DEPARTMENT_WEIGHTS = {"21": 0.9, "71": 0.05, "89": 0.03, "58": 0.02}
SMALLEST_WISHED = 400
# How many of those who could name a quarter do: made up, no figure is published.
NAMING_A_QUARTER = 0.15


@dataclass(frozen=True)
class Area:
    """Communes that can be drawn, with cumulative weights."""

    communes: tuple[Commune, ...]
    cumulative: tuple[float, ...]

    @classmethod
    def of(cls, communes: list[Commune]) -> "Area":
        """Weigh communes by population."""
        return cls(tuple(communes), tuple(accumulate(float(c.population) for c in communes)))

    def draw(self, draw: Draw) -> Commune:
        """One commune, as likely as its population."""
        return draw.from_cumulative(self.communes, self.cumulative)


class Places:
    """The map used by the draw, read once from the reference tables."""

    def __init__(self) -> None:
        communes = list(
            Commune.objects.filter(
                department__in=DEPARTMENT_WEIGHTS, population__gte=SMALLEST_WISHED
            ).order_by("insee")
        )
        self.by_code = {commune.insee: commune for commune in communes}
        self._rest: dict[str, Area] = {}
        self._neighbours: dict[tuple[str, str | None], Area] = {}
        for code in DEPARTMENT_WEIGHTS:
            inside = [c for c in communes if c.department_id == code]
            self._rest[code] = Area.of([c for c in inside if c.epci_id != DIJON_METROPOLE])
            for epci in sorted({c.epci_id or "" for c in inside}):
                members = [c for c in inside if (c.epci_id or "") == epci]
                self._neighbours[code, epci] = Area.of(members)
        ring = [c for c in communes if c.epci_id == DIJON_METROPOLE and c.insee != DIJON]
        self._ring = Area.of(ring)
        self._quarters: dict[str, list[str]] = {}
        for quarter in Quarter.objects.order_by("code"):
            self._quarters.setdefault(quarter.commune_id, []).append(quarter.code)

    def first_choice(self, draw: Draw) -> Commune:
        """The commune asked for first."""
        department = draw.weighted(DEPARTMENT_WEIGHTS)
        if department == "21":
            place = draw.weighted(
                {
                    "dijon": SHARE_OF_DIJON,
                    "ring": SHARE_OF_METROPOLE,
                    "rest": 1 - SHARE_OF_DIJON - SHARE_OF_METROPOLE,
                }
            )
            if place == "dijon":
                return self.by_code[DIJON]
            if place == "ring":
                return self._ring.draw(draw)
        return self._rest[department].draw(draw)

    def wishes(self, draw: Draw) -> tuple[Commune, ...]:
        """One to eight communes of one department, mostly of the same EPCI."""
        wished = [self.first_choice(draw)]
        department = wished[0].department_id
        nearby = self._neighbours[department, wished[0].epci_id or ""]
        while len(wished) < 8 and draw.chance(0.52):
            area = nearby if draw.chance(0.9) else self._rest[department]
            commune = area.draw(draw)
            if commune not in wished:
                wished.append(commune)
        return tuple(wished)

    def quarters(self, draw: Draw, communes: tuple[Commune, ...]) -> dict[str, str]:
        """The quarters named, by commune: most people wish the whole commune."""
        return {
            commune.insee: draw.one(self._quarters[commune.insee])
            for commune in communes
            if commune.insee in self._quarters and draw.chance(NAMING_A_QUARTER)
        }
