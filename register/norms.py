"""The published figures that facts are computed with, as the partners dated them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

CODES = (
    "overcrowding.first_two",
    "overcrowding.next",
    "overcrowding.cap",
    "young_couple.ages",
    "resources.drop",
)


@dataclass(frozen=True)
class Norms:
    """Each figure; None where none is in force.

    Square metres of the legal surface test; the most years of a young couple together; the percent
    by which resources must have fallen for the last year to count.
    """

    first_two: Decimal | None = None
    each_further: Decimal | None = None
    cap: Decimal | None = None
    young_couple_ages: Decimal | None = None
    drop: Decimal | None = None

    @classmethod
    def of(cls, figures: Mapping[str, Decimal]) -> "Norms":
        """The norms among the figures in force, as rules bind them."""
        return cls(*(figures.get(f"parameter.{code}") for code in CODES))

    def surface_for(self, people: int) -> Decimal | None:
        """The least surface in m²: 16 for one or two people, 9 for each further one, 70 at most.

        The figures are parameters (CSS surface test, quoted by CCH R441-14-1 for DALO).
        """
        if self.first_two is None or self.each_further is None or self.cap is None or people < 1:
            return None
        return min(self.first_two + self.each_further * max(people - 2, 0), self.cap)
