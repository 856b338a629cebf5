"""Figures: what statistical secrecy hides, and whose demands are counted."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from register.access import Action, scope
from register.models import Demand, Parameter
from register.selectors.statistics import observe, reference_day, suppress, threshold
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of

SMALLEST = 11
COUNTS = st.lists(st.integers(0, 40), min_size=2, max_size=8)


@given(COUNTS)
def test_no_small_count_is_published(counts: list[int]) -> None:
    shown = suppress(counts, SMALLEST)
    assert all(count is None or count >= SMALLEST for count in shown)


@given(COUNTS)
def test_no_hidden_count_is_found_by_subtraction(counts: list[int]) -> None:
    """Knowing the total and the threshold, several values stay possible for each hidden line."""
    shown = suppress(counts, SMALLEST)
    hidden = [n for n, seen in zip(counts, shown, strict=True) if seen is None]
    if not hidden or sum(counts) < SMALLEST or len(hidden) == len(counts):
        return
    total = sum(hidden)
    assert len(hidden) >= 2
    assert total >= SMALLEST
    if all(n < SMALLEST for n in hidden):
        assert total <= (len(hidden) - 1) * (SMALLEST - 1)


def test_a_zero_is_hidden_and_takes_another_line_with_it() -> None:
    assert suppress([0, 50, 30], SMALLEST) == [None, 50, None]


def test_large_counts_are_all_published() -> None:
    assert suppress([11, 50, 30], SMALLEST) == [11, 50, 30]


@pytest.mark.django_db
def test_under_the_threshold_nothing_at_all_is_published(rules: None) -> None:
    for _demand in range(3):
        make_demand()
    seen = observe(Demand.objects.all(), reference_day(), SMALLEST)
    assert (seen.live, seen.beyond_delay, seen.figures) == (None, None, ())


@pytest.mark.django_db
def test_no_hidden_band_is_found_by_subtracting_from_those_beyond_the_delay(rules: None) -> None:
    """The delay is where a band ends: what is beyond it adds up to the last bands."""
    smallest, bands = 2, {2: 1, 9: 2, 18: 2, 30: 1, 48: 2, 70: 2}
    day = reference_day()
    for months, files in bands.items():
        for _each in range(files):
            make_demand(received_on=day - timedelta(days=30 * months + 10))
    seen = observe(Demand.objects.all(), day, smallest)
    seniority = next(figure for figure in seen.figures if figure.code == "seniority")
    assert any(bar.count is None for bar in seniority.bars)
    assert (seen.live, seen.beyond_delay) == (10, None)
    for months in (2, 30):
        make_demand(received_on=day - timedelta(days=30 * months + 10))
    seen = observe(Demand.objects.all(), day, smallest)
    assert (seen.live, seen.beyond_delay) == (12, 6)


@pytest.fixture
def counter(rules: None) -> Any:
    dijon = make_commune()
    return make_organisation("ville-observatrice", "commune", is_counter=False, commune=dijon)


def long_ago() -> Any:
    return timezone.localdate() - timedelta(days=400)


@pytest.mark.django_db
def test_figures_stand_at_the_first_of_the_month(rules: None) -> None:
    for _demand in range(12):
        make_demand(received_on=long_ago())
    make_demand(received_on=timezone.localdate() + timedelta(days=0))
    seen = observe(Demand.objects.all(), reference_day(), SMALLEST)
    expected = 12 if timezone.localdate() >= reference_day() else 13
    assert seen.live == expected


@pytest.mark.django_db
def test_a_body_s_figures_count_its_perimeter_only(counter: Any, client: Any) -> None:
    for _demand in range(12):
        make_demand(received_on=long_ago())
    make_commune("58194", "Nevers", epci="245804406", department="58", postal_code="58000")
    for _demand in range(12):
        make_demand(department="58", communes=("58194",), received_on=long_ago())
    member = make_member(counter, "statistics")
    client.force_login(member.user)
    answer = client.get("/bureau/statistiques/")
    counted = scope(principal_of(member), Action.STATISTICS).count()
    assert answer.status_code == 200
    assert answer.context["observation"].live == counted == 12
    # What is counted is the department of the agreement, and is not called the body's own ground.
    assert answer.context["territory"] == "Côte-d’Or"


@pytest.mark.django_db
def test_a_body_that_sees_figures_only_opens_no_file(counter: Any, client: Any) -> None:
    demand = make_demand()
    client.force_login(make_member(counter, "statistics").user)
    assert client.get(f"/bureau/dossiers/{demand.number}/").status_code == 404
    assert client.get("/bureau/export/csv/").status_code == 404


@pytest.mark.django_db
def test_everybody_reads_the_same_figures_of_a_department(rules: None, client: Any) -> None:
    make_organisation("bailleur-public")
    for _demand in range(12):
        make_demand(received_on=long_ago(), types=("T3",))
    answer = client.get("/observatoire/")
    assert answer.status_code == 200
    assert answer.context["observation"].live == 12
    table = client.get("/observatoire/home-types.csv").content.decode("utf-8-sig")
    assert "T3;12;" in table
    assert client.get("/observatoire/", {"department": "99"}).status_code == 404


@pytest.mark.parametrize(("written", "held"), [(0, 11), (-3, 11), (10, 11), (20, 20)])
def test_partners_may_raise_the_secret_of_figures_and_nobody_lowers_it(
    db: Any, written: int, held: int
) -> None:
    Parameter.objects.create(
        code="secrecy.public",
        valid_from=timezone.localdate() - timedelta(days=1),
        value=written,
        unit="demands",
        source="Saisi à l’édition",
    )
    assert threshold() == held
