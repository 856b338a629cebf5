"""Whatever happens while audiences are built, list = object = count = export.

Worlds begin with an audience that is ready, or whose worker was killed, often enough.
"""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register import access
from register.access import Action, FieldSet
from register.models import KEPT_STATES, Agreement, BuildState, BuiltAudience, DemandAudience
from register.principals import Principal
from register.selectors.worklist import WorklistFilter, matching, read_rows
from register.services import built_audiences
from register.services.audiences import COPIED
from register.services.built_audiences import build_batch, build_waiting, follow
from tests.factories import make_demand, make_user
from tests.partition.world import rolled_back
from tests.register.test_audience_list import (
    FILTERS,
    GUARDS,
    WRITES,
    _listed,
    _truth,
    _with_guards,
    _write,
)
from tests.register.test_built_audiences import BEAUNE, DIJON, _again, _needed
from tests.register.test_scope_equals_decide import (
    _agreement,
    _demand,
    _member,
    _world,
    agreements,
    demands,
    people,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
EXAMPLES = 20
WIDE = {
    "status": "signed",
    "departments": [],
    "epcis": [DIJON, BEAUNE],
    "communes": [],
    "quarters": [],
    "data_classes": list(FieldSet),
    "is_past": False,
}
# Somebody whose demands an agreement on EPCIs opens.
WIDELY_OPEN = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["state", "landlord", "siao"]),
        "role": st.sampled_from(["agent", "reader", "lead"]),
        "is_counter": st.booleans(),
        "agreements": st.lists(agreements, max_size=1).map(lambda drawn: [WIDE, *drawn]),
        "commune": st.just("21231"),
        "homes": st.just(12),
    }
)
# How worlds begin, and what share of them must then be of what.
EXPECTED = {
    "ready": {"read from a ready audience": 0.4, "written while one was kept": 0.4, "retired": 0.1},
    "interrupted": {"half built": 0.4, "written while one was kept": 0.4, "retired": 0.1},
    "as drawn": {},
}


def _step_of(*kinds: str) -> Any:
    changes = WRITES.map(lambda drawn: drawn[:1])
    return st.tuples(st.sampled_from(kinds), st.integers(0, 3), agreements, changes)


STEPS = st.tuples(
    _step_of("write", "new"),
    st.lists(
        _step_of("suspend", "write", "change", "end", "sign", "batch", "work", "new"), max_size=5
    ),
).map(lambda drawn: [drawn[0], *drawn[1]])


@pytest.mark.parametrize("begun", EXPECTED)
def test_list_object_count_and_export_agree_while_audiences_come_and_go(begun: str) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES)
    @given(
        person=people if begun == "as drawn" else WIDELY_OPEN,
        drawn=st.lists(demands, min_size=3, max_size=5),
        guards=st.lists(st.sampled_from(GUARDS), max_size=1),
        steps=STEPS,
        values=FILTERS,
    )
    def examples(**told: Any) -> None:
        with rolled_back(), pytest.MonkeyPatch.context() as patch:
            _needed(patch)
            seen.update(_one_world(patch, begun=begun, **told))

    examples()
    # What is seldom drawn proves little.
    for name, share in EXPECTED[begun].items():
        assert seen[name] >= share * seen["worlds"] > 0, seen


def _one_world(
    patch: pytest.MonkeyPatch,
    person: dict[str, Any],
    drawn: list[dict[str, Any]],
    guards: list[dict[str, Any]],
    begun: str,
    steps: list[tuple[str, int, dict[str, Any], list[tuple[str, int]]]],
    values: dict[str, Any],
) -> set[str]:
    """What this world was of what must not be seldom."""
    _world()
    member = _member(person)
    world = [_demand(one, member, make_user()) for one in drawn]
    _begin(begun, member)
    seen = {"worlds"} | _agree(member, world, values)
    for kind, place, signed, writes in steps:
        kept = BuiltAudience.objects.filter(state__in=KEPT_STATES)
        if kind in ("write", "new") and kept.exists():
            seen.add("written while one was kept")
        _step(kind, place, signed, writes, member, world)
        seen |= _agree(member, world, values)
    build_waiting()
    _with_guards(patch, guards)
    seen |= _agree(member, world, values)
    for built in BuiltAudience.objects.filter(state=BuildState.READY):
        assert _rows(audience=built.audience) == _rows(audience__in=built.keys)
    return seen


def _rows(**where: Any) -> list[Any]:
    found = DemandAudience.objects.filter(**where).order_by("demand")
    return list(found.values_list("demand", *COPIED).distinct())


def _begin(begun: str, member: Principal) -> None:
    assert member.organisation is not None
    follow(member.organisation)
    if begun == "ready":
        build_waiting()
    elif begun == "interrupted":
        _one_batch()


def _step(
    kind: str,
    place: int,
    signed: dict[str, Any],
    writes: list[tuple[str, int]],
    member: Principal,
    world: list[Any],
) -> None:
    """One thing that happens; agreements change as services change them, then are followed."""
    organisation = member.organisation
    assert organisation is not None
    own = Agreement.objects.filter(organisation=organisation).order_by("pk")
    if kind == "sign":
        _agreement(organisation, signed)
    elif kind == "change" and own:
        own[place % len(own)].epcis.set(signed["epcis"])
    elif kind in ("suspend", "end") and own:
        Agreement.objects.filter(pk=own[place % len(own)].pk).update(status=f"{kind}ed")
    elif kind == "write":
        for change, where in writes:
            _write(change, world[where % len(world)], member)
    elif kind == "new":
        world.append(make_demand(communes=("21054", "21231"), registered_by=organisation))
    elif kind == "work":
        build_waiting()
    elif kind == "batch":
        _one_batch()
    if kind in ("sign", "change", "suspend", "end"):
        follow(organisation)


def _one_batch() -> None:
    """What a worker does before it is killed."""
    for built in BuiltAudience.objects.filter(state=BuildState.WAITING):
        built_audiences._begin(built)
    for built in BuiltAudience.objects.filter(state=BuildState.BUILDING):
        build_batch(built.pk)


def _agree(member: Principal, world: list[Any], values: dict[str, Any]) -> set[str]:
    principal, wanted = _again(member), WorklistFilter(**values)
    expected = _truth(principal, wanted)
    assert _listed(principal, wanted, 3) == (expected, len(expected), False)
    written = [row.demand.pk for row in read_rows(principal, wanted, Action.EXPORT, 100)]
    exported = set(matching(principal, wanted, Action.EXPORT).values_list("pk", flat=True))
    assert (set(written), len(written)) == (exported, len(exported))
    allowed = set(access.scope(principal, Action.LIST).values_list("pk", flat=True))
    for demand in world:
        demand.refresh_from_db()
        assert access.decide(principal, Action.LIST, demand).allowed == (demand.pk in allowed)
    return _situation(principal)


def _situation(principal: Principal) -> set[str]:
    right = access.reach(principal, Action.LIST)
    plan = right.quickest
    of_body = BuiltAudience.objects.filter(organisation=principal.organisation)
    found = {
        "read from a ready audience": plan is not None
        and any(piece.prefix == "agr" for piece in plan.pieces),
        "half built": of_body.filter(state="building", done__gt=0).exists(),
        "retired": of_body.filter(state="retired").exists(),
    }
    return {name for name, is_so in found.items() if is_so}
