"""Fills the register with synthetic demands: through the services when few, in bulk when many."""

import uuid
from collections import Counter as Tally
from collections.abc import Callable
from datetime import datetime
from typing import Any

from register import clock
from register.bulk import (
    copy_text,
    insert_rows,
    loading,
    refresh_statistics,
    restart_sequences,
)
from register.demo.accounts import agents_by_organisation, ensure_accounts
from register.demo.cast import write_applicant_demand
from register.demo.chunks import TABLES, chunks
from register.demo.places import Places
from register.demo.proposal import propose
from register.demo.replay import replay
from register.demo.specimen import specimen_row, uploader
from register.demo.synthetic import draw_demand
from register.models import Counter, Demand, Department, NumberCounter
from register.services.facts_upkeep import refresh_due_facts
from register.services.waiting_times import keep_waiting_times
from rules import registry

SERVICES_UP_TO = 300
Report = Callable[[int, int], None]


def seed(
    *, demands: int, seed_number: int, now: datetime, report: Report, in_bulk: bool | None = None
) -> None:
    """Write `demands` synthetic demands and that of the demonstration's applicant.

    The same seed, reference data and hour always give the same demands.

    A change of the charter is proposed, too (`proposal.py`). `report(done, total)` is called along
    the way. Raises LookupError when the reference data or the rule modules are not loaded yet.
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
    with clock.at(now):
        refresh_due_facts()
        keep_waiting_times()
    refresh_statistics()
    propose()


def _through_services(demands: int, seed_number: int, now: datetime, report: Report) -> None:
    places, agents = Places(), agents_by_organisation()
    with registry.remembered():
        for index in range(demands):
            replay(draw_demand(seed_number, index, places, now), agents)
            if index % 20 == 19:
                report(index + 1, demands)
    report(demands, demands)


def _in_bulk(demands: int, seed_number: int, now: datetime, report: Report) -> None:
    specimen_row(uuid.UUID(int=0), now, uploader().pk)
    numbers = _Numbers()
    with chunks(demands, seed_number, now) as drawn, loading(TABLES):
        done = 0
        for chunk in drawn:
            for values in chunk.demands:
                values["number"] = numbers.give(values)
            insert_rows(Demand, chunk.demands)
            for model, rows in chunk.others:
                if isinstance(rows, bytes):
                    copy_text(model, rows)
                else:
                    insert_rows(model, rows)
            done += len(chunk.demands)
            report(done, demands)
        numbers.save()
    restart_sequences(TABLES)


class _Numbers:
    """Gives numbers like `numbers.allocate_number`, remembering the last of each month."""

    def __init__(self) -> None:
        self.prefixes = {d.pk: d.number_prefix for d in Department.objects.all()}
        self.last: Tally[tuple[str, str]] = Tally()
        for counter in NumberCounter.objects.all():
            self.last[counter.territory, counter.period] = counter.last

    def give(self, demand: dict[str, Any]) -> str:
        """The next number of the department and month of a demand's values."""
        key = (self.prefixes[demand["department_id"]], f"{demand['received_on']:%m%y}")
        self.last[key] += 1
        return f"{key[0]}{key[1]}{self.last[key]:06d}{demand['counter_id']}"

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
