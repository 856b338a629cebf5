"""Rights at national scale: lists, counts, decisions, writes, a new agreement; beside other ways.

On the register that `builder.build` made. Every way of listing is checked to give the same demands
before it is timed, and all are timed in turn, round after round, on the same rows.
"""

# ruff: noqa: S608  (only names of tables and numbers of this module are put in the text)

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.lookups import GreaterThan
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import get_objects_for_user

from register import access, bits, clock, codes
from register.access import Action
from register.bulk import settle
from register.models import (
    LIVE_STATES,
    Agreement,
    AgreementStatus,
    Demand,
    DemandAudience,
    DemandUserPermission,
    Department,
    StockHolding,
    WishedType,
)
from register.principals import Principal
from register.selectors.cursor import Cursor
from register.selectors.worklist import PAGE_SIZE, read_lines_from, read_page
from register.selectors.worklist_filter import Sort, WorklistFilter
from register.services.acts import propose_candidate, refuse_candidate
from rules import registry

from .builder import LARGE, SMALL, landlord
from .measures import NotComparable, Options, Report, seconds
from .searching import searches

HOME_TYPE = "T3"
WANTED = WorklistFilter(home_type=HOME_TYPE, sort=Sort.NEWEST)
OURS, SQL = "ours: page and count", "hand-written SQL: page and count"
PAGE, DEEP = "ours: page alone", "ours: deep page alone"
BY_BITS = "django-guardian, wishes as bits: page and count"
BY_ROWS = "django-guardian, wishes as rows: page and count"
NAIVE = "rule as EXISTS or column: page and count"
# Ways that take seconds are timed in one round of this many; the others several times a round, once
# what those seconds left in the caches of the machine is gone.
SLOW, SLOW_EACH, QUICK_EACH = (BY_BITS, BY_ROWS, NAIVE), 5, 5
TABLE = "bench_wished"
Found = tuple[list[int], int]


def measure(options: Options) -> Report:
    """Both landlords in turn, then decisions, writes and a new agreement."""
    report = Report("access", "rights at national scale, against SQL, guardian and EXISTS")
    report.size = {"demands": Demand.objects.count()}
    with _baselines():
        for code in (LARGE, SMALL):
            _lists(report, code, options.rounds)
    settle()  # the rows of the other ways have just been removed
    agent = landlord(LARGE)
    _decisions(report, options.rows)
    _writes(report, agent, max(20, options.rounds))
    report.results["grant_seconds"] = _grant(report.size["demands"])
    large = report.results["landlords"][LARGE]
    report.results |= {"demands": report.size["demands"], **large}
    return report


def _lists(report: Report, code: str, rounds: int) -> None:
    agent = landlord(code)
    middle = _middle(agent)
    deep = Cursor(True, middle, 0)
    ways: dict[str, Callable[[], Any]] = {
        PAGE: lambda: _drawn(agent),
        DEEP: lambda: _drawn(agent, deep),
        OURS: lambda: _ours(agent),
        SQL: lambda: _by_sql(agent),
        BY_BITS: lambda: _page_and_count(_by_guardian(agent), _as_bits),
        BY_ROWS: lambda: _page_and_count(_by_guardian(agent), _as_rows),
        NAIVE: lambda: _page_and_count(_naively(agent), _as_rows),
    }
    expected = ways[SQL]()
    for name in (OURS, *SLOW):
        if ways[name]() != expected:
            raise NotComparable(f"{name} and hand-written SQL do not return the same rows")
    if ways[PAGE]() != expected[0] or (expected[1] > 4 * PAGE_SIZE and not ways[DEEP]()):
        raise NotComparable("the page alone is not the page that was counted")
    for name, spent in _in_turn(ways, rounds).items():
        report.record(f"{code} {name}", spent)
    for name, search in searches(agent).items():
        report.time(f"{code} {name}", search, rounds)
    seen = access.scope(agent, Action.LIST).count()
    medians, slow = report.medians_ms, report.p95_ms
    guardian = min(medians[f"{code} {name}"] for name in (BY_BITS, BY_ROWS))
    report.results.setdefault("landlords", {})[code] = {
        "landlord_share": round(seen / report.size["demands"], 4),
        "counted": expected[1],
        "page_count_ratio_to_sql": _ratio(medians[f"{code} {OURS}"], medians[f"{code} {SQL}"]),
        "page_count_p95_ms": slow[f"{code} {OURS}"],
        "page_p95_ms": slow[f"{code} {PAGE}"],
        "deep_page_p95_ms": slow[f"{code} {DEEP}"],
        "search_name_p95_ms": slow[f"{code} search_name"],
        "search_number_p95_ms": slow[f"{code} search_number"],
        "guardian_ratio": _ratio(guardian, medians[f"{code} {OURS}"]),
    }


