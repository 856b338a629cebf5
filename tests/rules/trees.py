"""Random conditions and random principals over the tiny world."""

from datetime import timedelta

from hypothesis import strategies as st

from .world import STATES, TEAMS, TODAY, TOWNS, VOCABULARY

_KNOWLEDGE = st.sampled_from(["is_known", "is_unknown"])
_DAYS = st.integers(0, 400).map(lambda days: (TODAY - timedelta(days=days)).isoformat())
_NUMBERS = st.sampled_from(["equals", "at_least", "at_most"])
_AMOUNTS = st.sampled_from([0, "0.5", 10, "10.5", "10.51", 11, "99.99", 100])


def _comparison(fact, operator, value):
    return st.fixed_dictionaries({"fact": st.just(fact), "op": operator, "value": value})


def _or_ref(values, *facts):
    return st.one_of(values, *(st.just({"ref": fact}) for fact in facts))


def _subsets(codes):
    return st.lists(st.sampled_from(codes), max_size=3, unique=True)


_FACTS = [fact.code for fact in VOCABULARY]

COMPARISONS = st.one_of(
    st.fixed_dictionaries({"fact": st.sampled_from(_FACTS), "op": _KNOWLEDGE}),
    _comparison("row.urgent", st.just("is"), _or_ref(st.booleans(), "membership.trained")),
    _comparison("row.people", _NUMBERS, _or_ref(st.integers(-1, 70000), "organisation.size")),
    _comparison("row.people", _NUMBERS, st.integers(0, 4)),
    _comparison("row.rate", _NUMBERS, _AMOUNTS),
    _comparison("row.monthly", _NUMBERS, _AMOUNTS),
    _comparison("row.yearly", _NUMBERS, _or_ref(_AMOUNTS, "organisation.cap")),
    _comparison(
        "row.received",
        st.sampled_from(["on_or_before", "on_or_after"]),
        _or_ref(_DAYS, "organisation.since"),
    ),
    _comparison(
        "row.received",
        st.just("older_than_months"),
        _or_ref(st.integers(0, 13), "organisation.size"),
    ),
    _comparison("row.state", st.sampled_from(["is", "is_not"]), st.sampled_from(STATES)),
    _comparison(
        "row.state",
        st.sampled_from(["in", "not_in"]),
        _or_ref(_subsets(STATES), "organisation.states"),
    ),
    _comparison(
        "row.towns",
        st.sampled_from(["overlaps", "disjoint"]),
        _or_ref(_subsets(TOWNS), "organisation.towns"),
    ),
    _comparison("row.teams", st.sampled_from(["overlaps", "disjoint"]), _subsets(TEAMS)),
    _comparison("principal.kind", st.sampled_from(["is", "is_not"]), st.sampled_from(["a", "b"])),
    _comparison("membership.trained", st.just("is"), st.booleans()),
    _comparison("organisation.size", _NUMBERS, st.integers(0, 4)),
)

TREES = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: {"all": parts}),
        st.lists(inner, max_size=4).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=10,
)

BINDINGS = st.fixed_dictionaries(
    {},
    optional={
        "principal.kind": st.sampled_from(["a", "b", "", None]),
        "membership.trained": st.sampled_from([True, False, None]),
        "organisation.size": st.one_of(st.none(), st.integers(0, 4)),
        "organisation.cap": st.sampled_from([None, 0, 10, 11]),
        "organisation.since": st.sampled_from([None, TODAY, TODAY - timedelta(days=30)]),
        "organisation.towns": st.one_of(st.none(), st.frozensets(st.sampled_from(TOWNS))),
        "organisation.states": st.one_of(st.none(), st.frozensets(st.sampled_from(STATES))),
    },
)
