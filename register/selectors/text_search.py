"""What the search box of the list finds: the start of a number or of a name, or a SIREN."""

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from register import codes
from register.business import SIREN, has_right_key
from register.models import Association, Demand, Department, Person
from register.text import search_key

# Nine figures with the key of a SIREN are one, unless a number may begin with them: three figures
# for the department, two for the month (arrêté of 7 November 2000). It is told from the text
# alone: asking the register would tell what the reader may not list.
NUMBER_OF_A_MONTH = re.compile(r"(0[0-9]{2}|97[0-9])(0[1-9]|1[0-2])")
NUMBER_START = re.compile(r"[0-9]{1,3}[0-9A-Z]{0,15}")
# From so many characters on, a number tells more than its department: few demands begin with them.
# Those few were received in the same months, hence close to one another in a list by seniority.
FEW_FROM = 6


@dataclass(frozen=True)
class Sought:
    """What was typed, as it is compared: the start of a number or of a name, or a SIREN."""

    number: str = ""
    name: str = ""
    siren: str = ""

    @property
    def tells_identity(self) -> bool:
        """True for a name and a SIREN: whoever finds a demand by it knows whose it is."""
        return not self.number

    @property
    def is_of_few(self) -> bool:
        """True for the start of a number that few demands share."""
        return len(self.number) >= FEW_FROM

    def of_demands(self) -> Q:
        """The demands that it finds."""
        return self._by_number() if self.number else self._named("pk")

    def of_audiences(self) -> Q:
        """The same, as a test of audience rows."""
        if not self.number:
            return self._named("demand_id")
        return Q(Exists(Demand.objects.filter(self._by_number(), pk=OuterRef("demand_id"))))

    def demands(self) -> QuerySet[Any, Any]:
        """The keys of all demands that it finds, one per row, named `found`."""
        if self.number:
            rows: QuerySet[Any, Any] = Demand.objects.filter(self._by_number())
            return rows.annotate(found=F("pk")).values_list("found")
        first, *others = (
            named.annotate(found=F("demand_id")).order_by().values_list("found")
            for named in self._bearers()
        )
        return first.union(*others) if others else first

    def departments(self) -> list[str]:
        """The departments that have such a number."""
        numbered = Demand.objects.filter(self._by_number(), department=OuterRef("pk"))
        return list(Department.objects.filter(Exists(numbered)).values_list("pk", flat=True))

    def _by_number(self) -> Q:
        return Q(number__startswith=self.number)

    def _named(self, key: str) -> Q:
        rows = (named.filter(demand=OuterRef(key)) for named in self._bearers())
        return reduce(or_, (Q(Exists(each)) for each in rows))

    def _bearers(self) -> tuple[QuerySet[Any], ...]:
        """Who bears the name; associations alone bear a SIREN."""
        if self.siren:
            return (Association.objects.filter(siren=self.siren),)
        named = {"search_name__startswith": self.name}
        people = Person.objects.filter(role=codes.PersonRole.APPLICANT, **named)
        return people, Association.objects.filter(**named)


def sought_by(text: str) -> Sought:
    """What this text looks for; spaces and lower case of a number do not matter."""
    compact = re.sub(r"\s", "", text).upper()
    if _is_siren(compact):
        return Sought(siren=compact)
    if NUMBER_START.fullmatch(compact):
        return Sought(number=compact)
    return Sought(name=search_key(text))


def _is_siren(text: str) -> bool:
    if len(text) != SIREN or not (text.isascii() and text.isdigit()):
        return False
    return has_right_key(text) and not NUMBER_OF_A_MONTH.match(text)
