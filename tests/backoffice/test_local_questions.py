"""A new question, put in force while the program runs: form, file, filter, export, rule, masks."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from register import access, questions
from register.models import Demand, LocalAnswer, Membership, OrganisationKind
from register.principals import Principal
from rules import registry
from rules.errors import RuleError
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of
from tests.portal.demand import fill_minimum, post, prepare_register, signed_in
from tests.register.question_modules import (
    every_type,
    install_module,
    install_questions,
    manifest,
    question,
)

pytestmark = pytest.mark.django_db
PAGE = "logement-souhaite/questions"
ANSWERS = {
    "question_q_boolean": "oui",
    "question_q_integer": "3",
    "question_q_decimal": "1,5",
    "question_q_money_month": "700,50",
    "question_q_money_year": "18 400 €",
    "question_q_date_0": "31",
    "question_q_date_1": "3",
    "question_q_date_2": "2026",
    "question_q_choice": "blue",
    "question_q_choices": ["green", "red"],
    "question_q_text": "=1+1 pour voir",
}


@pytest.fixture
def commune(db: Any) -> Membership:
    """A counter of Dijon: it reads the household, and resources only by their existence."""
    body = make_organisation("ville-dijon", OrganisationKind.COMMUNE, commune=make_commune())
    return make_member(body, "agent")


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/bureau/export/csv/{query}")
    assert answer.status_code == 200
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def listed(client: Client, query: str) -> str:
    return str(client.get(f"/bureau/?{query}").content.decode())


def answered(code: str, field_set: str = "wishes", **value: Any) -> Demand:
    """A demand whose applicant answered one question."""
    demand = make_demand()
    version = install_questions("questions-essai", [question(code, "boolean", field_set=field_set)])
    LocalAnswer.objects.create(
        demand=demand, question=code, version=version, answered_at=demand.received_at, **value
    )
    return demand


def test_a_question_installed_at_run_time_goes_from_the_form_to_a_rule(
    agent: Membership, sign_in: Any
) -> None:
    prepare_register()
    install_questions("questions-21-essai", every_type())
    applicant = signed_in()
    fill_minimum(applicant)
    assert post(applicant, PAGE, ANSWERS).status_code == 302
    review = applicant.get("/demande/verification/").content.decode()
    assert "Essai q_choices" in review
    assert "vert" in review
    demand = send(applicant)
    desk = sign_in(agent)

    file = desk.get(f"/bureau/dossiers/{demand.number}/").content.decode()
    for shown in ("Essai q_boolean", "700,50", "31\u00a0mars\u00a02026", "bleu", "rouge et vert"):
        assert shown in file, shown

    filters = {
        "answer=q_boolean.yes": True,
        "answer=q_boolean.no": False,
        "answer=q_choice.blue": True,
        "answer=q_choice.red": False,
        "answer=q_choices.green": True,
        "answer=q_integer.at_least&answer_value=3": True,
        "answer=q_integer.at_least&answer_value=4": False,
        "answer=q_money_month.at_most&answer_value=700,50": True,
        "answer=q_date.on_or_before&answer_value=31/03/2026": True,
        "answer=q_date.on_or_after&answer_value=2026-04-01": False,
    }
    for query, found in filters.items():
        assert (demand.number in listed(desk, query).replace("\u202f", "").replace(" ", "")) is (
            found
        ), query

    [row] = exported(desk, "?answer=q_boolean.yes")
    assert row["Titre q_integer"] == "3"
    assert row["Titre q_choices"] == "rouge et vert"
    assert row["Titre q_text"] == "'=1+1 pour voir", "no spreadsheet takes it for a formula"
    book = load_workbook(io.BytesIO(desk.get("/bureau/export/xlsx/").content))
    assert "Titre q_date" in [cell.value for cell in book.worksheets[0][1]]

    opens_by_answer(demand)
    with pytest.raises(RuleError, match="n’existe pas"):
        install_module(manifest("rights-essai-2", 1, "rights"), grant_on("question.q_text"))


def send(applicant: Client) -> Demand:
    token = applicant.get("/demande/verification/").context["draft"].submission_token
    answer = applicant.post("/demande/envoi/", {"token": str(token)})
    assert answer.status_code == 302
    return Demand.objects.get(submission_token=token)


def grant_on(fact: str) -> dict[str, Any]:
    """A right that opens the demands whose answer to a question is yes."""
    everybody = {"fact": "principal.kind", "op": "is", "value": "membership"}
    return {
        "grants": [
            {
                "code": "essai",
                "title": {"fr": "Essai", "en": "Test"},
                "legal_basis": "Essai",
                "principal": everybody,
                "actions": ["list", "view"],
                "row": {"fact": fact, "op": "is", "value": True},
            }
        ]
    }


def opens_by_answer(demand: Demand) -> None:
    """A rule on the answer opens this demand to somebody who had no right to it."""
    far = principal_of(make_member(make_organisation("loin", department="58")))
    assert not access.decide(far, "view", demand).allowed
    install_module(manifest("rights-essai", 1, "rights"), grant_on("question.q_boolean"))
    assert access.decide(far, "view", demand).allowed
    assert [each.pk for each in access.scope(far, "list")] == [demand.pk]
    install_questions("questions-21-essai", [question("other", "boolean")])
    assert not access.decide(far, "view", demand).allowed, "what is no longer asked opens nothing"
    assert not access.scope(far, "list").exists()


def test_a_rule_on_a_question_that_nobody_is_asked_is_refused_when_saved(agent: Membership) -> None:
    install_questions("questions-essai", [question("car", "boolean")])
    install_questions("questions-essai", [question("bicycle", "boolean")])
    with pytest.raises(RuleError, match="n’est plus posée"):
        install_module(manifest("rights-essai", 1, "rights"), grant_on("question.car"))
    with pytest.raises(RuleError, match="n’existe pas"):
        install_module(manifest("rights-essai", 1, "rights"), grant_on("question.plane"))


def test_what_a_group_of_data_hides_is_hidden_in_the_file_the_export_and_the_filter(
    agent: Membership, commune: Membership, sign_in: Any
) -> None:
    demand = answered("debt", "resources", yes_no=True)
    reads, masked = sign_in(agent), sign_in(commune)
    file = f"/bureau/dossiers/{demand.number}/"
    assert "Essai debt" in reads.get(file).content.decode()
    hidden = masked.get(file).content.decode()
    assert "Essai debt" not in hidden
    assert 'id="section-questions-resources"' in hidden, "there may be something: it says so"
    assert [row["Titre debt"] for row in exported(reads)] == ["Oui"]
    assert [row["Titre debt"] for row in exported(masked)] == ["Masqué"]
    for value in ("yes", "no"):
        assert exported(masked, f"?answer=debt.{value}") == [], "neither answer tells the other"


def test_an_export_masks_line_by_line(commune: Membership, sign_in: Any) -> None:
    """A counter reads the resources of the demands it registered, and of no other."""
    others = answered("debt", "resources", yes_no=True)
    own = make_demand(registered_by=commune.organisation)
    LocalAnswer.objects.create(
        demand=own,
        question="debt",
        version=others.local_answers.get().version,
        yes_no=True,
        answered_at=own.received_at,
    )
    counter = sign_in(commune)
    rows = {row["Numéro"]: row["Titre debt"] for row in exported(counter)}
    assert rows == {own.number: "Oui", others.number: "Masqué"}
    assert [row["Numéro"] for row in exported(counter, "?answer=debt.yes")] == [own.number]


@pytest.mark.parametrize(
    "query", ["answer=nothing.yes", "answer=q_integer.at_least&answer_value=beaucoup"]
)
def test_a_mistyped_filter_says_so_beside_its_field(
    agent: Membership, sign_in: Any, query: str
) -> None:
    install_questions("questions-essai", every_type())
    answer = sign_in(agent).get(f"/bureau/?{query}")
    assert answer.status_code == 400
    assert "field-error" in answer.content.decode()


def test_a_filter_by_answer_and_its_columns_cost_no_query_per_demand(
    agent: Membership, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    install_questions("questions-essai", every_type())
    client = sign_in(agent)

    def count(address: str) -> int:
        client.get(address).getvalue()
        with django_assert_max_num_queries(60) as counted:
            assert client.get(address).getvalue()
        return len(counted)

    for address in ("/bureau/?answer=q_boolean.yes", "/bureau/export/csv/"):
        before = count(address)
        version = questions.in_force()[0].version_id
        for _one in range(8):
            demand = make_demand(with_identity=False)
            LocalAnswer.objects.create(
                demand=demand,
                question="q_boolean",
                version_id=version,
                yes_no=True,
                answered_at=demand.received_at,
            )
        assert count(address) - before <= 4, address


def test_what_is_typed_wrong_is_said_in_french_beside_the_field_and_kept() -> None:
    prepare_register()
    install_questions("questions-essai", every_type())
    applicant = signed_in()
    fill_minimum(applicant)
    wrong = {
        **ANSWERS,
        "question_q_integer": "trois",
        "question_q_date_1": "13",
        "question_q_choice": "purple",
    }
    answer = post(applicant, PAGE, wrong)
    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert set(errors) == {"question_q_integer", "question_q_date", "question_q_choice"}
    assert errors["question_q_integer"] == ["Écrivez un nombre entier en chiffres, par exemple 3."]
    again = applicant.get(f"/demande/{PAGE}/").content.decode()
    assert 'value="trois"' in again
    assert "=1+1 pour voir" in again
    kept = send(applicant).local_answers.values_list("question", flat=True)
    assert {"q_boolean", "q_decimal"} <= set(kept)
    assert not {"q_integer", "q_date", "q_choice"} & set(kept), "left out, never in the way"


def test_a_draft_goes_on_with_the_questions_it_began_with() -> None:
    prepare_register()
    first = install_questions("questions-essai", [question("car", "boolean")])
    applicant = signed_in()
    fill_minimum(applicant)
    post(applicant, PAGE, {"question_car": "oui"})
    install_questions("questions-essai", [question("bicycle", "boolean")])
    assert "Essai car" in applicant.get(f"/demande/{PAGE}/").content.decode()
    demand = send(applicant)
    assert [(a.question, a.version_id) for a in demand.local_answers.all()] == [("car", first.pk)]
    own = applicant.get(f"/mon-espace/{demand.number}/declaration/").content.decode()
    assert "Essai car" in own, "no longer asked, still hers to read"
    data = applicant.get(f"/mon-espace/{demand.number}/mes-donnees/").json()
    assert [(a["question"], a["answer"]) for a in data["local_answers"]] == [("car", True)]


def test_a_question_is_asked_only_of_those_its_condition_names() -> None:
    prepare_register()
    families = {"fact": "demand.children", "op": "at_least", "value": 1}
    install_questions("questions-essai", [question("nursery", "boolean", when=families)])
    applicant = signed_in()
    fill_minimum(applicant)
    assert applicant.get(f"/demande/{PAGE}/").status_code == 200, "others are asked there"
    assert "Essai nursery" not in applicant.get(f"/demande/{PAGE}/").content.decode()
    child = {"birth_name": "Dupont", "first_names": "Léa"}
    born = {"birth_date_0": "5", "birth_date_1": "12", "birth_date_2": "2020"}
    post(applicant, "foyer/personnes-a-charge/0123abcd", {**child, **born, "link": "E"})
    assert "Essai nursery" in applicant.get(f"/demande/{PAGE}/").content.decode()


def test_the_certificate_repeats_answers_but_nothing_of_health(principal: Principal) -> None:
    from register.letters.attestation_summary import summary

    version = install_questions(
        "questions-essai",
        [question("car", "boolean"), question("care", "boolean", field_set="health")],
    )
    demand = make_demand()
    for code in ("car", "care"):
        LocalAnswer.objects.create(
            demand=demand,
            question=code,
            version=version,
            yes_no=True,
            answered_at=demand.received_at,
        )
    rows = [row for group in summary(demand) for row in group.rows]
    assert ("Essai car ?", "Oui") in rows
    assert "Essai care ?" not in dict(rows)
    own = access.fields(principal_of(demand.account), demand)  # type: ignore[arg-type]
    assert own.can_read("health")


@pytest.fixture
def principal(agent: Membership) -> Principal:
    return principal_of(agent)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"type": "horoscope"}, "type"),
        ({"field_set": "notes"}, "field_set"),
        ({"type": "text", "fact": {"fr": "x", "en": "x"}}, "fact"),
        ({"least": 2, "type": "boolean"}, "least"),
        ({"least": 5, "most": 2, "type": "integer"}, "most"),
        ({"when": {"fact": "demand.state", "op": "is", "value": "active"}}, "when"),
        ({"when": {"fact": "question.car", "op": "is", "value": True}}, "when"),
        ({"purpose": {"fr": "", "en": "x"}}, "purpose"),
    ],
)
def test_a_question_that_means_nothing_is_refused_at_its_place(
    wrong: dict[str, Any], told: str
) -> None:
    written = {**question("essai", "boolean"), **wrong}
    with pytest.raises(RuleError) as refusal:
        install_questions("questions-essai", [written])
    assert told in refusal.value.path


def test_a_question_keeps_its_type_its_choices_and_its_module() -> None:
    install_questions("questions-essai", [question("colour", "choice")])
    fewer = question("colour", "choice")
    fewer["choices"] = fewer["choices"][:2]
    for changed in (question("colour", "boolean"), fewer):
        with pytest.raises(RuleError):
            install_questions("questions-essai", [changed])
    with pytest.raises(RuleError):
        install_questions("questions-autre", [question("colour", "choice")])
    retired = question("colour", "choice")
    retired["choices"] = [*retired["choices"][:2], {**retired["choices"][2], "retired": True}]
    install_questions("questions-essai", [retired])
    found = questions.known()["colour"]
    assert [choice.code for choice in found.offered] == ["red", "blue"]
    assert registry.vocabulary().fact("question.colour").choices is not None
    assert date.min in registry.vocabulary().fact("question.colour").retired.values()
