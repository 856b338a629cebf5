"""The bench of the grid compares what is comparable."""

import pytest

from register import clock
from register.bench import scoring
from register.bench.measures import Options


@pytest.mark.django_db
def test_the_grid_and_the_sql_written_by_hand_give_the_same_scores(reference, rules):
    from register.demo.seed import seed

    seed(demands=80, seed_number=3, now=clock.now(), report=lambda *_: None, in_bulk=True)
    report = scoring.measure(Options(rounds=3))
    assert report.size["demands"] >= 80
    assert set(report.ratios) == {"jsonlogic_ratio", "rescore_ratio_to_sql", "top100_ms"}
