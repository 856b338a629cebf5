"""A search by a name or a number lists, counts and exports what the rights themselves would."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from register import access, codes
from register.access import Action, FieldSet
from register.models import Demand, DemandAudience, Department, OrganisationKind, Person, Role
from register.principals import Principal
from register.selectors import search_list, worklist
from register.selectors.cursor import Cursor
from register.selectors.search_list import SearchedList
from register.selectors.worklist import Sort, WorklistFilter, matching, read_page, read_rows
from register.text import search_key
from rules import registry
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.partition.world import rolled_back
from tests.register.test_audience_list import (
    FILTERS,
    GUARDS,
    WRITES,
    _listed,
    _with_guards,
    _write,
)
from tests.register.test_scope_equals_decide import _demand, _member, _world, demands, people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

NAMES = ["Martin Camille", "Martineau Léa", "Durand Paul", "Le Goff Anne"]
TEXTS = [
    *["martin", "MARTINEA", "m", "durand", "le g", "Le-Goff", "zzz", "-", "martin camille"],
    *["021", "0", "07", "02 1", "071", "055", "021a"],
]
# Of the first demand of the world: so many characters of its number.
STARTS = [5, 7, 9, 17, 18]


def _signed(classes: st.SearchStrategy[list[FieldSet]]) -> st.SearchStrategy[dict[str, Any]]:
    places = st.sampled_from([("departments", "21"), ("departments", "71"), *EPCIS])
    return st.builds(
        lambda place, given_groups: {
            **{kind: [] for kind in ("departments", "epcis", "communes", "quarters")},
            **{"status": "signed", "is_past": False, "data_classes": given_groups},
            place[0]: [place[1]],
        },
        places,
        classes,
    )


EPCIS = [("epcis", "242100410"), ("epcis", "200006682")]
# Somebody who may read all that an agreement opens, and some groups only where another one does.
PARTLY_MASKED = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["landlord", "siao", "state"]),
        "role": st.sampled_from(["agent", "reader", "lead"]),
        "is_counter": st.booleans(),
        "agreements": st.tuples(
            _signed(st.just(list(FieldSet))),
            _signed(st.sets(st.sampled_from(list(FieldSet)), max_size=4).map(sorted)),
        ).map(list),
        "commune": st.just("21231"),
        "homes": st.just(12),
    }
)
# Filters leave little to be found: every other search has none.
LITTLE = st.fixed_dictionaries({"sort": st.sampled_from(list(Sort))})
IN_SIGHT = demands.map(lambda drawn: {**drawn, "state": "active", "is_sealed": False})
# How many are read at once: all, as in a small register, or few, as in a large one.
READ_AT_ONCE = [(1_000, 50_000), (1, 2), (0, 0)]


@settings(max_examples=40)
@given(
    person=st.one_of(PARTLY_MASKED, people),
    drawn=st.lists(st.one_of(IN_SIGHT, demands), min_size=2, max_size=5),
    guards=st.lists(st.sampled_from(GUARDS), max_size=1),
    writes=WRITES,
    looked_for=st.lists(
        st.tuples(st.sampled_from([*TEXTS, *STARTS]), st.one_of(LITTLE, FILTERS)),
        min_size=3,
        max_size=5,
    ),
    size=st.integers(1, 3),
    read_at_once=st.sampled_from(READ_AT_ONCE),
    cap=st.sampled_from([0, 1, 1_000]),
)
def test_a_search_finds_what_the_rights_open_and_nothing_else(
    person: dict[str, Any],
    drawn: list[dict[str, Any]],
    guards: list[dict[str, Any]],
    writes: list[tuple[str, int]],
    looked_for: list[tuple[str | int, dict[str, Any]]],
    size: int,
    read_at_once: tuple[int, int],
    cap: int,
) -> None:
    with rolled_back(), pytest.MonkeyPatch.context() as patch:
        _world()
        member = _member(person)
        world = [_named(_demand(one, member, make_user()), rank) for rank, one in enumerate(drawn)]
        for kind, place in writes:
            _write(kind, world[place % len(world)], member)
        _with_guards(patch, guards)
        patch.setattr(search_list, "MOST_COUNTED", read_at_once[0])
        patch.setattr(search_list, "MOST_SORTED", read_at_once[1])
        patch.setattr(worklist, "COUNT_CAP", cap)
        principal = principal_of(member.membership)
        for text, values in looked_for:
            sought = world[0].number[:text] if isinstance(text, int) else text
            _same(principal, WorklistFilter(**values, text=sought), size, cap)


def _named(demand: Demand, rank: int) -> Demand:
    """Another name for each; a child of another name, which no search may find."""
    last_name, _space, first_names = NAMES[rank % len(NAMES)].rpartition(" ")
    Person.objects.filter(demand=demand, role=codes.PersonRole.APPLICANT).update(
        birth_name=last_name,
        first_names=first_names,
        search_name=search_key(f"{last_name} {first_names}"),
    )
    child = Person.objects.get(demand=demand, role=codes.PersonRole.APPLICANT)
    child.pk, child.role = None, codes.PersonRole.DEPENDANT
    child.search_name = search_key(NAMES[(rank + 1) % len(NAMES)])
    child.save()
    return demand


def _same(principal: Principal, wanted: WorklistFilter, size: int, cap: int) -> None:
    found = matching(principal, wanted)
    column, descending = worklist.ORDER[wanted.sort]
    sign = "-" if descending else ""
    truth = list(found.order_by(f"{sign}{column}", f"{sign}pk").values_list("pk", flat=True))
    listed, count, capped = _listed(principal, wanted, size)
    if wanted.sort is Sort.SCORE:
        # Weighed demands are in the order of their points, and all counted.
        truth, listed, cap = sorted(truth), sorted(listed), len(truth)
    assert listed == truth, (wanted, access.reach(principal, Action.LIST).plan)
    assert (count, capped) == (min(len(truth), cap + 1), len(truth) > cap), wanted
    written = [row.demand.pk for row in read_rows(principal, wanted, Action.EXPORT, 100)]
    exported = matching(principal, wanted, Action.EXPORT).values_list("pk", flat=True)
    assert sorted(written) == sorted(exported), wanted


def _landlord() -> Principal:
    return principal_of(make_member(make_organisation(), Role.AGENT))


@pytest.mark.parametrize("text", ["martin", "m", "021", "0211"])
@pytest.mark.parametrize("most", [1_000, 1])
@pytest.mark.parametrize("sort", [Sort.OLDEST, Sort.NEWEST, Sort.LARGEST])
def test_pages_of_a_search_turn_both_ways(
    text: str, most: int, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    landlord = _landlord()
    for rank in range(5):
        make_demand(dependants=rank % 2, number=f"021112600000{rank}GDPUB")
    monkeypatch.setattr(search_list, "MOST_COUNTED", most)
    wanted = WorklistFilter(text=text, sort=sort)
    first = read_page(landlord, wanted, None, 2)
    second = read_page(landlord, wanted, Cursor.parse(str(first.following), sort), 2)
    again = read_page(landlord, wanted, Cursor.parse(str(second.preceding), sort), 2)
    shown = [[row.demand.pk for row in page.rows] for page in (first, second, again)]
    assert shown[0] == shown[2]
    assert len({*shown[0], *shown[1]}) == 4


@pytest.mark.parametrize("text", ["martin", "021"])
def test_a_search_is_read_from_the_index(text: str) -> None:
    asked = worklist._asked(_landlord(), WorklistFilter(text=text), Action.LIST)
    assert isinstance(asked, SearchedList)


@pytest.mark.parametrize(
    ("text", "most", "expected"), [("martin", 9, 2), ("martin", 0, 4), ("021", 9, 3), ("021", 0, 6)]
)
def test_a_search_costs_as_many_queries_however_many_it_finds(
    text: str, most: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    landlord = _landlord()
    for _each in range(4):
        make_demand(communes=("21231", "21166"))
    monkeypatch.setattr(search_list, "MOST_COUNTED", most)
    monkeypatch.setattr(search_list, "MOST_SORTED", most)
    with registry.remembered():
        read_page(landlord, WorklistFilter())
        with CaptureQueriesContext(connection) as queries:
            page = read_page(landlord, WorklistFilter(text=text))
    assert page.count == 4
    # What is found, then lines; when many are, the page and the count too.
    # For a number, first the departments that have some, then the audiences that have theirs.
    assert len(queries) == expected, [query["sql"] for query in queries]


def test_a_name_that_an_agreement_does_not_give_is_not_found_by_the_index() -> None:
    dijon = make_commune("21231", "Dijon")
    organisation = make_organisation(kind=OrganisationKind.SIAO)
    agreement = organisation.agreements.get()
    agreement.communes.set([dijon])
    agreement.data_classes = [str(FieldSet.WISHES), str(FieldSet.HOUSEHOLD)]
    agreement.save()
    demand = make_demand(last_name="Canari")
    reader = principal_of(make_member(organisation, Role.READER))
    everything = read_page(reader, WorklistFilter())
    assert [row.demand.pk for row in everything.rows] == [demand.pk]
    assert everything.rows[0].applicant == ""
    found = read_page(reader, WorklistFilter(text="canari"))
    assert (found.rows, found.count) == ([], 0)
    by_number = read_page(reader, WorklistFilter(text=demand.number[:9]))
    assert [row.demand.pk for row in by_number.rows] == [demand.pk]


def test_an_index_row_that_should_be_gone_lets_no_search_show_it() -> None:
    landlord = _landlord()
    hidden = make_demand(department="58", communes=("58194",), last_name="Canari")
    DemandAudience.objects.filter(demand=hidden, audience="dep:58").update(
        audience="dep:21", department="21"
    )
    for text in ("canari", hidden.number, hidden.number[:3]):
        assert read_page(landlord, WorklistFilter(text=text)).rows == [], text


def test_a_number_of_another_department_is_found_by_its_start() -> None:
    """Nothing is deduced from the number: what it begins with is looked up."""
    landlord = _landlord()
    moved = make_demand(number="0711126000042GDPUB")
    for text in ("071", "0711126", "07"):
        page = read_page(landlord, WorklistFilter(text=text))
        assert [row.demand.pk for row in page.rows] == [moved.pk], text
    assert Department.objects.get(demands=moved).number_prefix == "021"
