"""A search in the list of demands: the commonest name, and the start of a number.

What is listed is compared with what the rights themselves list, before anything is timed.
"""

from collections.abc import Callable

from register.access import Action
from register.models import Department
from register.principals import Principal
from register.selectors.worklist import COUNT_CAP, PAGE_SIZE, read_page
from register.selectors.worklist_filter import WorklistFilter, matching
from rules import registry

from .measures import NotComparable

# Of about one applicant in a hundred of the demonstration's.
NAME = "martin"


def searches(agent: Principal) -> dict[str, Callable[[], object]]:
    """A page and its count, by name and by the start of a number of the agent's department."""
    department = min(agent.facts["organisation.stock_departments"])
    start = Department.objects.get(pk=department).number_prefix
    return {
        name: _checked(agent, WorklistFilter(text=text))
        for name, text in (("search_name", NAME), ("search_number", start))
    }


def _checked(agent: Principal, wanted: WorklistFilter) -> Callable[[], object]:
    def read() -> tuple[list[int], int]:
        fresh = Principal(agent.kind, agent.user, agent.membership)
        with registry.remembered():
            page = read_page(fresh, wanted)
        return [row.demand.pk for row in page.rows], page.count

    found = matching(agent, wanted, Action.LIST)
    ordered = found.order_by("received_on", "pk").values_list("pk", flat=True)[:PAGE_SIZE]
    if read() != (list(ordered), found.order_by()[: COUNT_CAP + 1].count()):
        raise NotComparable(f"a search and the rights do not list the same: {wanted.text}")
    return read
