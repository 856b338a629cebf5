"""The bench of simulations carries out each kind in force and says how long it took."""

import pytest

from register.bench import BENCHES, Options
from tests.factories import make_demand, make_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def test_each_kind_is_timed_beside_a_bare_reading() -> None:
    make_organisation()
    make_demand()
    report = BENCHES["simulation"](Options(rounds=1)).as_dict()
    timed = report["simulation_seconds"]
    assert {"rights", "fields", "deadlines", "scoring", "priority", "eligibility"} <= timed.keys()
    assert report["ratios"].keys() == timed.keys() == report["simulation_steps"].keys()
    # Progress is told more than once.
    assert all(steps > 1 for kind, steps in report["simulation_steps"].items() if kind != "rights")
    assert report["most_memory_mb"] > 0
