"""Figures derived from a household: people to house, income category, consumption units.

Pure functions over plain values, so that the online form, the register and imports agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from register.codes import PersonRole

YOUNG_COUPLE_SUM_OF_AGES = 55
ADULT_UNIT_AGE = 14
COUPLE_LINKS = frozenset({"M", "P", "C"})


class Member(Protocol):
    """What is needed of a person: role, link with the applicant, birth date, disability."""

    @property
    def role(self) -> str: ...

    @property
    def link(self) -> str: ...

    @property
    def birth_date(self) -> date | None: ...

    @property
    def has_disability(self) -> bool: ...


@dataclass(frozen=True)
class Household:
    """The people of a demand on a given day."""

    members: tuple[Member, ...]
    unborn: int
    on: date

    @property
    def size(self) -> int:
        """People to be housed, visiting children and unborn included (they count for the home)."""
        return len(self.members) + self.unborn

    @property
    def category(self) -> int:
        """Category 1 to 6 of the income ceilings; above 6, one more per person (arrêté 29/07/1987).

        Visiting children do not count. A young couple without dependants is in category 3. A
        disability moves the household up one category, up to category 6.
        """
        counted = [m for m in self.members if m.role != PersonRole.VISITING_CHILD]
        adults = [m for m in counted if m.role != PersonRole.DEPENDANT]
        dependants = len(counted) - len(adults) + self.unborn
        category = len(adults) + dependants
        if dependants and len(adults) == 1:
            category += 1
        if self._is_young_couple(adults, dependants):
            category = 3
        elif any(m.has_disability for m in counted) and category < 6:
            category += 1
        return max(category, 1)

    def _is_young_couple(self, adults: list[Member], dependants: int) -> bool:
        if dependants or len(adults) != 2:
            return False
        if not any(m.link in COUPLE_LINKS for m in adults):
            return False
        births = [m.birth_date for m in adults if m.birth_date]
        ages = sum(age_on(self.on, born) for born in births)
        return len(births) == 2 and ages <= YOUNG_COUPLE_SUM_OF_AGES

    @property
    def consumption_units(self) -> Decimal:
        """Modified OECD scale: 1 for the first adult, 0.5 from age 14, 0.3 below that age."""
        units = Decimal(0)
        for member in self.members:
            if member.role == PersonRole.VISITING_CHILD:
                continue
            if member.role == PersonRole.APPLICANT:
                units += Decimal("1")
            elif member.birth_date and age_on(self.on, member.birth_date) < ADULT_UNIT_AGE:
                units += Decimal("0.3")
            else:
                units += Decimal("0.5")
        return max(units, Decimal("1"))


def age_on(day: date, born: date) -> int:
    """Completed years on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def reference_income(
    incomes: Iterable[tuple[Decimal | None, Decimal | None]],
) -> Decimal | None:
    """Sum of the fiscal reference incomes in euros per year; None when any N-2 is unknown.

    Each pair is (N-2, N-1). N-1 replaces N-2 for the household when it is lower by 10 % or more.
    """
    pairs = list(incomes)
    if not pairs or any(n2 is None for n2, _n1 in pairs):
        return None
    total_n2 = sum((n2 for n2, _n1 in pairs if n2 is not None), Decimal(0))
    if any(n1 is None for _n2, n1 in pairs):
        return total_n2
    total_n1 = sum((n1 for _n2, n1 in pairs if n1 is not None), Decimal(0))
    return total_n1 if total_n1 <= total_n2 * Decimal("0.9") else total_n2
