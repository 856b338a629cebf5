"""Draws synthetic demands a few thousand at a time, in several processes where rows are copied."""

import multiprocessing
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.models import Model

from register.bulk import as_copy_text, can_copy
from register.demo.accounts import agents_by_organisation
from register.demo.places import Places
from register.demo.rows import RowWriter
from register.demo.synthetic import draw_demand
from register.models import (
    Contact,
    CurrentHousing,
    Demand,
    DemandAudience,
    DemandFacts,
    Document,
    Event,
    Income,
    Label,
    Need,
    Person,
    Reason,
    StoredFile,
    WishedCommune,
    WishedType,
)
from rules import registry

# Parents before children.
TABLES: tuple[type[Model], ...] = (
    Demand,
    Person,
    Income,
    Need,
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
SIZE = 2000
PROCESSES = 2
WORTH_PROCESSES = 10_000


@dataclass(frozen=True)
class Chunk:
    """Rows of consecutive demands: values of the demands, rows or COPY text of everything else."""

    demands: list[dict[str, Any]]
    others: list[tuple[type[Model], list[dict[str, Any]] | bytes]]


class Drawer:
    """Draws chunks; one per process, with the reference data it needs already read."""

    def __init__(self, seed_number: int, now: datetime) -> None:
        self.seed_number = seed_number
        self.now = now
        self.places = Places()
        versions = [module.version_id for module in registry.in_force("rights")]
        self.writer = RowWriter(agents_by_organisation(), versions, now)

    def draw(self, indexes: range, *, as_text: bool) -> Chunk:
        """The rows of these demands; the numbers are given by whoever writes them."""
        rows: dict[type[Model], list[dict[str, Any]]] = defaultdict(list)
        with registry.remembered():
            for index in indexes:
                synthetic = draw_demand(self.seed_number, index, self.places, self.now)
                for model, values in self.writer.write(synthetic, number=""):
                    rows[model].append(values)
        others = [
            (model, as_copy_text(model, rows[model]) if as_text else rows[model])
            for model in TABLES
            if model is not Demand
        ]
        return Chunk(rows[Demand], others)


@contextmanager
def chunks(demands: int, seed_number: int, now: datetime) -> Iterator[Iterable[Chunk]]:
    """The chunks of a register of this size, in order, whoever draws them."""
    ranges = [range(start, min(start + SIZE, demands)) for start in range(0, demands, SIZE)]
    if not can_copy() or demands < WORTH_PROCESSES:
        drawer = Drawer(seed_number, now)
        yield (drawer.draw(indexes, as_text=False) for indexes in ranges)
        return
    # Each process reads its reference data on its own connection before the tables are locked.
    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(PROCESSES + 1)
    with context.Pool(PROCESSES, _prepare, (seed_number, now, ready)) as pool:
        ready.wait(timeout=120)
        yield pool.imap(_draw, ranges)


_drawer: Drawer | None = None


def _prepare(seed_number: int, now: datetime, ready: Any) -> None:
    global _drawer
    _drawer = Drawer(seed_number, now)
    connections.close_all()
    ready.wait(timeout=120)


def _draw(indexes: range) -> Chunk:
    if _drawer is None:
        raise RuntimeError("a drawing process was not prepared")
    return _drawer.draw(indexes, as_text=True)
