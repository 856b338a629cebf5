"""The name of the applicant on the day of an act: the one of today, or who asked before her."""

from datetime import datetime
from functools import cached_property

from register.codes import PersonRole
from register.models import Association, Demand, FieldChange, Person

# The answers that name her. Those of whoever gave the demand over are kept with the transfer.
NAMES = ("birth_name", "used_name", "first_names")
_KEYS = {f"identite.{name}": name for name in NAMES}


class WhoAsked:
    """Names of who asks in one demand, read once for all the steps that tell them."""

    def __init__(self, demand: Demand) -> None:
        self.demand = demand

    def now(self) -> str:
        """Name of the person, or of the association, whose demand it is."""
        if self.demand.is_association:
            body = Association.objects.filter(pk=self.demand.pk).first()
            return body.name if body else ""
        return self._person.full_name if self._person else ""

    def at(self, moment: datetime) -> str:
        """The same on another day: what was changed since is read as it was."""
        if self._person is None:
            return self.now()
        names = {name: getattr(self._person, name) for name in NAMES}
        for change in self._changes:
            if change.event.at > moment:
                names[_KEYS[change.question]] = change.before or ""
        return Person(**names).full_name

    @cached_property
    def _person(self) -> Person | None:
        return self.demand.persons.filter(role=PersonRole.APPLICANT).first()

    @cached_property
    def _changes(self) -> list[FieldChange]:
        """Changes of her names, the latest first: the oldest that is read has the last word."""
        found = self.demand.field_changes.filter(question__in=_KEYS).select_related("event")
        return list(found.order_by("-event__at", "-pk"))
