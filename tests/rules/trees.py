"""Random conditions and random principals over the tiny world."""

import os
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from .world import AREAS, BADGES, STATES, TEAMS, TODAY, TOWNS, VOCABULARY

# Each example asks the database about ninety rows: a failure is told at once, not shrunk. There are
# thousands of examples in continuous integration.
CI = os.environ.get("HYPOTHESIS_PROFILE") == "ci"
AGREEMENT = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


def examples(count):
    """Settings of a comparison of both readings: `count` examples, ten times more in CI."""
    return settings(max_examples=count * 10 if CI else count, **AGREEMENT)


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

_AREA_KEYS = sorted(AREAS)
_COMMUNE_AREAS = [key for key in _AREA_KEYS if not key.startswith("quarter")]
_MONTHS = st.sampled_from([0, 1, 5, 6, 7, 11, 12, 13, 24, 70])
_RATIOS = st.sampled_from([0, "0.0001", "0.3333", "3.5", "33.3333", "66.6667", 100, "99999.9999"])

COMPARISONS = st.one_of(
    _comparison(
        "row.seniority",
        _NUMBERS,
        _or_ref(_MONTHS, "parameter.wait"),
    ),
    _comparison("row.lease", _NUMBERS, _or_ref(_MONTHS, "parameter.wait")),
    _comparison("row.effort", _NUMBERS, _or_ref(_AMOUNTS, "parameter.alert")),
    _comparison("row.weight", _NUMBERS, st.sampled_from(["0", "0.0001", "2.0002", "-4"])),
    _comparison("row.yearly", _NUMBERS, st.just({"ref": "parameter.cap"})),
    _comparison("row.people", _NUMBERS, st.just({"ref": "parameter.seats"})),
    _comparison("row.ratio", _NUMBERS, _RATIOS),
    _comparison("row.spare", st.just("is"), _or_ref(st.booleans(), "membership.trained")),
    _comparison("row.badges", st.sampled_from(["overlaps", "disjoint"]), _subsets(list(BADGES))),
    _comparison("row.commune", st.sampled_from(["is", "is_not"]), st.sampled_from(TOWNS)),
    _comparison("row.commune", st.sampled_from(["in", "not_in"]), _subsets(TOWNS)),
    _comparison(
        "row.commune",
        st.sampled_from(["within", "outside"]),
        _or_ref(_subsets(_COMMUNE_AREAS), "organisation.places"),
    ),
    _comparison(
        "row.places",
        st.sampled_from(["within", "outside"]),
        _or_ref(_subsets(_AREA_KEYS), "organisation.places"),
    ),
    _comparison(
        "organisation.commune", st.sampled_from(["within", "outside"]), _subsets(_COMMUNE_AREAS)
    ),
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

CONSTANTS = st.sampled_from([0, 1, -3, "0.5", "0.0001", "0.0005", 6, "12.3456", 1000000000])
_PLAIN = ["row.people", "row.weight", "row.ratio", "organisation.size"]
PLAIN_LEAVES = st.one_of(
    CONSTANTS.map(lambda value: {"constant": value}),
    st.sampled_from(_PLAIN).map(lambda code: {"fact": code}),
    st.sampled_from(["seats", "factor"]).map(lambda code: {"parameter": code}),
    st.sampled_from(["row.monthly", "row.yearly", "row.seniority", "row.effort"]).map(
        lambda code: {"product": [{"fact": code}, {"constant": 1}]}
    ),
)


def _tiers(inner):
    def written(each, gives, cap, of):
        tiers = {"of": of, "each": each, "gives": gives}
        return {"tiers": tiers if cap is None else {**tiers, "cap": cap * (1 if gives > 0 else -1)}}

    of = st.one_of(st.just({"fact": "row.seniority"}), inner)
    return st.builds(
        written,
        st.sampled_from([1, 6, "0.5", "0.0003", 7]),
        st.sampled_from([1, -2, 3]),
        st.sampled_from([None, 4, 10, 60]),
        of,
    )


def _numbers_of(inner):
    pair = st.lists(inner, min_size=2, max_size=2)
    several = st.lists(inner, min_size=2, max_size=3)
    rows = st.dictionaries(st.sampled_from(["0", "1", "2", "3"]), inner, min_size=1, max_size=3)
    states = st.dictionaries(st.sampled_from(STATES), inner, min_size=1, max_size=2)
    cases = st.lists(
        st.fixed_dictionaries({"when": COMPARISONS, "then": inner}), min_size=1, max_size=2
    )
    otherwise = st.fixed_dictionaries({}, optional={"otherwise": inner})
    return st.one_of(
        several.map(lambda parts: {"sum": parts}),
        several.map(lambda parts: {"product": parts}),
        several.map(lambda parts: {"min": parts}),
        several.map(lambda parts: {"max": parts}),
        pair.map(lambda parts: {"difference": parts}),
        pair.filter(lambda parts: parts[1] != {"constant": 0}).map(
            lambda parts: {"quotient": parts}
        ),
        st.builds(lambda part, places: {"round": part, "places": places}, inner, st.integers(0, 4)),
        _tiers(inner),
        st.builds(
            lambda rows, rest: {"table": {"by": "row.people", "rows": rows}, **rest},
            rows,
            otherwise,
        ),
        st.builds(
            lambda rows, rest: {"table": {"by": "row.state", "rows": rows}, **rest},
            states,
            otherwise,
        ),
        st.builds(lambda cases, rest: {"choice": cases, **rest}, cases, otherwise),
    )


NUMBERS = st.recursive(PLAIN_LEAVES, _numbers_of, max_leaves=8)

COMPUTED = st.one_of(
    _comparison("row.weight", _NUMBERS, NUMBERS.map(lambda number: {"number": number})),
    _comparison("row.ratio", _NUMBERS, NUMBERS.map(lambda number: {"number": number})),
    _comparison("row.people", _NUMBERS, NUMBERS.map(lambda number: {"number": number})),
)

TREES = st.recursive(
    st.one_of(COMPARISONS, COMPARISONS, COMPARISONS, COMPUTED),
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
        "organisation.places": st.one_of(
            st.none(), st.frozensets(st.sampled_from(_COMMUNE_AREAS), max_size=2)
        ),
        "organisation.commune": st.sampled_from([None, "", *TOWNS]),
        "parameter.cap": st.sampled_from([None, Decimal(10), Decimal("10.5")]),
        "parameter.alert": st.sampled_from([None, Decimal(33)]),
        "parameter.wait": st.sampled_from([None, Decimal(6), Decimal("6.5")]),
        "parameter.seats": st.sampled_from([None, Decimal(2)]),
        "parameter.factor": st.sampled_from([None, Decimal(0), Decimal("1.5"), Decimal("0.3333")]),
        "organisation.states": st.one_of(st.none(), st.frozensets(st.sampled_from(STATES))),
    },
)
