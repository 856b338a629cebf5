"""How many files two readings of the rights open to somebody, from the audience index.

The same index as lists, read to the end: nothing is looked up file by file unless the index cannot
tell. Files gained and lost are told from those that both open.
"""

from dataclasses import dataclass, field

from register.audiences import plan_of
from register.models import Demand, DemandState
from register.selectors.audience_list import IndexedList, Wanted
from rules.formulas import Formula, Group, Lookup, conjunction, to_q
from rules.vocabulary import Vocabulary

from .frame import Line

# No count of files reaches it.
NO_CAP = 2**62


@dataclass(frozen=True)
class Openings:
    """Counts files, each reading once: several roles and actions have the same."""

    vocabulary: Vocabulary
    _counted: dict[Formula, int] = field(default_factory=dict)

    def line(self, key: str, before: Formula, after: Formula) -> Line:
        """Files open before and after, those gained and those lost."""
        then, now, both = (self._count(f) for f in (before, after, _both(before, after)))
        return Line(key, then, now, now - both, then - both)

    def _count(self, opened: Formula) -> int:
        if opened not in self._counted:
            self._counted[opened] = self._read(opened)
        return self._counted[opened]

    def _read(self, opened: Formula) -> int:
        plan = plan_of(opened)
        if plan is None:
            return Demand.objects.filter(to_q(opened, self.vocabulary)).count()
        few = None
        if plan.few is not False:
            few = Demand.objects.filter(to_q(plan.few, self.vocabulary))
        wanted = Wanted(tuple(DemandState.values), (), "", few)
        return IndexedList(plan, wanted).count(NO_CAP)[0]


def _both(before: Formula, after: Formula) -> Formula:
    """Open in both; a lookup goes where a narrower one of its kind stands."""
    both = conjunction([before, after])
    if not isinstance(both, Group) or not both.every:
        return both
    found = [part for part in both.parts if isinstance(part, Lookup) and not part.absent]
    return conjunction(
        [
            part
            for part in both.parts
            if not any(
                isinstance(part, Lookup)
                and not part.absent
                and part.relation == other.relation
                and other.keys < part.keys
                for other in found
            )
        ]
    )
