"""The highest scores first on screen and in exports, for those who may read scores."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from register.models import Membership
from register.selectors import worklist
from tests.factories import make_demand, make_member, make_organisation
from tests.register.test_score_list import only_where

pytestmark = pytest.mark.django_db
BY_SCORE = {"sort": "score"}


@pytest.fixture
def three(reference: Any) -> list[str]:
    """Numbers of three demands; the second waited the longest, the third the least."""
    waits = ("2024-02-01", "2021-02-01", "2026-02-01")
    return [make_demand(received_on=date.fromisoformat(day)).number for day in waits]


def numbers(response: Any) -> list[str]:
    return [row.demand.number for row in response.context["page"].rows]


def head(response: Any) -> str:
    """The titles of the columns."""
    return response.content.decode().split("<thead")[1].split("<tbody")[0]


def rows_of(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_list_shows_scores_when_it_is_in_their_order(
    agent: Membership, sign_in: Any, three: list[str]
) -> None:
    client = sign_in(agent)
    assert "Cotation" not in head(client.get("/bureau/"))
    page = client.get("/bureau/", BY_SCORE)
    assert numbers(page) == [three[1], three[0], three[2]]
    assert "Cotation" in head(page)
    shown = [row.weighed.points for row in page.context["page"].rows]
    assert shown == sorted(shown, reverse=True)
    assert len(set(shown)) > 1


def test_the_order_is_offered_to_those_who_may_read_scores_only(
    agent: Membership, sign_in: Any, three: list[str]
) -> None:
    client = sign_in(agent)
    assert 'value="score"' in client.get("/bureau/").content.decode()
    only_where(None)
    assert 'value="score"' not in client.get("/bureau/").content.decode()
    assert client.get("/bureau/", BY_SCORE).status_code == 400
    assert client.get("/bureau/export/csv/", BY_SCORE).status_code == 400


def test_a_masked_score_is_said_to_be_masked_and_comes_last(
    agent: Membership, sign_in: Any, three: list[str]
) -> None:
    only_where({"not": {"fact": "demand.received_on", "op": "on_or_before", "value": "2021-12-31"}})
    page = sign_in(agent).get("/bureau/", BY_SCORE)
    assert numbers(page) == [three[0], three[2], three[1]]
    assert page.context["page"].rows[-1].weighed.points is None
    assert "Masqué" in page.content.decode()


def test_exports_follow_the_order_and_hold_the_scores(
    agent: Membership, sign_in: Any, three: list[str]
) -> None:
    client = sign_in(agent)
    rows = rows_of(client.get("/bureau/export/csv/", BY_SCORE))
    assert [next(iter(row.values())) for row in rows] == [three[1], three[0], three[2]]
    points = [int(row["Cotation"]) for row in rows]
    assert points == sorted(points, reverse=True)
    book = load_workbook(io.BytesIO(client.get("/bureau/export/xlsx/", BY_SCORE).content))
    sheet = list(book.worksheets[0].iter_rows(values_only=True))
    assert sheet[0][-1] == "Cotation"
    assert [line[-1] for line in sheet[1:]] == points
    assert "Cotation" not in rows_of(client.get("/bureau/export/csv/"))[0]


def test_a_list_that_is_too_long_says_that_it_is_by_seniority(
    agent: Membership, sign_in: Any, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "MOST_SCORED", 2)
    client = sign_in(agent)
    page = client.get("/bureau/", BY_SCORE)
    assert numbers(page) == [three[1], three[0], three[2]]
    assert "trop longue" in page.content.decode()
    text = b"".join(client.get("/bureau/export/csv/", BY_SCORE).streaming_content).decode()
    assert "trop longue" in text
    assert "trop longue" not in client.get("/bureau/").content.decode()


def test_the_narrow_list_beside_a_file_keeps_the_order(
    agent: Membership, sign_in: Any, three: list[str]
) -> None:
    page = sign_in(agent).get(reverse("desk:file", args=[three[0]]), BY_SCORE)
    assert page.status_code == 200
    assert numbers(page) == [three[1], three[0], three[2]]


def test_a_body_without_lists_gains_none(sign_in: Any, three: list[str]) -> None:
    statistics = make_member(make_organisation(), "statistics")
    assert sign_in(statistics).get("/bureau/", BY_SCORE).status_code != 200
