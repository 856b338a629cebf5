"""Every address × every kind of person × every relation to a demand × GET and POST.

What each may do is declared in `cast.csv`, what each address asks for in `needs.csv`: neither is
read from the code. Whoever lacks what is asked gets, byte for byte, what a number that nobody has
would give.
"""

import logging
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pytest
from config.routes import Route
from django.test import Client

from tests.installed import built
from tests.partition.answers import differences, normalised
from tests.partition.routing import (
    abilities,
    address,
    needs,
    our_routes,
    posted,
    values_for,
)
from tests.partition.world import World, build_world, rolled_back

ROLES = list(abilities())
# One of each kind at every run; the others, whose rights are built alike, with the slow tests.
QUICK = {
    "visitor",
    "other applicant",
    "helper",
    "landlord agent",
    "landlord reader",
    "commune outside",
}
METHODS = ("GET", "POST")
SMALLEST_MATRIX = 4_000
BY_AUDIENCE = {
    "public": {"anyone", "nobody"},
    "system": {"anyone"},
    "applicant": {"signed-in", "follows", "holds", "nobody"},
    "desk": {
        "member",
        "lists",
        "exports",
        "figures",
        "reads",
        "opens",
        "treats",
        "shares",
        *(
            "oversees",
            "guards",
            "corresponds",
            "charters",
            "registers",
            "scans",
            "certifies",
            "rectifies",
            "writes",
            "nobody",
        ),
    },
    "manager": {"manages", "nobody"},
}
# Without what an audience is made of, the address does not even look at the demand.
ENTRY = {"applicant": "signed-in", "desk": "member", "manager": "manages"}
FOUND = {200, 204, 301, 302, 400, 409, 422}
SIGN_IN = "/compte/login/"
SHORTEST_ECHO = 15


class Cell(NamedTuple):
    """One request of the matrix."""

    route: Route
    method: str
    relation: str  # empty for an address about no demand


def cells() -> Iterator[Cell]:
    """Every cell of one role."""
    declared = needs()
    relations = [name for name in abilities()["visitor"] if name != "everywhere"]
    for route in our_routes():
        about = relations if declared[route.name].is_about_a_demand else [""]
        for method in METHODS:
            yield from (Cell(route, method, relation) for relation in about)


def expected(role: str, cell: Cell) -> str:
    """`found`, `missing`, `sign in` or `not this way`, from the declared tables."""
    able, need = abilities()[role], needs()[cell.route.name].by_method[cell.method]
    everywhere = {"anyone", *able["everywhere"]}
    entry = ENTRY.get(cell.route.audience)
    if entry and "signed-in" not in everywhere:
        return "sign in"
    if entry and entry not in everywhere:
        return "missing"
    if need == "-":
        return "not this way"
    return "found" if need in everywhere | able.get(cell.relation, set()) else "missing"


def outcome(response: Any) -> str:
    """The answer, in the same words."""
    if response.status_code == 302 and response["Location"].startswith(SIGN_IN):
        return "sign in"
    if response.status_code in FOUND:
        return "found"
    return {404: "missing", 405: "not this way"}.get(
        response.status_code, f"status {response.status_code}"
    )


def ask(client: Client, method: str, url: str, data: dict[str, Any]) -> Any:
    """One request that leaves nothing behind, neither in the database nor in the browser."""
    cookies = client.cookies.copy()
    with rolled_back():
        response = client.get(url) if method == "GET" else client.post(url, data)
        answer = outcome(response), normalised(response, url, *_echoes(url))
    client.cookies = cookies
    return answer


def _echoes(url: str) -> list[str]:
    """Numbers and identifiers of files, and the page above, which one comes back to signed in.

    The identifiers of rows are too short to be told from other text.
    """
    above = url[: url.rstrip("/").rfind("/") + 1]
    return [part for part in (*url.split("/"), above) if len(part) > SHORTEST_ECHO]


@pytest.fixture
def world(db: Any, rules: None) -> Iterator[World]:
    logging.disable(logging.WARNING)  # thousands of refusals, each one wanted
    yield built(build_world)
    logging.disable(logging.NOTSET)


