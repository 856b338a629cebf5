"""The bench of a new agreement measures what happens, checks it, and leaves nothing behind."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from register import rights
from register.bench import grant
from register.models import Agreement, BuiltAudience, DemandAudience, StockHolding
from register.selectors import audience_list
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of


@pytest.fixture
def small_world(db: Any, rules: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two EPCIs are too many to merge, and one landlord stands for the small one."""
    monkeypatch.setattr(audience_list, "MOST_APART", 1)
    monkeypatch.setattr(grant, "MOST_APART", 1)
    rights._right.cache_clear()
    make_commune("21054", "Beaune", epci="200006682")
    member = make_member(make_organisation(with_agreement=False))
    monkeypatch.setattr(grant, "landlord", lambda _code: principal_of(member))
    yield
    rights._right.cache_clear()


@pytest.mark.usefixtures("small_world")
def test_both_readings_are_compared_and_everything_is_erased() -> None:
    for communes in (("21231",), ("21054",), ("21231", "21054")):
        make_demand(communes=communes)
    before = (Agreement.objects.count(), StockHolding.objects.count())
    output = io.StringIO()
    call_command("bench", "grant", "--json", rounds=1, stdout=output)
    report = json.loads(output.getvalue())
    assert report["size"] == {"demands": 3, "granted": 3, "places": 2}
    assert report["count_after"] == 3
    assert 0 < report["grant_seconds"] < report["grant_exact_count_seconds"]
    assert (Agreement.objects.count(), StockHolding.objects.count()) == before
    assert not BuiltAudience.objects.exists()
    assert not DemandAudience.objects.filter(audience__startswith="agr:").exists()
