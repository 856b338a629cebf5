"""An agent's list: what rights cost, against bare SQL that returns the same rows."""

from typing import Any

from django.db import connection

from register import access
from register.models import LIVE_STATES, Demand
from register.principals import Principal
from register.selectors.worklist import COUNT_CAP, PAGE_SIZE, WorklistFilter, read_page
from rules import registry

from .measures import NotComparable, Options, Report
from .people import landlord_agent

WHOLE = "whole page: rows, people, wishes, count"
SCOPED = "page and count within rights"
UNSCOPED = "page and count without rights"
BARE = "bare SQL, same rows"


def measure(options: Options) -> Report:
    """Page and count of a landlord's agent, whole, within rights, without, and in bare SQL."""
    agent = landlord_agent()
    report = Report("desk_list", "an agent's list against bare SQL on the same rows")
    with registry.remembered():
        visible = access.scope(agent, access.Action.LIST).filter(state__in=LIVE_STATES)
        report.size = {"demands": Demand.objects.count(), "listed": visible.count()}
        _check_same(agent)
        report.time(WHOLE, lambda: read_page(agent, WorklistFilter()), options.rounds)
        report.time(SCOPED, lambda: _page_and_count(_scoped(agent)), options.rounds)
    every = Demand.objects.filter(state__in=LIVE_STATES)
    report.time(UNSCOPED, lambda: _page_and_count(every), options.rounds)
    report.time(BARE, lambda: _bare(agent), options.rounds)
    report.compare("rights, against the same list without rights", SCOPED, UNSCOPED)
    report.compare("rights, against bare SQL", SCOPED, BARE)
    report.compare("whole page, against bare SQL", WHOLE, BARE)
    return report


def _scoped(agent: Principal) -> Any:
    return access.scope(agent, access.Action.LIST).filter(state__in=LIVE_STATES)


def _page_and_count(demands: Any) -> tuple[list[int], int]:
    page = demands.order_by("received_on", "id").values_list("id", flat=True)
    return list(page[: PAGE_SIZE + 1]), demands.order_by()[: COUNT_CAP + 1].count()


def _bare(agent: Principal) -> tuple[list[int], int]:
    """What somebody who trusts the caller would write: columns of the demand, nothing joined."""
    places = sorted(agent.facts["organisation.stock_departments"])
    states = [str(state) for state in LIVE_STATES]
    where = (
        f"state IN ({_marks(states)}) AND NOT is_sealed"
        f" AND (department_id IN ({_marks(places)}) OR registered_by_id = %s)"
    )
    values = [*states, *places, agent.organisation.pk if agent.organisation else 0]
    # Only question marks and the names above are put in the text.
    table = f"FROM {Demand._meta.db_table} WHERE {where}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id {table} ORDER BY received_on, id LIMIT {PAGE_SIZE + 1}",
            values,
        )
        page = [row[0] for row in cursor.fetchall()]
        limited = f"SELECT 1 {table} LIMIT {COUNT_CAP + 1}"
        cursor.execute(f"SELECT count(*) FROM ({limited}) AS rows_found", values)  # noqa: S608
        return page, int(cursor.fetchone()[0])


def _marks(values: list[str]) -> str:
    return ", ".join(["%s"] * len(values)) or "NULL"


def _check_same(agent: Principal) -> None:
    if _page_and_count(_scoped(agent)) != _bare(agent):
        raise NotComparable("the list within rights and bare SQL do not return the same rows")
