"""The register that benches measure: as large as asked, with the rows that services would write."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from register import access
from register.bench import access as access_bench
from register.bench.builder import LARGE, SMALL, build, landlord
from register.bench.measures import Options
from register.models import Demand
from register.numbers import is_number
from register.services.audiences import WRITTEN, audience_rows
from scripts.bench_register import serves
from tests.factories import make_demand

DEMANDS = 180


@pytest.fixture
def built(db: Any, reference: None, rules: None) -> None:
    build(DEMANDS, lambda said: None)


def test_a_built_register_has_the_size_asked_and_the_rows_of_the_services(built: None) -> None:
    demands = Demand.objects.select_related("facts")
    assert demands.count() == DEMANDS
    assert all(is_number(demand.number) for demand in demands)
    for demand in demands:
        wishes = demand.wished_communes.select_related("commune")
        communes = {wish.commune_id: wish.commune.epci_id for wish in wishes}
        quarters = {wish.commune_id: wish.quarter_id for wish in wishes if wish.quarter_id}
        wanted = audience_rows(demand, demand.facts, communes, quarters)
        assert _copies(wanted) == _copies(demand.audiences.all()), demand.number


def test_two_landlords_see_a_third_and_a_small_part(built: None) -> None:
    seen = {
        code: set(access.scope(landlord(code), "list").values_list("pk", flat=True))
        for code in (LARGE, SMALL)
    }
    assert 0.25 < len(seen[LARGE]) / DEMANDS < 0.36
    assert len(seen[SMALL]) < DEMANDS / 20
    assert not seen[LARGE] & seen[SMALL]


def test_the_rights_are_measured_on_the_same_rows_under_the_names_agreed(built: None) -> None:
    told = access_bench.measure(Options(rounds=2, rows=5)).as_dict()
    names = {"landlord_share", "page_count_ratio_to_sql", "page_p95_ms", "deep_page_p95_ms"}
    names |= {"guardian_ratio"}
    assert {"engine", "demands", "grant_seconds", "write_p95_ms", *names} <= told.keys()
    assert told["demands"] == DEMANDS
    assert told["decide_queries"] <= 3
    assert told["decide_p95_ms"] > 0
    assert all(names <= told["landlords"][code].keys() for code in (LARGE, SMALL))
    assert told["landlord_share"] == told["landlords"][LARGE]["landlord_share"]


def test_nothing_is_built_over_a_register_that_is_used(db: Any, settings: Any) -> None:
    make_demand()
    with pytest.raises(CommandError, match="already holds demands"):
        call_command("bench", "build", here=True, demands=12)
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstrations only"):
        call_command("bench", "build", here=True, demands=12)


@pytest.mark.parametrize(
    ("builder", "migrations", "used"),
    [
        ("as it was", {"0001": "as it was"}, True),
        ("as it was", {"0001": "as it was", "0002": "since"}, True),
        ("as it was", {"0001": "changed"}, False),
        ("as it was", {}, False),
        ("changed", {"0001": "as it was"}, False),
    ],
)
def test_a_register_is_built_again_only_when_it_would_come_out_otherwise(
    tmp_path: Path, builder: str, migrations: dict[str, str], used: bool
) -> None:
    """Migrations that came since are run in it; it costs minutes to build."""
    marker = tmp_path / "built.json"
    assert not serves(marker, {"builders": "as it was"}, migrations)
    kept = {"builders": "as it was", "migrations": {"0001": "as it was"}}
    marker.write_text(json.dumps(kept))
    assert serves(marker, {"builders": builder}, migrations) is used


def _copies(rows: Any) -> list[tuple[Any, ...]]:
    columns = ["audience", *WRITTEN]
    return sorted(tuple(getattr(row, name) for name in columns) for row in rows)
