"""Two worlds that differ only in demands somebody may not see answer that person byte for byte.

And the other way round: whatever that person sends, no row of a hidden demand changes.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import models
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from register.models import Demand
from tests.installed import built
from tests.partition.answers import differences, normalised
from tests.partition.canaries import rows_of
from tests.partition.mutations import apply, mutations
from tests.partition.routing import ABSENT_ID, address, our_routes, values_for
from tests.partition.world import World, build_world, rolled_back

NOON = "2026-03-18 12:00:00+01:00"
HIDDEN = {
    "landlord agent": ("other", "no longer shared", "sealed"),
    "commune outside": ("own", "other", "sealed", "shared", "no longer shared"),
    "other applicant": ("own", "sealed", "shared", "no longer shared", "in Beaune"),
    "landlord reader": ("other", "no longer shared", "sealed"),
    "landlord of a quarter": (
        "in another quarter",
        "other",
        "shared",
        "no longer shared",
        "sealed",
    ),
    "landlord lead": ("other", "no longer shared", "sealed"),
    "landlord statistician": ("other", "sealed", "shared", "no longer shared"),
    "commune inside": ("other", "sealed", "shared", "no longer shared"),
    "body without counter": ("other", "sealed", "shared", "no longer shared"),
    "data-protection officer": ("other", "sealed", "shared", "no longer shared"),
    "manager": ("other", "shared", "no longer shared"),
}
ROLES = tuple(HIDDEN)
OWN = {"commune outside": "in Beaune", "other applicant": "other"}
Request = tuple[str, str, dict[str, Any]]
FirstWorld = tuple[Client, list[Request], list[Any]]
# A red example is short enough to be read: shrinking it would replay the script for minutes.
PHASES = [Phase.explicit, Phase.generate]
EVERY_RUN = [ROLES[0], *(pytest.param(role, marks=pytest.mark.slow) for role in ROLES[1:])]


@pytest.fixture
def world(db: Any, rules: None) -> Iterator[World]:
    from tests.factories import make_demand
    from tests.partition.world import BEAUNE, DIJON, FONTAINE

    logging.disable(logging.WARNING)
    with time_machine.travel(NOON, tick=False):
        world = built(build_world)
        world.demands["in Beaune"] = make_demand(communes=(BEAUNE,), dependants=2)
        world.demands["in another quarter"] = make_demand(quarters={DIJON: FONTAINE})
        yield world
    logging.disable(logging.NOTSET)


@pytest.fixture
def first_world(world: World, role: str) -> FirstWorld:
    """The script and its answers before any mutation."""
    client, requests = world.client(role), script(world, role)
    assert len(requests) >= 19
    with rolled_back():
        return client, requests, replay(client, requests)


def hidden_from(world: World, role: str) -> list[Demand]:
    """Demands this role may not see, among those the mutations may touch."""
    return [world.demands[name] for name in HIDDEN[role]]


def desk_script(number: str, document: int, hidden: str) -> list[Request]:
    """A day at the desk: list, filters, orders, file, document, exports, search, acts."""
    file = f"/bureau/dossiers/{number}/"
    searched = [("POST", "/bureau/recherche/", {"text": t}) for t in ("Martin", hidden)]
    filters = (
        "",
        "?sort=newest",
        "?sort=largest",
        "?sort=smallest",
        "?state=struck_off",
        "?is_priority=on&missing=identity",
        "?missing=income",
        "?missing=old_income",
        "?beyond_delay=on",
        "?awaits_piece=on",
        "?is_sealed=on",
        "?size_min=3&home_type=T3",
        "?commune=Mâcon",
        "?answer=garage.yes",
        "?answer=garage.no",
    )
    return [
        *(("GET", f"/bureau/{query}", {}) for query in filters),
        ("GET", "/bureau/export/csv/", {}),
        ("GET", "/bureau/export/csv/?sort=smallest&is_priority=on", {}),
        ("GET", "/bureau/export/csv/?answer=garage.no", {}),
        *searched,
        ("GET", file, {}),
        ("GET", f"{file}documents/{document}/", {}),
        ("GET", f"{file}documents/{document}/fichier/", {}),
        ("POST", f"{file}actes/note/", {"version": 4, "text": "Une note"}),
        ("POST", f"{file}actes/message/", {"version": 4, "body": "Bonjour"}),
        ("POST", f"{file}actes/piece/", {"version": 1, "piece": "income"}),
        ("GET", file, {}),
        ("GET", f"{file}acces/", {}),
        ("GET", f"{file}courriers/", {}),
        *(
            ("GET", f"/bureau/{page}/", {})
            for page in ("taches", "conventions", "acces", "garanties")
        ),
        ("GET", f"/bureau/dossiers/{hidden}/acces/", {}),
        ("GET", f"/bureau/dossiers/{hidden}/", {}),
        ("POST", f"/bureau/dossiers/{hidden}/actes/note/", {"version": 1, "text": "x"}),
    ]


def space_script(number: str, hidden: str) -> list[Request]:
    """An evening in one's own space, and at the door of somebody else's."""
    own = f"/mon-espace/{number}/"
    pages = ("", "declaration/", "documents/", "messages/", "acces/", "aide/", "renouvellement/")
    return [
        ("GET", "/mon-espace/", {}),
        *(("GET", own + page, {}) for page in pages),
        ("GET", f"{own}mes-donnees/", {}),
        ("POST", f"{own}messages/", {"body": "Bonjour"}),
        ("GET", f"{own}messages/", {}),
        ("POST", f"{own}aide/", {"helper_email": "a@example.net", "months": "1", "scope": "read"}),
        ("POST", f"{own}renouvellement/", {}),
        ("GET", f"/mon-espace/{hidden}/", {}),
        ("POST", f"/mon-espace/{hidden}/messages/", {"body": "x"}),
        ("GET", "/demande/", {}),
        ("GET", "/demande/mes-etapes/", {}),
        ("GET", "/demande/verification/", {}),
        ("GET", f"/demande/deposee/{hidden}/", {}),
    ]


def script(world: World, role: str) -> list[Request]:
    """What this role asks in both worlds."""
    mine, theirs = world.demands[OWN.get(role, "own")], hidden_from(world, role)[-1].number
    if role == "other applicant":
        return space_script(mine.number, theirs)
    return desk_script(mine.number, mine.documents.get().pk, theirs)


def replay(client: Client, requests: list[Request]) -> list[Any]:
    """The answers, one after the other, as one session."""
    cache.clear()
    cookies, answers = client.cookies.copy(), []
    for method, url, data in requests:
        response = client.get(url) if method == "GET" else client.post(url, data)
        status, headers, body = normalised(response)
        # The journal's own rows carry the next free identifier; no page shows it.
        answers.append((status, headers, re.sub(rb"search=[\w-]{11}", b"search=-", body)))
    client.cookies = cookies
    return answers


# Each example is an evening of thirty requests, of every role.
@pytest.mark.parametrize("role", EVERY_RUN)
@settings(suppress_health_check=list(HealthCheck), max_examples=15, phases=PHASES)
@given(drawn=mutations())
def test_hidden_demands_may_live_as_they_like_nothing_shows_of_it(
    world: World, role: str, first_world: FirstWorld, drawn: list[tuple[str, int, int]]
) -> None:
    client, requests, here = first_world
    with rolled_back():
        apply(world, role, drawn, hidden_from(world, role))
        there = replay(client, requests)
    for (method, url, _data), one, two in zip(requests, here, there, strict=True):
        assert one == two, f"{method} {url}: {differences(one, two)}"


def test_the_same_worlds_do_differ_for_somebody_who_may_see_the_demand(world: World) -> None:
    """Without this, answers that never change would prove nothing."""
    client, requests = world.client("landlord elsewhere"), [("GET", "/bureau/", {})]
    with rolled_back():
        here = replay(client, requests)
    with rolled_back():
        apply(world, "landlord agent", [("add", 0, 0)], [])
        there = replay(client, requests)
    assert here != there


def snapshot(demands: list[Demand]) -> dict[tuple[str, Any], dict[str, Any]]:
    """Every row of these demands, as stored."""
    return {
        (type(row).__name__, row.pk): {
            column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields
        }
        for demand in demands
        for row in rows_of(Demand.objects.get(pk=demand.pk))
    }


def field_names() -> list[str]:
    """Columns somebody could try to set by naming them in a form."""
    names = {
        column.attname
        for model in (Demand, *(r.related_model for r in Demand._meta.related_objects))
        for column in model._meta.concrete_fields
        if isinstance(column, models.Field)
    }
    return sorted(names | {"pk", "is_staff", "groups", "organisation", "number"})


@pytest.mark.parametrize("role", EVERY_RUN)
@settings(suppress_health_check=list(HealthCheck), max_examples=3, phases=PHASES)
@given(seed=st.integers(0, 5), words=st.text(max_size=20))
def test_whatever_is_sent_no_row_of_a_hidden_demand_changes(
    world: World, role: str, seed: int, words: str
) -> None:
    client, hidden = world.client(role), hidden_from(world, role)
    target = hidden[seed % len(hidden)]
    mine = values_for(world.demands[OWN.get(role, "own")])
    theirs = values_for(target)
    forged = {name: target.pk for name in field_names()} | {
        "version": 1,
        "text": words or "x",
        "body": words or "x",
        "demand": target.pk,
        "demand_id": target.pk,
        "number": target.number,
        "answer": "conforms",
        "reason": "x",
    }
    before = snapshot(hidden)
    posts = [route for route in our_routes() if "POST" in route.methods]
    assert len(posts) >= 20
    with rolled_back():
        for route in posts:
            for values in (theirs, mine | {"document_id": theirs["document_id"]}, mine):
                client.post(address(route, {**values, "share_id": ABSENT_ID}), forged)
        assert snapshot(hidden) == before
