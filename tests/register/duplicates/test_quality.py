"""The trained figures hold on a register drawn by other laws than those they were trained with."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.register.duplicates.strangers import Strangers


@pytest.fixture
def strangers(tmp_path: Path) -> Path:
    lines = Strangers(11).lines(6_000)
    path = tmp_path / "strangers.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return path


def bench(**options: object) -> dict[str, float]:
    output = io.StringIO()
    call_command("bench", "dedup", "--json", stdout=output, **options)
    told: dict[str, float] = json.loads(output.getvalue())
    return told


@pytest.mark.django_db
def test_people_of_a_foreign_file_are_found_without_mistaking_others(strangers: Path) -> None:
    told = bench(labelled=str(strangers))
    assert told["precision"] >= 0.98
    assert told["recall"] >= 0.85
    assert told["people"] > 6_000
    assert {"insert_p95_ms", "nightly_seconds"} <= told.keys()


@pytest.mark.django_db
def test_without_a_file_people_are_drawn_and_nothing_of_them_stays() -> None:
    from register.models import Identity

    told = bench(people=3_000)
    assert told["precision"] >= 0.98
    assert told["recall"] >= 0.85
    assert not Identity.objects.exists()


@pytest.mark.django_db
def test_a_bad_file_stops_the_bench_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("id,cluster,birth_date\n1,a,hier\n")
    with pytest.raises(CommandError, match="2"):
        bench(labelled=str(path))
