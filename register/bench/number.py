"""Registration numbers given per second, by one thread and by several at once."""

import time
from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models import F

from register.models import NumberCounter
from register.numbers import allocate_number

from .measures import NotComparable, Options, Report, in_threads

# A department that does not exist, in a month before any register: no real sequence moves.
NOWHERE = "979"
LONG_AGO = date(2000, 1, 1)
EACH = 40

ALONE = "allocations, one thread"
TOGETHER = "allocations, {n} threads"
FLOOR = "bare increments, one thread"


def measure(options: Options) -> Report:
    """Allocations per second in their own transactions, beside the barest increment."""
    report = Report("number", "registration numbers given per second")
    together = TOGETHER.format(n=options.threads)
    report.size = {"threads": options.threads, "numbers per thread": EACH}
    try:
        _given, report.per_second[ALONE] = _rate(_allocate, 1)
        given, report.per_second[together] = _rate(_allocate, options.threads)
        if len(set(given)) != len(given):
            raise NotComparable("two threads were given the same number")
        _counted, report.per_second[FLOOR] = _rate(_increment, 1)
    finally:
        NumberCounter.objects.filter(territory=NOWHERE).delete()
    report.compare("several threads, against one", together, ALONE)
    report.compare("one thread, against a bare increment", ALONE, FLOOR)
    return report


def _rate(call: Callable[[], str], threads: int) -> tuple[list[str], float]:
    """What the calls gave, and how many there were per second."""
    call()
    done, spent = in_threads(lambda _worker: [call() for _turn in range(EACH)], threads)
    return done, round(len(done) / max(spent, time.get_clock_info("perf_counter").resolution), 1)


def _allocate() -> str:
    with transaction.atomic():
        return allocate_number(
            department_prefix=NOWHERE, counter_code="BENCH", received_on=LONG_AGO
        )


def _increment() -> str:
    with transaction.atomic():
        NumberCounter.objects.filter(territory=NOWHERE).update(last=F("last") + 1)
        return ""
