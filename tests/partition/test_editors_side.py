"""The editors' admin and the account pages: closed to whoever they are not for.

Wagtail's generic screens do not look at rights on rows, so nobody but an editor reaches any.
"""

import csv
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.installed import built
from tests.partition.answers import differences, normalised
from tests.partition.world import World, build_world, rolled_back

POLICY = Path(__file__).parents[1] / "policy.csv"
ADDRESS = re.compile(r"<(?:(\w+):)?\w+>")
GROUP = re.compile(r"\(\?P<\w+>[^)]*\)|\([^)?][^)]*\)")
BY_CONVERTER = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}
OUTSIDERS = ["visitor", "landlord agent", "manager", "owner", "former agent"]
FEWEST_ADDRESSES = 100


def addresses(audience: str, prefix: str) -> list[str]:
    """Every address of the policy table for this audience under this prefix, with some value."""
    with POLICY.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["audience"] == audience]
    return sorted({_filled(row["pattern"]) for row in rows if row["pattern"].startswith(prefix)})


def _filled(pattern: str) -> str:
    text = GROUP.sub("1", pattern.removesuffix("$")).replace("\\.", ".").replace(".*", "x")
    return ADDRESS.sub(lambda found: BY_CONVERTER.get(found[1] or "str", "x"), text)


@pytest.fixture
def world(db: Any, rules: None) -> Iterator[World]:
    logging.disable(logging.WARNING)
    yield built(build_world)
    logging.disable(logging.NOTSET)


def ask(client: Client, method: str, url: str) -> tuple[int, str, Any]:
    """Status, redirection and comparable answer of one request that leaves nothing behind."""
    with rolled_back():
        response = client.get(url) if method == "GET" else client.post(url, {})
        location = response.get("Location", "")
        return response.status_code, location, normalised(response, url)


@pytest.mark.parametrize(
    "role",
    [pytest.param(r, marks=[] if r in OUTSIDERS[:2] else pytest.mark.slow) for r in OUTSIDERS],
)
def test_nobody_but_an_editor_reaches_any_page_of_the_admin(world: World, role: str) -> None:
    client, wrong = world.client(role), []
    found = addresses("editor", "/edition/")
    assert len(found) >= FEWEST_ADDRESSES
    reference = ask(client, "GET", "/edition/pages/987654321/edit/")
    for url in found:
        for method in ("GET", "POST"):
            status, location, answer = ask(client, method, url)
            closed = status == 404 or (role == "visitor" and "/login/" in location)
            if url in ("/edition/login/", "/edition/logout/"):
                closed = status in (302, 404)
            if not closed:
                wrong.append(f"{method} {url}: {status} {location}")
            elif status == 404 and differences(answer, reference[2]):
                wrong.append(f"{method} {url}: {differences(answer, reference[2])}")
    assert not wrong, "\n".join(wrong)


def test_a_visitor_is_asked_to_sign_in_on_every_page_of_an_account(world: World) -> None:
    client = world.client("visitor")
    wrong = [
        f"{method} {url}"
        for url in addresses("applicant", "/compte/")
        for method in ("GET", "POST")
        if "/compte/login/" not in ask(client, method, url)[1]
    ]
    assert wrong == []


def test_an_editor_finds_no_person_anywhere_in_the_admin(world: World) -> None:
    """The addresses that Wagtail and modeladmin would give to our tables lead nowhere."""
    client = world.client("editor")
    demand = world.demands["own"]
    tables = ["demand", "person", "document", "storedfile", "contact", "event", "message", "user"]
    opened = [
        url
        for table in tables
        for url in (
            f"/edition/register/{table}/",
            f"/edition/register/{table}/edit/{demand.pk}/",
            f"/edition/register/{table}/history/{demand.pk}/",
            f"/edition/snippets/register/{table}/",
            f"/edition/snippets/register/{table}/edit/{demand.pk}/",
            f"/edition/bulk/register/{table}/delete/?id={demand.pk}",
            f"/edition/users/{demand.account_id}/",
        )
        if ask(client, "GET", url)[0] == 200
    ]
    assert opened == []
