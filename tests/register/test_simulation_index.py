"""A simulation of rights counts by the index of audiences what the rules would count."""

from typing import Any

import pytest
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from register import access
from register.models import Demand
from register.simulation.frame import Line
from register.simulation.openings import Openings
from rules.formulas import Lookup, conjunction, disjunction, to_q
from tests.factories import make_commune, make_demand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

KEYS = ["dep:21", "dep:71", "epci:242100410", "epci:200006682", "commune:71270", "org:999"]
LOOKUPS = st.builds(
    Lookup,
    st.just("audience"),
    st.frozensets(st.sampled_from(KEYS), min_size=1, max_size=3),
    st.booleans(),
)
TESTS = st.sampled_from([Q(is_sealed=False), Q(facts__state="active"), Q(facts__children__gt=0)])
FORMULAS: st.SearchStrategy[Any] = st.recursive(
    st.one_of(LOOKUPS, TESTS, st.booleans()),
    lambda inner: st.builds(
        lambda parts, every: conjunction(parts) if every else disjunction(parts),
        st.lists(inner, min_size=1, max_size=3),
        st.booleans(),
    ),
    max_leaves=6,
)


@settings(max_examples=40)
@given(before=FORMULAS, after=FORMULAS)
def test_files_gained_and_lost_are_counted_by_the_index_as_by_the_rules(
    before: Any, after: Any
) -> None:
    if not Demand.objects.exists():
        make_commune("71270", "Mâcon", epci="200070308", department="71", postal_code="71000")
        make_commune("21054", "Beaune", epci="200006682", postal_code="21200")
        for communes in (("21231",), ("21231", "21054"), ("21054",)):
            make_demand(communes=communes, dependants=len(communes))
        make_demand(communes=("21231",), is_sealed=True)
        make_demand(communes=("71270",), department="71", is_sealed=True, dependants=1)
        make_demand(communes=("71270",), department="71")
    facts = access.vocabulary()
    then, now = (
        set(Demand.objects.filter(to_q(formula, facts)).values_list("pk", flat=True))
        for formula in (before, after)
    )
    found = Openings(facts).line("", before, after)
    assert found == Line("", len(then), len(now), len(now - then), len(then - now))