def _in_turn(ways: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """How long each way takes, one after the other, round after round."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    quick = {name: way for name, way in ways.items() if name not in SLOW}
    for turn in range(rounds):
        for way in quick.values():
            way()
        for _again in range(QUICK_EACH):
            for name, way in quick.items():
                times[name].append(seconds(way))
        for name in SLOW if turn % SLOW_EACH == 0 else ():
            times[name].append(seconds(ways[name]))
    return times


def _ratio(one: float, other: float) -> float:
    return round(one / other, 2)


def _drawn(agent: Principal, cursor: Cursor | None = None) -> list[int]:
    """As one request does it: rights read again, keys, demands, what is drawn."""
    with registry.remembered():
        lines = read_lines_from(_anew(agent), WANTED, cursor)
    return [row.demand.pk for row in lines.rows]


def _ours(agent: Principal) -> Found:
    """The same, with the exact count."""
    with registry.remembered():
        page = read_page(_anew(agent), WANTED)
    if page.count_is_capped:
        raise NotComparable("the count is not exact")
    return [row.demand.pk for row in page.rows], page.count


def _anew(agent: Principal) -> Principal:
    """The same agent at another request: what opens something to her is read again."""
    return Principal(agent.kind, agent.user, agent.membership)


def _middle(agent: Principal) -> date:
    """The day of the demand half-way through the list."""
    listed = access.scope(agent, Action.LIST).filter(state__in=LIVE_STATES)
    dates = listed.order_by("-received_on").values_list("received_on", flat=True)
    half = listed.order_by().count() // 2
    return next(iter(dates[half : half + 1]), clock.today())


def _as_rows(demands: Any) -> Any:
    """The wished type, in the table of wishes."""
    return demands.filter(Exists(WishedType.objects.filter(demand=OuterRef("pk"), code=HOME_TYPE)))


def _as_bits(demands: Any) -> Any:
    """The same in the facts row, which every demand has and the page reads anyway."""
    bit = bits.mask([HOME_TYPE], bits.HOME_TYPES)
    return demands.filter(GreaterThan(F("facts__wished_home_types").bitand(bit), 0))


def _page_and_count(demands: Any, wished: Callable[[Any], Any]) -> Found:
    """The filter of the list, as a user of the ORM writes it."""
    demands = wished(demands.filter(state__in=LIVE_STATES, is_sealed=False))
    page = demands.select_related("facts").order_by("-received_on", "-pk")[:PAGE_SIZE]
    return [demand.pk for demand in page], demands.order_by().count()


def _by_guardian(agent: Principal) -> Any:
    return get_objects_for_user(
        agent.user, "register.view_demand", Demand, use_groups=False, with_superuser=False
    )


def _naively(agent: Principal) -> Any:
    keys = [f"dep:{code}" for code in _departments(agent)]
    keys.append(f"org:{agent.organisation.pk}")  # type: ignore[union-attr]
    found = DemandAudience.objects.filter(demand=OuterRef("pk"), audience__in=keys)
    return Demand.objects.filter(Q(Exists(found)) | Q(registered_by=agent.organisation))


def _departments(agent: Principal) -> list[str]:
    return sorted(agent.facts["organisation.stock_departments"])


def _by_sql(agent: Principal) -> Found:
    """What somebody who knows both index and question would write; the same columns are read."""
    departments = _departments(agent)
    marks = ", ".join(["%s"] * len(departments))
    body = agent.organisation.pk  # type: ignore[union-attr]
    ordered = f"ORDER BY received_on DESC, demand_id DESC LIMIT {PAGE_SIZE}"
    inside = f"SELECT demand_id, received_on FROM {TABLE} WHERE department = %s AND code = %s"
    outside = (
        f"SELECT demand_id, received_on FROM {TABLE}"
        f" WHERE body = %s AND code = %s AND department NOT IN ({marks})"
    )
    pieces = [*([inside] * len(departments)), outside]
    values: list[Any] = [value for each in departments for value in (each, HOME_TYPE)]
    values += [body, HOME_TYPE, *departments]
    page = " UNION ALL ".join(
        f"SELECT * FROM ({piece} {ordered}) AS p{rank}" for rank, piece in enumerate(pieces)
    )
    every = " UNION ALL ".join(
        f"SELECT COUNT(*) FROM ({piece}) AS p{rank}" for rank, piece in enumerate(pieces)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.*, f.* FROM (SELECT * FROM ({page}) AS pages {ordered}) AS k"
            " JOIN register_demand d ON d.id = k.demand_id"
            " JOIN register_demandfacts f ON f.demand_id = d.id"
            " ORDER BY k.received_on DESC, k.demand_id DESC",
            values,
        )
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute(every, values)
        return found, sum(row[0] for row in cursor.fetchall())


@contextmanager
def _baselines() -> Iterator[None]:
    """The covering table of the SQL, and guardian's rows for the two agents; gone afterwards."""
    live = ", ".join(f"'{state}'" for state in LIVE_STATES)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(
            f"CREATE TABLE {TABLE} AS SELECT d.id AS demand_id, d.department_id AS department,"
            " d.registered_by_id AS body, w.code AS code, d.received_on AS received_on"
            " FROM register_demand d JOIN register_wishedtype w ON w.demand_id = d.id"
            f" WHERE d.state IN ({live}) AND NOT d.is_sealed"
        )
        for name, first in (("place", "department, code"), ("body", "body, code, department")):
            cursor.execute(
                f"CREATE INDEX {TABLE}_{name} ON {TABLE} ({first}, received_on, demand_id)"
            )
    _forget_guardian_rows()  # of a run that was stopped
    _guardian_rows()
    settle()
    try:
        yield
    finally:
        _forget_guardian_rows()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")


def _forget_guardian_rows() -> None:
    DemandUserPermission.objects.all()._raw_delete(DemandUserPermission.objects.db)


def _guardian_rows() -> None:
    permission = Permission.objects.get(
        codename="view_demand", content_type__app_label="register", content_type__model="demand"
    )
    table = DemandUserPermission._meta.db_table
    columns = "content_object_id, permission_id, user_id"
    for code in (LARGE, SMALL):
        agent = landlord(code)
        person = agent.user.pk if agent.user else 0
        seen = access.scope(agent, Action.LIST).order_by()
        rows = seen.values_list("pk", Value(permission.pk), Value(person))
        query, values = rows.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({columns}) {query}", values)


def _decisions(report: Report, rows: int) -> None:
    agent = landlord(LARGE)
    shown = Demand.objects.select_related("facts").order_by("submission_token")[:rows]
    times, most = [], 0
    for demand in list(shown):
        fresh = _anew(agent)
        with registry.remembered(), CaptureQueriesContext(connection) as queries:
            access.decide(fresh, Action.VIEW, demand)
        most = max(most, len(queries))
        fresh = _anew(agent)
        with registry.remembered():
            times.append(seconds(lambda: access.decide(fresh, Action.VIEW, demand)))  # noqa: B023
    report.record("decide", times)
    report.results |= {"decide_p95_ms": report.p95_ms["decide"], "decide_queries": most}


def _writes(report: Report, agent: Principal, rounds: int) -> None:
    """Changes of state: the demand, its facts, its story, what was decided, what is sent."""
    demands = list(
        access.scope(agent, Action.RECORD_ACT)
        .filter(state="active", documents__isnull=False)
        .prefetch_related("wished_communes")  # whoever proposes has read the file
        .order_by("pk")[: rounds + 1]
    )
    with registry.remembered():
        for first in demands[:1]:
            _propose(agent, first)
            _refuse(agent, first)
    times = []
    for demand in demands[1:]:
        with registry.remembered():
            times.append(seconds(lambda: _propose(agent, demand)))  # noqa: B023
            times.append(seconds(lambda: _refuse(agent, demand)))  # noqa: B023
    report.record("write", times)
    report.results["write_p95_ms"] = report.p95_ms["write"]


def _propose(agent: Principal, demand: Demand) -> None:
    wish = demand.wished_communes.all()[0]
    propose_candidate(principal=agent, demand=demand, home_type=HOME_TYPE, commune=wish.commune_id)


def _refuse(agent: Principal, demand: Demand) -> None:
    refuse_candidate(principal=agent, demand=demand, reason=codes.RefusalReason.BETTER_RANKED)


def _grant(demands: int) -> float:
    """Seconds from the signature of an agreement on a third of the country to its first page."""
    agent = landlord(SMALL)
    body = agent.organisation.pk if agent.organisation else 0
    wanted, opened = [], 0
    counted = Demand.objects.values_list("department").annotate(n=Count("pk")).order_by("-n")
    for code, number in counted:
        if opened * 3 < demands:
            wanted.append(code)
            opened += number
    held = StockHolding.objects.filter(organisation_id=body).values_list("department_id", flat=True)
    new = set(wanted).difference(held)
    with transaction.atomic():
        started = time.perf_counter()
        agreement = Agreement.objects.create(
            organisation_id=body,
            purpose="Bench",
            starts_on=date(2020, 1, 1),
            status=AgreementStatus.SIGNED,
        )
        agreement.departments.set(Department.objects.filter(pk__in=wanted))
        StockHolding.objects.bulk_create(
            [StockHolding(organisation_id=body, department_id=each, homes=1) for each in new]
        )
        page = read_page(landlord(SMALL), WorklistFilter(sort=Sort.NEWEST))
        spent = time.perf_counter() - started
        if len(page.rows) < min(PAGE_SIZE, opened // 4):
            raise NotComparable("the new agreement opens nothing")
        transaction.set_rollback(True)
    return round(spent, 4)
