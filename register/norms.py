"""The published figures that facts are computed with, as the partners dated them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from register.models import Parameter

CODES = ("overcrowding.first_two", "overcrowding.next", "overcrowding.cap")


@dataclass(frozen=True)
class Norms:
    """Square metres of the legal surface test; None where no figure is in force."""

    first_two: Decimal | None = None
    each_further: Decimal | None = None
    cap: Decimal | None = None

    def surface_for(self, people: int) -> Decimal | None:
        """The least surface in m²: 16 for one or two people, 9 for each further one, 70 at most.

        The figures are parameters (CSS surface test, quoted by CCH R441-14-1 for DALO).
        """
        if self.first_two is None or self.each_further is None or self.cap is None or people < 1:
            return None
        return min(self.first_two + self.each_further * max(people - 2, 0), self.cap)


def norms_on(day: date) -> Norms:
    """The figures in force everywhere on that day: one query."""
    rows = Parameter.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        code__in=CODES,
        territory="",
        valid_from__lte=day,
    ).order_by("valid_from")
    values: Mapping[str, Decimal] = dict(rows.values_list("code", "value"))
    return Norms(*(values.get(code) for code in CODES))
