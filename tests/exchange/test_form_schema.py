"""The form as software reads it: each answer that is kept has its place, names and codes."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from register.annex import Topic
from register.form.revisions import CERFA_05
from register.form.schema import form_schema
from register.models import Income, LocalAnswer, Need
from register.selectors.declaration import answers_kept
from register.selectors.space import declared
from tests.factories import make_demand
from tests.register.question_modules import every_type, install_questions, question

ANSWERS: dict[str, Any] = {
    "q_boolean": {"yes_no": True},
    "q_integer": {"whole": 3},
    "q_money_month": {"amount": "700.50"},
    "q_date": {"day": "2026-03-31"},
    "q_choice": {"code": "blue"},
    "q_choices": [{"code": "red"}, {"code": "green"}],
    "q_text": {"text": "Un mot"},
}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def refusals(value: Any, node: dict[str, Any], where: str = "") -> list[str]:
    """Where a value is not what the schema says; as much of JSON Schema as ours uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    allowed = [node["type"]] if isinstance(node["type"], str) else node["type"]
    if not any(kind == "null" or isinstance(value, kinds[kind]) for kind in allowed):
        return [f"{where} is no {node['type']}"]
    if isinstance(value, dict):
        unknown = [f"{where}.{name} is unknown" for name in value if name not in node["properties"]]
        known = {name: told for name, told in value.items() if name in node["properties"]}
        return unknown + [
            each
            for name, told in known.items()
            for each in refusals(told, node["properties"][name], f"{where}.{name}")
        ]
    if isinstance(value, list):
        return [each for told in value for each in refusals(told, node["items"], f"{where}[]")]
    if "oneOf" in node and value not in [each["const"] for each in node["oneOf"]]:
        return [f"{where}: {value} is no code"]
    if not re.search(node.get("pattern", ""), str(value)):
        return [f"{where}: {value} is badly written"]
    return []


def test_software_reads_what_the_form_asks_in_two_languages(client: Client) -> None:
    answer = client.get("/api/formulaire/")
    assert answer.headers["Content-Type"] == "application/schema+json"
    schema = answer.json()
    applicant = schema["properties"]["applicant"]["properties"]
    assert applicant["tax_income_n2"]["x-case"] == "E2"
    assert applicant["birth_date"]["x-titles"] == {"fr": "Date de naissance", "en": "Date of birth"}
    assert applicant["birth_date"]["format"] == "date"
    assert applicant["equipment"]["x-field-set"] == "health"
    kinds = schema["properties"]["current_housing"]["properties"]["kind"]["oneOf"]
    [tenant] = [each for each in kinds if each["const"] == "HLM"]
    assert tenant["x-cases"] == ["F2"]
    assert tenant["x-titles"]["fr"] == "Locataire HLM"
    parking = schema["properties"]["local_answers"]["properties"]["parking"]
    assert parking["type"] == "boolean"
    assert parking["x-titles"] == {"fr": "Stationnement", "en": "Parking"}
    assert (parking["x-field-set"], parking["x-territory"]) == ("wishes", "21")
    assert parking["x-local"]["module"] == "questions-21"


def test_what_a_territory_asks_is_told_as_it_is_answered_and_what_it_asked_too() -> None:
    version = install_questions("questions-essai", every_type())
    demand = make_demand()
    for code, told in ANSWERS.items():
        for column in told if isinstance(told, list) else [told]:
            LocalAnswer.objects.create(
                demand=demand,
                question=code,
                version=version,
                answered_at=demand.received_at,
                **column,
            )
    install_questions("questions-essai", [question("q_boolean", "boolean")])
    kept = answers_kept(declared(demand))
    assert kept["local_answers"].keys() == ANSWERS.keys()
    schema = form_schema(CERFA_05, "https://example.org/api/formulaire/")
    assert refusals(kept, schema) == []
    local = schema["properties"]["local_answers"]["properties"]
    assert local["q_boolean"]["x-local"] == {"module": "questions-essai", "version": 2}
    assert local["q_choice"]["deprecated"]
    assert local["q_choice"]["oneOf"][0]["x-titles"] == {"fr": "rouge", "en": "red"}
    assert local["q_money_month"]["x-unit"] == {"fr": "€ par mois", "en": "€ per month"}


def test_no_answer_of_the_schema_is_without_a_title() -> None:
    schema = form_schema(CERFA_05, "https://example.org/api/formulaire/")
    holders = schema["properties"].values()
    answers = [
        each for holder in holders for each in holder.get("items", holder)["properties"].values()
    ]
    assert [each for each in answers if not all(each["x-titles"].values())] == []


def test_data_to_take_away_are_what_the_schema_says() -> None:
    demand = make_demand(
        co_applicant="Durand", dependants=1, unborn_count=1, unborn_due_on=date(2027, 3, 1)
    )
    person = demand.persons.get(role="applicant")
    Income.objects.create(person=person, kind="SAL", amount=1200)
    Need.objects.create(person=person, topic=Topic.STEPS, code="1")
    Need.objects.create(person=person, topic=Topic.AID, code="2")
    kept = answers_kept(declared(demand))
    assert kept["applicant"]["amount_SAL"] == "1200.00"
    schema = form_schema(CERFA_05, "https://example.org/api/formulaire/")
    assert refusals(kept, schema) == []
    kept["applicant"]["nationality"] = "Française"
    assert refusals(kept, schema) == [".applicant.nationality: Française is no code"]
