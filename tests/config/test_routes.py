"""Every address is declared: in the code by its view, and here in `tests/policy.csv`.

After adding a route: `manage.py routes --csv > tests/policy.csv`, then read the difference.
"""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from config.audiences import foreign_audience
from config.routes import Route, routes
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

POLICY = Path(__file__).parents[1] / "policy.csv"
AUDIENCES = {"public", "applicant", "desk", "manager", "editor", "api", "system"}
OPEN = {"public", "system", "api"}


def declared() -> set[Route]:
    with POLICY.open(encoding="utf-8", newline="") as stream:
        return {
            Route(row["name"], row["pattern"], tuple(row["methods"].split()), row["audience"])
            for row in csv.DictReader(stream)
        }


def test_every_route_is_in_the_policy_table_as_it_is() -> None:
    unlisted = set(routes()) - declared()
    assert not unlisted, "not in tests/policy.csv: " + ", ".join(r.pattern for r in unlisted)


def test_the_policy_table_lists_no_route_that_is_gone_or_has_changed() -> None:
    stale = declared() - set(routes())
    assert not stale, "stale in tests/policy.csv: " + ", ".join(r.pattern for r in stale)


def test_every_view_of_ours_says_who_it_is_for() -> None:
    silent = [route.pattern for route in routes() if route.audience not in AUDIENCES]
    assert silent == []


def test_the_list_is_given_to_programs_too() -> None:
    output = StringIO()
    call_command("routes", "--json", stdout=output)
    rows = json.loads(output.getvalue())
    health = next(row for row in rows if row["pattern"] == "/health/")
    assert health == {
        "name": "health",
        "pattern": "/health/",
        "methods": ["GET"],
        "audience": "system",
    }


@pytest.mark.django_db
def test_a_visitor_without_account_opens_no_page_kept_for_others(client: Client) -> None:
    closed = [
        route.pattern
        for route in routes()
        if route.audience not in OPEN and "<" not in route.pattern and "(" not in route.pattern
    ]
    opened = [pattern for pattern in closed if client.get(pattern).status_code == 200]
    assert closed
    assert opened == []


@pytest.mark.django_db
def test_a_view_of_ours_without_declaration_answers_like_a_missing_page(
    settings: Any, client: Client
) -> None:
    settings.ROOT_URLCONF = "tests.config.undeclared_urls"
    assert client.get("/forgotten/").status_code == 404


@pytest.mark.django_db
def test_the_libraries_own_sign_in_pages_are_closed(client: Client) -> None:
    assert client.get("/_util/login/").status_code == 404
    assert client.get("/edition/login/").status_code == 302


def test_a_view_of_another_package_outside_the_table_is_refused() -> None:
    assert foreign_audience("/elsewhere/", path) is None
    assert foreign_audience("/compte/login/", path) == "public"
    assert foreign_audience("/edition/pages/", path) == "editor"


def test_an_editors_prefix_does_not_open_its_lookalikes() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    view.__module__ = "portal.views"
    assert foreign_audience("/editions/", view) is None
    assert foreign_audience("/compte/secret/", view) is None
