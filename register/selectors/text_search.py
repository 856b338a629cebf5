"""What the search box of the list finds: a number from its start, or the start of a name."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from register import codes
from register.models import Association, Demand, Department, Person
from register.text import search_key

NUMBER_START = re.compile(r"[0-9]{1,3}[0-9A-Z]{0,15}")
# From so many characters on, a number tells more than its department: few demands begin with them.
# Those few were received in the same months, hence close to one another in a list by seniority.
FEW_FROM = 6


@dataclass(frozen=True)
class Sought:
    """What was typed, as it is compared: the start of a number, or else of a name."""

    number: str
    name: str

    @property
    def tells_identity(self) -> bool:
        """True for a name: whoever finds a demand by it knows whose it is."""
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
        people, bodies = (
            named.annotate(found=F("demand_id")).order_by().values_list("found")
            for named in (self._applicants(), self._associations())
        )
        return people.union(bodies)

    def departments(self) -> list[str]:
        """The departments that have such a number."""
        numbered = Demand.objects.filter(self._by_number(), department=OuterRef("pk"))
        return list(Department.objects.filter(Exists(numbered)).values_list("pk", flat=True))

    def _by_number(self) -> Q:
        return Q(number__startswith=self.number)

    def _named(self, key: str) -> Q:
        people = self._applicants().filter(demand=OuterRef(key))
        return Q(Exists(people)) | Q(Exists(self._associations().filter(demand=OuterRef(key))))

    def _associations(self) -> QuerySet[Association]:
        return Association.objects.filter(search_name__startswith=self.name)

    def _applicants(self) -> QuerySet[Person]:
        return Person.objects.filter(
            role=codes.PersonRole.APPLICANT, search_name__startswith=self.name
        )


def sought_by(text: str) -> Sought:
    """What this text looks for; spaces and lower case of a number do not matter."""
    compact = re.sub(r"\s", "", text).upper()
    if NUMBER_START.fullmatch(compact):
        return Sought(compact, "")
    return Sought("", search_key(text))
