"""Addresses of the pages of the list."""

from dataclasses import dataclass
from datetime import date

from register.selectors.worklist_filter import ORDER, Sort

LARGEST_KEY = 2**63 - 1
DASHES_OF_A_DAY = 2


class BadCursor(ValueError):
    """A page address that this list never gave."""


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after (or before) the demand with this sort value and id."""

    forward: bool
    value: date | int
    demand_id: int

    def __str__(self) -> str:
        return f"{'after' if self.forward else 'before'}.{self.value}.{self.demand_id}"

    @classmethod
    def parse(cls, text: str, sort: Sort) -> "Cursor":
        """Read a cursor back; raises BadCursor when it does not fit this order."""
        try:
            way, value, demand_id = text.split(".")
            of_date = ORDER[sort][0] == "received_on"
            of_points = sort is Sort.SCORE and value.count("-") < DASHES_OF_A_DAY
            key: date | int
            key = date.fromisoformat(value) if of_date and not of_points else int(value)
            demand = int(demand_id)
            too_large = demand > LARGEST_KEY or (isinstance(key, int) and abs(key) > LARGEST_KEY)
            if way not in ("after", "before") or too_large:
                raise ValueError(text)
            return cls(way == "after", key, demand)
        except (ValueError, OverflowError) as error:
            raise BadCursor(text) from error
