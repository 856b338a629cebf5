"""Addresses of every route, filled from the world's demands or from nothing that exists."""

import csv
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from config.routes import Route, routes
from django.urls import reverse

from register.models import Demand, Membership
from tests.partition.world import ABSENT, DIJON

HERE = Path(__file__).parent
# Views of other packages: who may open them is in tests/policy.csv, and tested by audience.
FOREIGN_PREFIXES = ("/edition/", "/compte/", "/_util/", "/documents/", "/media/", "/langue/")
PAGE_TREE = "wagtail_serve"
ABSENT_ID = 987_654_321
ABSENT_FILE = uuid.UUID("00000000-0000-4000-8000-000000000000")


@dataclass(frozen=True)
class Need:
    """What a route asks of whoever calls it, by method; "-" when it does not answer the method."""

    by_method: dict[str, str]
    is_about_a_demand: bool


def table(name: str) -> list[dict[str, str]]:
    """A declared table of this folder."""
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def needs() -> Mapping[str, Need]:
    """The declared needs of every route of ours."""
    return {
        row["route"]: Need({m: row[m] for m in ("GET", "POST")}, row["about"] == "demand")
        for row in table("needs.csv")
    }


@cache
def abilities() -> Mapping[str, Mapping[str, set[str]]]:
    """What each role may do: `everywhere`, then on the demand of each relation."""
    return {
        row.pop("role"): {relation: set(words.split()) for relation, words in row.items()}
        for row in table("cast.csv")
    }


@cache
def our_routes() -> tuple[Route, ...]:
    """Every route of the resolver that a room of the house wrote."""
    return tuple(
        route
        for route in routes()
        if not route.pattern.startswith(FOREIGN_PREFIXES) and route.name != PAGE_TREE
    )


def values_for(demand: Demand | None) -> dict[str, Any]:
    """What an address about this demand holds; values of nothing for None."""
    document = demand.documents.first() if demand else None
    share = demand.shares.order_by("pk").first() if demand else None
    mandate = demand.mandates.order_by("pk").first() if demand else None
    return {
        "number": demand.number if demand else ABSENT,
        "document_id": document.pk if document else ABSENT_ID,
        "stored_file": document.stored_file_id if document else ABSENT_FILE,
        "file_id": document.stored_file_id if document else ABSENT_FILE,
        "upload_id": ABSENT_FILE,
        "share_id": share.pk if share else ABSENT_ID,
        "mandate": mandate.pk if mandate else ABSENT_ID,
    }


FIXED = {
    "agreement_id": ABSENT_ID,
    "asked": ABSENT_ID,
    "assertion": "absent",
    "link": "absent",
    "notice": ABSENT_ID,
    "pair": ABSENT_ID,
    "effect": ABSENT_ID,
    "correction": ABSENT_ID,
    "template": ABSENT_ID,
    "question": "coordonnees-adresse.address",
    "run": ABSENT_ID,
    "step": "suspendre",
    "version": ABSENT_ID,
    "act": "note",
    "form": "csv",
    "letter": "renewal_notice",
    "code": "household-sizes",
    "person": "0a1b2c3d",
    "part": "coordonnees-adresse",
    "someone": "nouveau",
    "place": "identite",
    "key": "absent",
    "position": 1,
    "page": 1,
}


def address(route: Route, values: dict[str, Any]) -> str:
    """The route's address for these values. Fails on a placeholder that this table lacks."""
    known = {**FIXED, **values}
    wanted = {
        name for name in known if f":{name}>" in route.pattern or f"<{name}>" in route.pattern
    }
    return reverse(route.name, kwargs={name: known[name] for name in wanted})


def posted(demand: Demand | None, member: Membership | None = None) -> dict[str, Any]:
    """Fields that make every form of ours valid as far as one table can."""
    return {
        "version": demand.version if demand else 1,
        "text": "Un mot",
        "body": "Un message",
        "answer": "conforms",
        "reason": "Une raison",
        "helper_email": "quelquun@example.org",
        "scope": "read",
        "months": "1",
        "commune": DIJON,
        "membership": member.pk if member else "",
    }