def test_every_route_of_ours_is_in_the_table_and_asks_for_what_its_audience_can_have() -> None:
    declared = needs()
    unlisted = [route.name or route.pattern for route in our_routes() if route.name not in declared]
    assert unlisted == [], "say in tests/partition/needs.csv what they ask for"
    assert set(declared) <= {route.name for route in our_routes()}
    for route in our_routes():
        asked = set(declared[route.name].by_method.values()) - {"-"}
        assert asked <= BY_AUDIENCE[route.audience], route.name
        answered = {m for m, need in declared[route.name].by_method.items() if need != "-"}
        assert answered == set(route.methods), route.name


def test_the_matrix_does_not_shrink() -> None:
    count = len(list(cells())) * len(ROLES)
    print(f"\n{count} cells: {len(our_routes())} routes, {len(ROLES)} kinds of people")
    assert count >= SMALLEST_MATRIX


def at_every_run(roles: Iterable[str], quick: set[str]) -> list[Any]:
    """Parameters of a test: the quick roles always, the others where slow tests run."""
    return [pytest.param(r, marks=[] if r in quick else [pytest.mark.slow]) for r in roles]


@pytest.mark.parametrize("role", at_every_run(ROLES, QUICK))
def test_everybody_finds_what_the_law_opens_and_nothing_else(world: World, role: str) -> None:
    wrong = faults(world, role, world.client(role))
    assert not wrong, "\n".join(wrong)


def faults(world: World, role: str, client: Client) -> list[str]:
    """Where this role is answered otherwise than the tables say, or is told something by a refusal.

    One line for each; an empty list when everything is as declared.
    """
    wrong: list[str] = []
    absent: dict[tuple[str, str], Any] = {}
    nothing = values_for(None)
    # Each request leaves nothing behind: what addresses hold stays the same.
    values = {relation: values_for(demand) for relation, demand in world.demands.items()}
    for cell in cells():
        demand = world.demands.get(cell.relation)
        url = address(cell.route, values.get(cell.relation, nothing))
        found, answer = ask(client, cell.method, url, posted(demand, world.members.get(role)))
        wanted = expected(role, cell)
        if found != wanted:
            wrong.append(f"{cell.method} {cell.route.name} {cell.relation}: {found}, not {wanted}")
        if not cell.relation or found == "found":
            continue
        key = (cell.route.name, cell.method)
        if key not in absent:
            nowhere = address(cell.route, nothing)
            absent[key] = ask(client, cell.method, nowhere, posted(None))[1]
        if difference := differences(answer, absent[key]):
            wrong.append(f"{cell.method} {cell.route.name} {cell.relation} tells: {difference}")
    return wrong


NAMING_NO_ROW_OF_A_FILE = {
    "desk:act",  # a kind of act
    "desk:letter",  # a kind of letter
    "desk:rectify",  # a question of the form
    "space:modify",  # a page of the form
    "desk:begin_message",  # a text of the reader's organisation; empty if it is another's
}
"""Addresses where what follows the number is the same for every file."""


@pytest.mark.parametrize(
    "role", at_every_run(["landlord lead", "owner", "manager", "commune inside"], {"landlord lead"})
)
def test_a_nested_address_never_reaches_into_another_file(world: World, role: str) -> None:
    """The number of one's own file with the document, share or mandate of another."""
    client, wrong = world.client(role), []
    mine = values_for(world.demands["own"])
    nested = [r for r in our_routes() if r.pattern.count("<") > 1 and "number" in r.pattern]
    assert {route.name for route in nested} >= {
        "desk:document_file",
        "space:file",
        "desk:end_share",
    }
    for route in nested:
        if route.name in NAMING_NO_ROW_OF_A_FILE:
            continue
        nowhere = address(route, {**values_for(None), "number": mine["number"]})
        for relation in ("other", "sealed", "erased", "shared", "no longer shared"):
            theirs = values_for(world.demands[relation]) | {"number": mine["number"]}
            for method in METHODS:
                found, answer = ask(client, method, address(route, theirs), posted(None))
                _absent, reference = ask(client, method, nowhere, posted(None))
                if found == "found" or differences(answer, reference):
                    wrong.append(f"{method} {route.name} with {relation}'s: {found}")
    assert not wrong, "\n".join(wrong)
