"""The bench of the grid compares what is comparable."""

import pytest

from register.bench import builder, scoring
from register.bench.measures import Options


@pytest.mark.django_db
def test_the_grid_and_the_sql_written_by_hand_give_the_same_scores(reference, rules):
    builder.build(120, lambda _said: None)
    report = scoring.measure(Options(rounds=3))
    assert report.size["demands"] >= 80
    assert set(report.ratios) == {"jsonlogic_ratio", "rescore_ratio_to_sql", "top100_ms"}
