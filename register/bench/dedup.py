"""How well and how fast people registered twice are found, where it is known who is who.

A file of somebody else's (`--labelled`), or a drawn set. The people are written in the register
for the time of the measure, in a transaction that is always taken back.
"""

import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from django.db import transaction

from register.bulk import insert_rows
from register.duplicates.identity import as_columns
from register.duplicates.labelled import Labelled, labelled, read_labelled
from register.duplicates.linkage import COLUMNS, TERRITORY, Linked, link
from register.duplicates.model import model
from register.models import Identity
from register.services.identities import people_like

from .measures import Options, Report, seconds
from .people_twice import people_twice

# Another seed than the one that the model was trained with.
SEED, PEOPLE, SEARCHES, BATCH = 20_260_905, 20_000, 1_000, 10_000
# Keys of people who are in no demand.
FIRST_KEY = -1_000_000_000
SEARCH = "people like one at insert"


def measure(options: Options) -> Report:
    """Precision and recall of the night's linkage, its duration, and the search at insert."""
    people = _people(options)
    report = Report("dedup", "people registered twice")
    report.size = {"people": len(people)}
    with transaction.atomic():
        _write(people)
        searched = people[:: max(1, len(people) // SEARCHES)]
        report.record(
            SEARCH, [seconds(partial(people_like, each.person, TERRITORY)) for each in searched]
        )
        started = time.perf_counter()
        rows = Identity.objects.filter(territory=TERRITORY).values_list("person_id", *COLUMNS[1:])
        found = link(rows.iterator(chunk_size=BATCH))
        nightly = time.perf_counter() - started
        transaction.set_rollback(True)
    precision, recall = judged(people, found)
    report.results = {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "insert_p95_ms": report.p95_ms[SEARCH],
        "nightly_seconds": round(nightly, 2),
        "people": len(people),
        "pairs": len(found),
        "threshold": model().threshold,
        "set": options.labelled or "drawn",
    }
    return report


def judged(people: Sequence[Labelled], found: Sequence[Linked]) -> tuple[float, float]:
    """Which share of the pairs found are true, and which share of the true ones are found."""
    clusters = [each.cluster for each in people]
    true = sum(count * (count - 1) // 2 for count in Counter(clusters).values())
    good = sum(
        clusters[pair.left - FIRST_KEY] == clusters[pair.right - FIRST_KEY] for pair in found
    )
    return good / len(found) if found else 1.0, good / true if true else 1.0


def _people(options: Options) -> list[Labelled]:
    if options.labelled:
        return read_labelled(Path(options.labelled))
    return labelled(people_twice(options.people or PEOPLE, SEED))


def _write(people: Sequence[Labelled]) -> None:
    for start in range(0, len(people), BATCH):
        insert_rows(
            Identity,
            [
                {
                    "person_id": FIRST_KEY + start + rank,
                    "demand_id": FIRST_KEY + start + rank,
                    "territory": TERRITORY,
                    **as_columns(each.person, TERRITORY),
                }
                for rank, each in enumerate(people[start : start + BATCH])
            ],
        )
