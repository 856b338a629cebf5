"""A new agreement on a third of the country: when its demands show, and when they are counted.

It names EPCIs, too many for the demands wished in several to be told apart at once: the first page
shows them, their count stops at its cap; the audience built in the background counts them all.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db.models import Count

from register.bulk import settle
from register.models import (
    Agreement,
    AgreementStatus,
    Commune,
    Demand,
    DemandAudience,
    Epci,
    StockHolding,
)
from register.selectors.audience_list import MOST_APART
from register.selectors.worklist import PAGE_SIZE, WorklistPage, read_page
from register.selectors.worklist_filter import Sort, WorklistFilter
from register.services.built_audiences import build_waiting, follow
from rules import registry

from .builder import SMALL, landlord
from .measures import NotComparable, Options, Report

SHARE = 3
EVERY = WorklistFilter(sort=Sort.NEWEST)


def measure(options: Options) -> Report:
    """Signs, reads the first page, builds the audience, counts; then leaves nothing behind."""
    report = Report("grant", "a new agreement on a third of all demands, read and counted")
    demands = Demand.objects.count()
    places, granted = _places(demands)
    report.size = {"demands": demands, "granted": granted, "places": len(places)}
    stocked = _stock_for(places)
    started = time.perf_counter()
    with _signed(places, stocked):
        page = _page()
        shown = time.perf_counter() - started
        build_waiting()
        exact = _page()
        counted = time.perf_counter() - started
        _check(page, exact, granted)
        settle()
        report.time("page and exact count", _page, options.rounds)
    report.results = {
        "grant_seconds": round(shown, 4),
        "grant_exact_count_seconds": round(counted, 2),
        "count_at_once": page.count,
        "count_after": exact.count,
    }
    return report


def _check(page: WorklistPage, exact: WorklistPage, granted: int) -> None:
    first = [row.demand.pk for row in page.rows]
    if len(first) < min(PAGE_SIZE, granted // 4):
        raise NotComparable("the new agreement opens nothing")
    if exact.count_is_capped or [row.demand.pk for row in exact.rows] != first:
        raise NotComparable("the audience and the rights do not give the same list, counted")


def _page() -> WorklistPage:
    """As one request does it."""
    with registry.remembered():
        return read_page(landlord(SMALL), EVERY)


def _places(demands: int) -> tuple[list[str], int]:
    """EPCIs, the most wished first, until a third of the demands wishes one; and how many do."""
    epcis = DemandAudience.objects.filter(audience__startswith="epci:").values_list("audience")
    chosen: list[str] = []
    rows = granted = 0
    for key, number in epcis.annotate(n=Count("demand")).order_by("-n", "audience"):
        chosen.append(key)
        rows += number
        if len(chosen) > MOST_APART and rows * SHARE >= demands:
            found = DemandAudience.objects.filter(audience__in=chosen)
            granted = found.aggregate(n=Count("demand", distinct=True))["n"]
            if granted * SHARE >= demands:
                break
    if not granted:
        raise LookupError("not enough EPCIs: build a register first (bench build --demands)")
    return [key.partition(":")[2] for key in chosen], granted


def _stock_for(epcis: list[str]) -> list[StockHolding]:
    """Homes where the landlord has none yet: without, the agreement would open nothing there."""
    body = landlord(SMALL).organisation
    held = set(StockHolding.objects.filter(organisation=body).values_list("department", flat=True))
    named = set(Commune.objects.filter(epci__in=epcis).values_list("department", flat=True))
    return [
        StockHolding(organisation=body, department_id=code, homes=1)
        for code in sorted(named - held)
    ]


@contextmanager
def _signed(epcis: list[str], stocked: list[StockHolding]) -> Iterator[None]:
    body = landlord(SMALL).organisation
    agreement = Agreement.objects.create(
        organisation_id=body.pk if body else 0,
        purpose="Bench",
        starts_on=date(2020, 1, 1),
        status=AgreementStatus.SIGNED,
    )
    agreement.epcis.set(Epci.objects.filter(pk__in=epcis))
    StockHolding.objects.bulk_create(stocked)
    follow(agreement.organisation)
    try:
        yield
    finally:
        agreement.delete()
        StockHolding.objects.filter(pk__in=[each.pk for each in stocked]).delete()
        follow(agreement.organisation)
        build_waiting()
        settle()
