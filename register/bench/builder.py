"""A register of any size to measure: drawn once, then multiplied over a made-up country.

`build` fills the register it is connected to, which must be migrated and hold the reference data
and the rule modules, and no demand yet.
"""

import time
from collections.abc import Callable

from django.utils import timezone

from register.bulk import settle
from register.demo.seed import seed
from register.models import Demand

from .multiply import Copy, Ground, multiply
from .nation import LARGE, REGIONS, SMALL, found_nation, landlord

__all__ = ["LARGE", "SMALL", "build", "landlord"]

SEED = 20_260_701
# Drawn one by one: enough to be varied, few enough to be quick.
MOST_DRAWN = 50_000

Report = Callable[[str], None]


def build(demands: int, report: Report) -> None:
    """Fill an empty register with exactly this number of demands; says how far it is.

    One landlord (`LARGE`) sees about 31 % of them, another (`SMALL`) about 1.4 %.
    """
    if Demand.objects.exists():
        raise LookupError("the register already holds demands: build in an empty one")
    rounds = -(-demands // (MOST_DRAWN * REGIONS))
    copies = rounds * REGIONS
    drawn = -(-demands // copies)
    started = time.monotonic()

    def tell(what: str, done: int, total: int) -> None:
        report(f"{what}: {done} of {total} ({time.monotonic() - started:.0f} s)")

    seed(
        # The demonstration's own applicant comes on top.
        demands=drawn - 1,
        seed_number=SEED,
        now=timezone.now(),
        report=lambda done, total: tell("drawn", done, total),
        in_bulk=True,
    )
    places = found_nation()
    ground = Ground.measured()
    left = demands - drawn
    written = []
    for rank in range(1, copies):
        taken = min(drawn, left)
        left -= taken
        if taken:
            written.append(Copy(rank, copies, places[rank % REGIONS], taken))
    multiply(ground, written, lambda done, total: tell("copied", done, total))
    settle()
    tell("indexed", Demand.objects.count(), demands)
