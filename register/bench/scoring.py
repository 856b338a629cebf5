"""The grid of points: the whole stock scored, and the first hundred demands of a home.

Beside the same grid written by hand in SQL, as the shipped demonstration grid stands.
"""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count

from register import access, bits, clock
from register.access import Action
from register.models import Demand, DemandAudience, DemandFacts
from register.parameters import parameter_bindings
from register.scoring import grid_of
from register.selectors.ranking import Home, compiled, eligible, rank, top_of
from rules import registry
from rules.comparing import months_before
from rules.kinds.scoring import Grid

from . import jsonlogic
from .builder import LARGE, landlord
from .measures import NotComparable, Options, Report, seconds

Query = tuple[str, tuple[Any, ...]]

DEPARTMENT = "21"
MODULE = "scoring-demo-21"
OURS = "whole stock, by the grid in force"
BARE = "whole stock, by hand-written SQL"
TOP = "first 100 demands of a home"
OURS_EACH = "our score, per demand of the whole stock"
JSON_LOGIC = "json-logic, per demand"
SAMPLE = 2_000


def measure(options: Options) -> Report:
    """Whole-stock scores by both ways, which must be equal, then the first hundred of a home."""
    grid = grid_of(DEPARTMENT)
    if grid is None or grid.code != MODULE or not DemandFacts.objects.exists():
        raise LookupError("load the demonstration, with its grid, first")
    today = clock.today()
    bare = _bare(today)
    if _spread(_ours(grid.body, today)) != _spread(bare):
        raise NotComparable("the grid and the SQL written by hand do not give the same scores")
    report = Report("scoring", "a grid of twenty criteria, over the stock and for one home")
    home, agent = _home(), landlord(LARGE)
    candidates = eligible(home)
    every = candidates.filter(demand__in=access.scope(agent, Action.LIST).values("pk"))
    if top_of(agent, home) != rank(every, grid.body, DEPARTMENT, today):
        raise NotComparable("the first of a home are not those of all its candidates")
    report.size = {"demands": DemandFacts.objects.count(), "candidates": candidates.count()}
    ours = _ours(grid.body, today)
    for _round in range(max(3, options.rounds // 3)):
        report.time(OURS, lambda: _total(ours), 3)
        report.time(BARE, lambda: _total(bare), 3)
    with registry.remembered():
        report.time(TOP, lambda: top_of(agent, home), options.rounds)
    _json_logic(report, grid.body, today)
    report.compare("rescore_ratio_to_sql", OURS, BARE)
    report.ratios["top100_ms"] = report.medians_ms[TOP]
    report.results |= {"demands": report.size["demands"], **report.ratios}
    return report


def _json_logic(report: Report, grid: Grid, today: date) -> None:
    """The same points by a json-logic library on a sample, one demand after the other."""
    evaluate, bindings = jsonlogic.evaluator(), parameter_bindings(DEPARTMENT, today)
    read = compiled(grid, DEPARTMENT, today)
    scored = DemandFacts.objects.filter(read.applies).annotate(points=read.score())
    points = dict(scored.order_by("pk").values_list("pk", "points")[:SAMPLE])
    demands = list(Demand.objects.filter(pk__in=points).select_related("facts"))
    logic = jsonlogic.grid_logic(grid, bindings)
    rows = jsonlogic.facts_of(demands, grid, registry.vocabulary(), bindings, today)
    found = [evaluate(logic, row) for row in rows]
    if [int(each) for each in found] != [int(points[demand.pk]) for demand in demands]:
        raise NotComparable("json-logic and the grid do not give the same points")

    def every() -> None:
        for row in rows:
            evaluate(logic, row)

    report.record(JSON_LOGIC, [seconds(every) / len(rows) for _round in range(3)])
    each = report.medians_ms[OURS] / report.size["demands"]
    report.medians_ms[OURS_EACH] = each
    report.ratios["jsonlogic_ratio"] = round(report.medians_ms[JSON_LOGIC] / each, 1)


def _home() -> Home:
    """A three-room flat in the commune that most demands wish."""
    most = (
        DemandAudience.objects.filter(audience__startswith="commune:", department=DEPARTMENT)
        .values("audience")
        .annotate(found=Count("demand"))
        .order_by("-found")
        .first()
    )
    if most is None:
        raise LookupError("no demand wishes any commune")
    return Home(most["audience"].removeprefix("commune:"), "T3", "plus")


def _ours(grid: Grid, today: date) -> Query:
    """The query that the grid compiles to: key and points of each demand it concerns."""
    read = compiled(grid, DEPARTMENT, today)
    rows = DemandFacts.objects.filter(read.applies).annotate(points=read.score())
    return rows.values_list("demand_id", "points").query.sql_with_params()


def _bare(today: date) -> Query:
    """The demonstration grid as somebody would write it by hand for this table."""
    figures = parameter_bindings(DEPARTMENT, today)
    received = [months_before(today, 6 * step).isoformat() for step in range(10, 0, -1)]
    steps = " ".join(f"WHEN received_on <= '{day}' THEN {10 - i}" for i, day in enumerate(received))
    abnormal = months_before(today, int(figures["parameter.deadline.abnormal_delay"])).isoformat()
    reason, home = (lambda code: 1 << bits.REASONS[code]), "current_housing"
    eviction, unfit, disability = reason("05"), reason("03"), reason("07")
    silent = bits.mask(["no_answer"], bits.DECLINES)
    sql = f"""
        SELECT demand_id,
          CASE WHEN (priority_labels & {_label("dalo")}) <> 0 THEN 50
            WHEN {_held("violence", "prostitution_exit", "trafficking")} THEN 40
            WHEN {_held("child_welfare")} THEN 25 ELSE 0 END
          + CASE WHEN {home} IN ('SD', 'SQUAT') THEN 40
            WHEN {home} IN ('SH', 'CDEFCM', 'RS', 'RHVS', 'HOT', 'SLHT') OR {_held("eviction")}
              OR (reasons & {eviction}) <> 0 OR ((reasons & {unfit}) <> 0 AND children >= 1) THEN 30
            WHEN has_disability AND (reasons & {disability}) <> 0 THEN 25
            WHEN {home} IN ('CPE', 'CP') OR over_occupied THEN 20 ELSE 0 END
          + CASE WHEN effort_ratio > {figures["parameter.effort.alert"]} THEN 10 ELSE 0 END
          + CASE WHEN {_held("essential_worker")} THEN 10 ELSE 0 END
          + CASE WHEN single_parent THEN 5 ELSE 0 END
          + CASE {steps} ELSE 0 END
          + CASE WHEN received_on <= '{abnormal}' THEN 10 ELSE 0 END
          - CASE WHEN (decline_reasons & {silent}) <> 0 THEN 10 ELSE 0 END AS points
        FROM register_demandfacts WHERE state NOT IN ('struck_off', 'merged', 'erased')
    """  # noqa: S608 - figures and codes of this repository only
    return sql, ()


def _label(*codes: str) -> int:
    return bits.mask(codes, bits.LABELS)


def _held(*codes: str) -> str:
    return f"((priority_labels | detected_priorities) & {_label(*codes)}) <> 0"


def _spread(query: Query) -> list[tuple[Any, ...]]:
    """How many demands have each number of points, and which in sum: equal when scores are."""
    sql, params = query
    each = f"SELECT points, COUNT(*), SUM(demand_id) FROM ({sql}) AS scored GROUP BY points"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{each} ORDER BY points", params)
        return list(cursor.fetchall())


def _total(query: Query) -> None:
    sql, params = query
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT SUM(points) FROM ({sql}) AS scored", params)  # noqa: S608
        cursor.fetchone()
