"""Fills the register with synthetic demands: through the services when few, in bulk when many."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from register.bulk import insert_rows, refresh_statistics, restart_sequences
from register.demo.accounts import agents_by_organisation, ensure_accounts
from register.demo.cast import write_applicant_demand
from register.demo.places import Places
from register.demo.replay import replay
from register.demo.rows import RowWriter
from register.demo.specimen import specimen_row, uploader
from register.demo.synthetic import draw_demand
from register.models import (
    Contact,
    Counter,
    CurrentHousing,
    Demand,
    DemandAudience,
    DemandFacts,
    Department,
    Document,
    Event,
    Income,
    Label,
    NumberCounter,
    Person,
    Reason,
    StoredFile,
    WishedCommune,
    WishedType,
)
from rules import registry

SERVICES_UP_TO = 300
CHUNK = 4000
# Parents before children.
TABLES: tuple[type[Model], ...] = (
    Demand,
    Person,
    Income,
    Contact,
    CurrentHousing,
    Reason,
    WishedType,
    WishedCommune,
    StoredFile,
    Document,
    Label,
    Event,
    DemandFacts,
    DemandAudience,
)

Report = Callable[[int, int], None]


def seed(
    *, demands: int, seed_number: int, now: datetime, report: Report, in_bulk: bool | None = None
) -> None:
    """Write `demands` synthetic demands and that of the demonstration's applicant.

    The same seed, reference data and hour always give the same demands.

    `report(done, total)` is called along the way. Raises LookupError when the reference data or
    the rule modules are not loaded yet.
    """
    if not Counter.objects.exists() or not registry.in_force("rights"):
        raise LookupError("load the reference data and install the rule modules first")
    ensure_accounts()
    uploader()
    bulk = demands > SERVICES_UP_TO if in_bulk is None else in_bulk
    write = _in_bulk if bulk else _through_services
    write(demands, seed_number, now, report)
    with registry.remembered():
        write_applicant_demand(seed_number=seed_number, agents=agents_by_organisation(), now=now)
    refresh_statistics()


def _through_services(demands: int, seed_number: int, now: datetime, report: Report) -> None:
    places, agents = Places(), agents_by_organisation()
    with registry.remembered():
        for index in range(demands):
            replay(draw_demand(seed_number, index, places, now), agents)
            if index % 20 == 19:
                report(index + 1, demands)
    report(demands, demands)


def _in_bulk(demands: int, seed_number: int, now: datetime, report: Report) -> None:
    places, agents = Places(), agents_by_organisation()
    specimen_row(draw_demand(seed_number, 0, places, now).stored_file, now, uploader().pk)
    versions = [module.version_id for module in registry.in_force("rights")]
    writer = RowWriter(agents, versions)
    numbers = _Numbers()
    with registry.remembered():
        for start in range(0, demands, CHUNK):
            end = min(start + CHUNK, demands)
            rows: dict[type[Model], list[Model]] = defaultdict(list)
            for index in range(start, end):
                synthetic = draw_demand(seed_number, index, places, now)
                number = numbers.give(
                    synthetic.portrait.application.department,
                    synthetic.deposited_at,
                    synthetic.counter,
                )
                for row in writer.write(synthetic, number):
                    rows[type(row)].append(row)
            with transaction.atomic():
                for model in TABLES:
                    insert_rows(model, rows[model])
                numbers.save()
            report(end, demands)
    restart_sequences(TABLES)


class _Numbers:
    """Gives numbers like `numbers.allocate_number`, remembering the last of each month."""

    def __init__(self) -> None:
        self.prefixes = {d.pk: d.number_prefix for d in Department.objects.all()}
        self.last: Tally[tuple[str, str]] = Tally()
        for counter in NumberCounter.objects.all():
            self.last[counter.territory, counter.period] = counter.last

    def give(self, department: str, at: datetime, counter_code: str) -> str:
        key = (self.prefixes[department], f"{at:%m%y}")
        self.last[key] += 1
        return f"{key[0]}{key[1]}{self.last[key]:06d}{counter_code}"

    def save(self) -> None:
        NumberCounter.objects.bulk_create(
            [
                NumberCounter(territory=territory, period=period, last=last)
                for (territory, period), last in self.last.items()
            ],
            update_conflicts=True,
            unique_fields=["territory", "period"],
            update_fields=["last"],
        )
