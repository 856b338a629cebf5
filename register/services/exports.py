"""An export under way: read part by part, each part with the rights of that very moment (R16).

Somebody whose membership, agreement or right ends while the file is being written gets no further
part; a demand that closes meanwhile is not in the parts that follow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from register import access
from register.access import Action
from register.form.definition import Question
from register.principals import Principal, as_of_now
from register.selectors.worklist import (
    WorklistFilter,
    WorklistRow,
    matching_keys,
    read_rows,
    within_reach,
)
from register.selectors.worklist_filter import Sort
from register.services.journal import record_export
from rules import registry

PART = 200


@dataclass
class Export:
    """One export of a filtered list, of `limit` demands at most, with these answers of the form.

    `written` counts the demands handed over; `is_cut` is true when there were more than `limit`,
    `is_stopped` when the rights ended before the end.
    """

    principal: Principal
    wanted: WorklistFilter
    limit: int
    questions: Sequence[Question] = ()
    written: int = 0
    is_cut: bool = False
    is_stopped: bool = False

    def __post_init__(self) -> None:
        self.wanted = within_reach(self.principal, self.wanted, Action.EXPORT)
        keys = matching_keys(self.principal, self.wanted, Action.EXPORT, self.limit + 1)
        self.is_cut, self._keys = len(keys) > self.limit, keys[: self.limit]

    @property
    def is_scored(self) -> bool:
        """True when lines are in the order of their points; a long list is by seniority."""
        return self.wanted.sort is Sort.SCORE

    def rows(self) -> Iterator[WorklistRow]:
        """The lines, each journalled before it is handed over."""
        for start in range(0, len(self._keys), PART):
            found = self._part(self._keys[start : start + PART])
            if found is None:
                self.is_stopped = True
                return
            self.written += len(found)
            yield from found

    def _part(self, keys: list[int]) -> list[WorklistRow] | None:
        # A memory of its own: rules put in force since the request began count too.
        with registry.remembered():
            current = as_of_now(self.principal)
            if current is None or not access.may_ever(current, Action.EXPORT):
                return None
            found = read_rows(
                current, self.wanted, Action.EXPORT, PART, among=keys, questions=self.questions
            )
            record_export(principal=current, keys=[row.demand.pk for row in found])
            return found
