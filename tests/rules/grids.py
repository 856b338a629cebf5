"""Random grids over the tiny world."""

from hypothesis import strategies as st

from .trees import COMPARISONS, NUMBERS, TREES
from .world import BADGES, TOWNS

TEXT = {"fr": "texte", "en": "text"}
_WHOLE_TIERS = st.builds(
    lambda each, gives, cap: {
        "tiers": {"of": {"fact": "row.seniority"}, "each": each, "gives": gives, "cap": cap}
    },
    st.sampled_from([1, 6]),
    st.sampled_from([1, 3]),
    st.sampled_from([4, 10]),
)
_PROOFS = st.one_of(
    st.just({"by": "automatic"}),
    st.builds(
        lambda codes: {"by": "document", "fact": "row.badges", "codes": codes},
        st.lists(st.sampled_from(list(BADGES)), min_size=1, max_size=2, unique=True),
    ),
    st.builds(
        lambda codes: {
            "by": "body",
            "fact": "row.towns",
            "codes": codes,
            "organisations": ["state"],
        },
        st.lists(st.sampled_from(TOWNS), min_size=1, max_size=2, unique=True),
    ),
)
_SCOPES = st.sampled_from(["both", "both", "first_time", "transfer"])
_WRITTEN = st.integers(1, 50)


def _criterion(points):
    return st.fixed_dictionaries(
        {
            "title": st.just(TEXT),
            "when": st.one_of(COMPARISONS, TREES),
            "points": points,
            "proof": _PROOFS,
            "on_unknown": st.sampled_from(["not_earned", "to_complete"]),
            "legal_basis": st.just("tests"),
            "scope": _SCOPES,
        }
    )


def _section(mode, points):
    return st.fixed_dictionaries(
        {
            "title": st.just(TEXT),
            "mode": st.just(mode),
            "criteria": st.lists(_criterion(points), min_size=1, max_size=4),
        }
    )


def _coded(grid):
    for place, section in enumerate(grid["sections"]):
        section["code"] = f"s{place}"
        for index, criterion in enumerate(section["criteria"]):
            criterion["code"] = f"c{place}-{index}"
    for place, exclusion in enumerate(grid["exclusions"]):
        exclusion["code"] = f"x{place}"
    return grid


def _adds(number):
    """Where only the highest counts, points that are written are above zero: others are refused."""
    if isinstance(number, dict):
        written = number.get("constant", number.get("tiers", {}).get("gives", 1))
        return float(written) > 0
    return float(number) > 0


def grids(whole):
    """Grids of whole points, or with any number among their points."""
    added = st.one_of(_WRITTEN, _WRITTEN.map(lambda points: -points), _WHOLE_TIERS)
    highest = st.one_of(_WRITTEN, _WHOLE_TIERS)
    if not whole:
        added, highest = st.one_of(added, NUMBERS), st.one_of(highest, NUMBERS.filter(_adds))
    sections = st.one_of(
        _section("sum", added), _section("max", highest), _section("max", _WRITTEN)
    )
    exclusion = st.fixed_dictionaries(
        {"title": st.just(TEXT), "when": COMPARISONS, "legal_basis": st.just("tests")}
    )
    return st.fixed_dictionaries(
        {
            "scope": _SCOPES,
            "first_time": st.sampled_from(["row.urgent", "row.spare"]),
            "counts_declared": st.booleans(),
            "sections": st.lists(sections, min_size=1, max_size=3),
            "exclusions": st.lists(exclusion, max_size=2),
            "tie_break": st.just(
                [
                    {"fact": "row.since", "order": "ascending"},
                    {"fact": "row.badges", "order": "most"},
                    {"fact": "row.people", "order": "descending"},
                    {"fact": "row.id", "order": "ascending"},
                ]
            ),
        }
    ).map(_coded)
