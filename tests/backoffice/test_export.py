"""Exports: the reader's rights, harmless cells, a journal row per demand."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from backoffice.tables import harmless
from register.form.definition import QUESTIONS
from register.models import AccessLog, AgreementStatus, Membership, Role
from register.services import exports
from register.services.facts import refresh_facts
from tests.factories import make_demand

pytestmark = pytest.mark.django_db
IN_WORDS = {
    "logement-souhaite.home_types": "T6 ou plus",
    "logement-souhaite-communes.commune_search": "Commune 21231",
}


def read_csv(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def first_cells(rows: list[dict[str, str]]) -> list[str]:
    return [next(iter(row.values())) for row in rows]


def test_an_export_holds_the_demands_of_the_perimeter_only(agent: Any, sign_in: Any) -> None:
    mine = make_demand(types=("T6P",))
    make_demand(department="58", communes=("58194",))
    client = sign_in(agent)
    rows = read_csv(client.get("/bureau/export/csv/"))
    assert first_cells(rows) == [mine.number]
    # As the definition of the form titles, orders and words them.
    titles = {str(QUESTIONS[key].title): told for key, told in IN_WORDS.items()}
    assert {title: told for title, told in rows[0].items() if title in titles} == titles
    sheet = load_workbook(io.BytesIO(client.get("/bureau/export/xlsx/").content)).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [mine.number]


def test_an_export_follows_the_filters_of_the_list(agent: Any, sign_in: Any) -> None:
    large = make_demand(types=("T5",))
    make_demand(types=("T1",))
    answer = sign_in(agent).get("/bureau/export/csv/", {"home_type": "T5"})
    assert first_cells(read_csv(answer)) == [large.number]


def test_each_demand_exported_leaves_a_row_in_its_journal(agent: Any, sign_in: Any) -> None:
    made = {make_demand().pk, make_demand().pk}
    sign_in(agent).get("/bureau/export/xlsx/")
    rows = AccessLog.objects.filter(purpose="export", user=agent.user)
    assert set(rows.values_list("demand_id", flat=True)) == made


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_looks_like_a_formula_is_only_text(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmless("Martin") == "Martin"


def test_a_name_written_as_a_formula_reaches_no_spreadsheet_as_one(
    agent: Any, sign_in: Any
) -> None:
    make_demand(last_name="=HYPERLINK(1)")
    client = sign_in(agent)
    row = read_csv(client.get("/bureau/export/csv/"))[0]
    assert list(row.values())[1].startswith("'=")
    sheet = load_workbook(io.BytesIO(client.get("/bureau/export/xlsx/").content)).worksheets[0]
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].value.startswith("=HYPERLINK")


def test_an_export_is_cut_at_its_limit_and_says_so(
    agent: Any, sign_in: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("backoffice.views.export.MOST_ROWS", 2)
    for _row in range(3):
        make_demand()
    answer = sign_in(agent).get("/bureau/export/xlsx/")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.worksheets[0].max_row == 3
    assert "2" in str(book.worksheets[1]["A2"].value)
    assert "2-premieres" in answer["Content-Disposition"]


def end_the_membership(agent: Any) -> None:
    Membership.objects.filter(pk=agent.pk).update(ends_on=yesterday())


def end_the_agreement(agent: Any) -> None:
    agent.organisation.agreements.update(ends_on=yesterday())


def suspend_the_agreement(agent: Any) -> None:
    agent.organisation.agreements.update(status=AgreementStatus.SUSPENDED)


def close_the_account(agent: Any) -> None:
    type(agent.user).objects.filter(pk=agent.user.pk).update(is_active=False)


def become_a_reader(agent: Any) -> None:
    Membership.objects.filter(pk=agent.pk).update(role=Role.READER)


def yesterday() -> Any:
    return timezone.localdate() - timedelta(days=1)


@pytest.mark.parametrize(
    "taken_away",
    [
        end_the_membership,
        end_the_agreement,
        suspend_the_agreement,
        close_the_account,
        become_a_reader,
    ],
)
def test_a_running_export_stops_when_the_right_ends(
    agent: Any, sign_in: Any, monkeypatch: Any, taken_away: Any
) -> None:
    monkeypatch.setattr("register.services.exports.PART", 2)
    for _row in range(6):
        make_demand()
    stream = sign_in(agent).get("/bureau/export/csv/").streaming_content
    begun = [next(stream).decode() for _line in range(3)]
    taken_away(agent)
    after = [line.decode() for line in stream]
    assert len(begun) == 3
    assert len(after) == 1
    assert "Cet export a été interrompu" in after[0]
    assert AccessLog.objects.filter(purpose="export").count() == 2


def test_a_demand_that_closes_meanwhile_is_not_in_the_parts_that_follow(
    agent: Any, sign_in: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("register.services.exports.PART", 1)
    first, second, third = (make_demand() for _row in range(3))
    stream = sign_in(agent).get("/bureau/export/csv/?sort=oldest").streaming_content
    told = next(stream).decode() + next(stream).decode()
    assert first.number in told
    second.is_sealed = True
    second.save()
    refresh_facts(demand=second)
    rest = "".join(line.decode() for line in stream)
    assert second.number not in rest
    assert third.number in rest


def test_a_workbook_under_way_stops_too_and_says_so(
    agent: Any, sign_in: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("register.services.exports.PART", 1)
    make_demand(), make_demand()
    original, asked = exports.read_rows, []

    def read(*args: Any, **kwargs: Any) -> Any:
        rows = original(*args, **kwargs)
        asked.append(rows)
        end_the_agreement(agent)
        return rows

    monkeypatch.setattr(exports, "read_rows", read)
    book = load_workbook(io.BytesIO(sign_in(agent).get("/bureau/export/xlsx/").content))
    assert len(asked) == 1
    assert book.worksheets[0].max_row == 2
    assert "Cet export a été interrompu" in str(book.worksheets[1]["A1"].value)


def test_a_reader_takes_no_list_away(reader: Any, sign_in: Any) -> None:
    client = sign_in(reader)
    assert client.get("/bureau/export/csv/").status_code == 404
    assert not client.get("/bureau/").context["can_export"]
