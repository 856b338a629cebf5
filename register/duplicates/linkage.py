"""Looks over the people of a territory at once, and says which of them may be one (splink).

The library reads the trained figures, blocks with the same keys as the search of one person, and
runs inside this process in DuckDB, within a limited memory. It is an extra of the installation:
without it nothing else is lost.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from .comparison import FIELDS, MACROS, Field, Level
from .identity import BLOCKS, COMPARED, Identity, as_columns
from .model import SHARE_TWICE, Model, model

MEMORY = "2GB"
BATCH = 50_000
COLUMNS = ("id", *COMPARED, "first_sound", *BLOCKS)
TERRITORY = "file"
PEOPLE = """
    CREATE TABLE people AS SELECT *, replace(first_names, ' ', '') AS first,
    string_split(first_names, ' ')[1] AS first_token FROM told
"""


class NotInstalled(LookupError):
    """The libraries of the linkage are not there."""


Row = tuple[Any, ...]


@dataclass(frozen=True)
class Linked:
    """Two people who may be one, and how likely."""

    left: int
    right: int
    weight: float
    probability: float


def link(people: Iterable[Row], *, threshold: float | None = None) -> list[Linked]:
    """Pairs above the threshold among people told as rows of `COLUMNS`."""
    with linker(people, model()) as linking:
        found = linking.inference.predict(
            threshold_match_probability=model().threshold if threshold is None else threshold
        )
        rows = linking._db_api.duckdb_con.execute(
            "SELECT id_l, id_r, match_weight, match_probability"  # noqa: S608
            f" FROM {found.physical_name}"
        )
        return [Linked(*row) for row in rows.fetchall()]


@contextmanager
def linker(people: Iterable[Row], used: Model, extra: tuple[str, ...] = ()) -> Iterator[Any]:
    """The library's linker over these people, gone with its files afterwards."""
    try:
        import duckdb
        from splink import DuckDBAPI, Linker
    except ImportError as fault:
        raise NotInstalled(
            _("The record linkage needs splink, duckdb and pyarrow: see requirements.txt.")
        ) from fault
    table = _table(people, (*COLUMNS, *extra))
    with TemporaryDirectory(prefix="linkage-") as folder, duckdb.connect() as engine:
        engine.execute(f"SET memory_limit='{MEMORY}'")
        engine.execute(f"SET temp_directory='{folder}'")
        for macro in MACROS:
            engine.execute(macro)
        api = DuckDBAPI(engine)
        engine.register("told", table)
        engine.execute(PEOPLE)
        yield Linker(api.register("people"), settings(used, table.num_rows), log_level="ERROR")


def _table(people: Iterable[Row], names: tuple[str, ...]) -> Any:
    """The rows as a table, a batch at a time: a million people would fill the memory twice."""
    import pyarrow

    numbers = {"id", *BLOCKS}
    kinds = [(n, pyarrow.int64() if n in numbers else pyarrow.string()) for n in names]
    schema, rows, batches = pyarrow.schema(kinds), iter(people), []
    while batch := list(islice(rows, BATCH)):
        arrays = [
            pyarrow.array(column, kind)
            for column, (_name, kind) in zip(zip(*batch, strict=True), kinds, strict=True)
        ]
        batches.append(pyarrow.RecordBatch.from_arrays(arrays, schema=schema))
    return pyarrow.Table.from_batches(batches, schema=schema)


def row_of(key: int, person: Identity, *extra: str) -> Row:
    """A person at hand, as a row for the linkage."""
    columns = as_columns(person, TERRITORY)
    return (key, *(columns[name] for name in COLUMNS[1:]), *extra)


def settings(used: Model, people: int) -> dict[str, Any]:
    """The settings of the library: our levels, the trained figures, our blocks."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "id",
        "probability_two_random_records_match": SHARE_TWICE / max(people, 2),
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.{name} = r.{name}", "sql_dialect": "duckdb"} for name in BLOCKS
        ],
        "comparisons": [_comparison(field, used) for field in FIELDS],
        "retain_matching_columns": False,
    }


def _comparison(field: Field, used: Model) -> dict[str, Any]:
    return {
        "output_column_name": field.code,
        "comparison_levels": [_level(field, level, used) for level in field.every_level],
    }


def _level(field: Field, level: Level, used: Model) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sql_condition": level.sql,
        "label_for_charts": level.code,
        "is_null_level": False,
    }
    m, u = used.figures.get(field.code, {}).get(level.code, (None, None))
    if m is not None:
        told |= {"m_probability": m, "u_probability": u}
    elif level is field.missing:
        # What nobody told speaks for nothing.
        told["is_null_level"] = True
    if field.frequency and level is field.levels[0]:
        told |= {"tf_adjustment_column": field.frequency, "tf_adjustment_weight": 1.0}
    return told
