"""The benches compare what can be compared, say it, and leave nothing behind."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from register.demo.accounts import ensure_accounts
from register.models import Demand, NumberCounter, StoredFile, User
from tests.factories import make_demand


@pytest.fixture
def landlords(reference: None, rules: None) -> None:
    ensure_accounts()


def bench(name: str, **sizes: int) -> dict[str, Any]:
    """What a bench prints for programs."""
    output = io.StringIO()
    call_command("bench", name, "--json", stdout=output, **{"rounds": 2, "threads": 2, **sizes})
    report: dict[str, Any] = json.loads(output.getvalue())
    return report


def test_a_list_is_compared_with_bare_sql_on_the_same_rows(db: Any, landlords: None) -> None:
    for _each in range(3):
        make_demand()
    make_demand(is_sealed=True)
    report = bench("desk_list")
    assert report["size"] == {"demands": 4, "listed": 3}
    assert len(report["medians_ms"]) == 4
    assert all(ratio > 0 for ratio in report["ratios"].values())


def test_times_of_different_rows_are_not_compared(
    db: Any, landlords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_demand()
    monkeypatch.setattr("register.bench.desk_list._bare", lambda _agent: ([], 0))
    with pytest.raises(CommandError, match="do not return the same rows"):
        bench("desk_list")


def test_both_readings_of_the_rights_are_timed_on_each_row(db: Any, landlords: None) -> None:
    make_demand()
    make_demand()
    report = bench("rules", rows=2)
    assert report["size"] == {"rows": 2}
    assert report["ratios"]["explanation, against SQL"] > 0


def test_a_register_without_demands_says_what_to_load(db: Any, landlords: None) -> None:
    with pytest.raises(CommandError, match="load the demonstration first"):
        bench("rules")


@pytest.mark.django_db(transaction=True)
def test_numbers_given_by_a_bench_belong_to_no_register(landlords: None) -> None:
    report = bench("number")
    assert report["per_second"]["allocations, 2 threads"] > 0
    assert not NumberCounter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_submissions_of_a_bench_leave_nobody_behind(landlords: None) -> None:
    before = (User.objects.count(), Demand.objects.count(), StoredFile.objects.count())
    report = bench("submit")
    assert report["per_second"]["submissions, 2 threads"] > 0
    assert (User.objects.count(), Demand.objects.count(), StoredFile.objects.count()) == before


@pytest.mark.parametrize("name", ["number", "submit", "all"])
def test_benches_never_write_in_a_real_register(name: str, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstrations only"):
        bench(name)


def test_what_only_reads_can_be_measured_in_a_real_register(
    db: Any, landlords: None, settings: Any
) -> None:
    make_demand()
    settings.DEMO = False
    assert bench("rules", rows=1)["size"] == {"rows": 1}


def test_a_report_can_be_read_by_people(db: Any, landlords: None) -> None:
    make_demand()
    output = io.StringIO()
    call_command("bench", "rules", rounds=1, rows=1, stdout=output)
    assert "explanation, per row" in output.getvalue()
    assert "times" in output.getvalue()
