"""Answers of the form that an agent chooses for her exports: in words, in codes, within rights."""

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from backoffice.exported_answers import KEY
from register.access import FieldSet
from register.form.definition import FORM
from register.models import Contact, Demand, Person
from register.selectors.exported_answers import (
    MOST_ANSWERS,
    answers_in,
    column_key,
    offered,
    title_of,
)
from tests.factories import make_demand, principal_of

pytestmark = pytest.mark.django_db

CHOICE = "/bureau/export/reponses/"
BY_COLUMN = {(each.whose, each.column): each for each in FORM}
STATUS = BY_COLUMN["applicant", "family_status"]
REASONS = next(each for each in FORM if each.name == "reasons")
PHONE = BY_COLUMN["contact", "phone"]
CHILD_BORN = BY_COLUMN["dependant", "birth_date"]


def read_csv(client: Any) -> list[dict[str, str]]:
    answer = client.get("/bureau/export/csv/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def choose(client: Any, *questions: Any, **more: str) -> Any:
    told: dict[str, Any] = dict(more)
    for each in questions:
        told.setdefault(f"part_{each.group}", []).append(column_key(each))
    return client.post(f"{CHOICE}?home_type=T3", told)


@pytest.fixture
def demand() -> Demand:
    demand = make_demand(types=("T3",), dependants=2)
    Person.objects.filter(demand=demand, role="applicant").update(family_status="D")
    return demand


def test_the_answers_chosen_follow_the_list_in_words_and_in_codes(
    demand: Demand, agent: Any, sign_in: Any
) -> None:
    client = sign_in(agent)
    answer = choose(client, STATUS, REASONS, CHILD_BORN, codes="on")
    assert answer["Location"] == "/bureau/?home_type=T3"
    [row] = read_csv(client)
    assert row[title_of(STATUS)] == "Divorcé(e)"
    [code] = [
        told
        for name, told in row.items()
        if name.startswith(f"{title_of(STATUS)}\N{NO-BREAK SPACE}:")
    ]
    assert code == "D"
    assert row[title_of(CHILD_BORN)].count(";") == 1
    assert client.get(CHOICE).content.count(b" checked") == 4
    sheet = load_workbook(io.BytesIO(client.get("/bureau/export/xlsx/").content)).worksheets[0]
    assert title_of(STATUS) in [cell.value for cell in sheet[1]]


def test_a_title_says_whose_answer_it_is_and_its_case() -> None:
    titles = [title_of(each) for each in FORM]
    assert all(titles)
    assert len({column_key(each) for each in FORM}) == len(FORM)
    assert any(title.endswith(f"({STATUS.case})") for title in titles) or not STATUS.case


def test_what_may_not_be_read_of_a_demand_is_an_empty_cell_and_is_not_offered(
    demand: Demand, agent: Any, sign_in: Any
) -> None:
    Contact.objects.filter(demand=demand).update(phone="+33612345678")
    client = sign_in(agent)
    choose(client, PHONE, STATUS)
    assert any(read_csv(client)[0][title_of(PHONE)])
    agent.organisation.agreements.update(data_classes=["identity", "wishes", "household"])
    [row] = read_csv(client)
    assert title_of(PHONE) not in row
    told = answers_in({demand.pk: frozenset({FieldSet.WISHES})}, [PHONE, STATUS])
    assert told == {demand.pk: {}}


def test_reasons_that_tell_of_health_go_with_the_right_to_health(demand: Demand) -> None:
    demand.reasons.all().delete()
    demand.reasons.create(code="08", position=1)
    demand.reasons.create(code="13", position=2)
    rights = frozenset({FieldSet.HOUSEHOLD})
    [told] = answers_in({demand.pk: rights}, [REASONS])[demand.pk].values()
    assert told.codes == "13"
    assert "anté" not in told.words
    [told] = answers_in({demand.pk: rights | {FieldSet.HEALTH}}, [REASONS])[demand.pk].values()
    assert told.codes == "08, 13"


def test_a_formula_typed_as_an_answer_is_only_text(
    demand: Demand, agent: Any, sign_in: Any
) -> None:
    city = BY_COLUMN["contact", "city"]
    Contact.objects.filter(demand=demand).update(city="=1+1")
    client = sign_in(agent)
    choose(client, city)
    assert read_csv(client)[0][title_of(city)] == "'=1+1"


def test_as_many_queries_whatever_the_number_of_demands(
    demand: Demand, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    keys = [demand.pk]
    with django_assert_max_num_queries(20) as one:
        answers_in(dict.fromkeys(keys, frozenset(FieldSet)), FORM)
    keys += [make_demand(dependants=1).pk for _more in range(5)]
    with django_assert_num_queries(len(one)):
        answers_in(dict.fromkeys(keys, frozenset(FieldSet)), FORM)


def test_too_many_answers_are_refused_and_what_was_ticked_stays(agent: Any, sign_in: Any) -> None:
    client = sign_in(agent)
    every = [each for _group, several in offered(principal_of(agent)) for each in several]
    refused = choose(client, *every[: MOST_ANSWERS + 1])
    assert refused.status_code == 422
    assert refused.content.count(b" checked") == MOST_ANSWERS + 1
    assert KEY not in client.session
