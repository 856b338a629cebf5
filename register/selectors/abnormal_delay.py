"""The abnormally long delay as each department fixes it, in words (CCH L441-1-4)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import ngettext, pgettext

from register import clock, deadlines
from register.agreements import agreements_in_force
from register.models import Department

ABNORMAL = "abnormal_delay"


@dataclass(frozen=True)
class Wait:
    """The wait, in months, beyond which the delay is abnormally long; None: not known there."""

    department: str
    months: int | None

    @property
    def text(self) -> str:
        """The number of months, in words."""
        if self.months is None:
            return pgettext("delay", "not known")
        return ngettext("%(count)s month", "%(count)s months", self.months) % {"count": self.months}


def departments_served() -> list[Department]:
    """Departments in which a partner has an agreement in force: those the register serves."""
    served = Department.objects.filter(agreements__in=agreements_in_force(clock.today()))
    return list(served.distinct().order_by("code"))


def waits(departments: Iterable[Department] | None = None) -> tuple[Wait, ...]:
    """The delay of each of these departments, or of all that the register serves."""
    places = departments_served() if departments is None else departments
    return tuple(Wait(place.name, _months(place.pk)) for place in places)


def _months(department: str) -> int | None:
    try:
        return deadlines.get(ABNORMAL, department).value
    except LookupError:
        return None


def in_one(found: Iterable[Wait]) -> Wait | None:
    """The delay that is the same in all these departments, if it is known and is."""
    every = list(found)
    months = {each.months for each in every}
    return every[0] if len(months) == 1 and None not in months else None


def each_in_words(found: Iterable[Wait]) -> str:
    """The delay of each department: "Côte-d’Or 24 months, Nièvre not known"."""
    return ", ".join(f"{wait.department} {wait.text}" for wait in found)


def departments_by_delay() -> dict[int, list[str]]:
    """Codes of the departments whose delay is known, by its length in months."""
    found: dict[int, list[str]] = {}
    for code in Department.objects.order_by("code").values_list("code", flat=True):
        months = _months(code)
        if months is not None:
            found.setdefault(months, []).append(code)
    return found
