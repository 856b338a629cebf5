"""The applicant changes her own declaration from her space, at any time while her demand lives."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from register.errors import NotAllowed, TransitionRefused
from register.form.recorded import key_of
from register.form.single import mark
from register.models import Demand, EventKind, FieldChange, Income, Need, Person
from register.selectors.file import read_file
from register.services.declaring import modify, remove_person
from register.services.mandates import give_mandate
from register.services.modification import Proposed
from tests.factories import make_commune, make_demand, make_quarter, make_user, principal_of
from tests.portal.space import page, read, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def demand(landlord: Any) -> Demand:
    make_commune()
    return make_demand(registered_by=landlord.organisation, last_name="Benali", dependants=1)


@pytest.fixture
def client(demand: Demand) -> Client:
    return signed_in(demand.account)


def url(demand: Demand, part: str, someone: str = "") -> str:
    return page(demand, "summary") + f"{part}/" + (f"{someone}/" if someone else "")


def shown(client: Client, address: str) -> dict[str, Any]:
    """What a page goes back with when nothing is touched: its inputs as they are filled."""
    text = read(client, address)
    found = re.search(r'name="seen" value="([^"]*)"', text)
    assert found, text
    inputs: dict[str, Any] = {"seen": found[1].replace("&quot;", '"')}
    for tag in re.findall(r"<input[^>]+>", text):
        name, value = (re.search(rf'{each}="([^"]*)"', tag) for each in ("name", "value"))
        kind = re.search(r'type="([^"]*)"', tag)
        if not name or not kind or name[1] in ("csrfmiddlewaretoken", "seen"):
            continue
        if kind[1] in ("radio", "checkbox"):
            if "checked" in tag:
                inputs.setdefault(name[1], []).append(value[1] if value else "on")
        elif kind[1] != "hidden":
            inputs[name[1]] = value[1] if value else ""
    return inputs


def changes(demand: Demand) -> list[tuple[str, Any, Any]]:
    found = demand.field_changes.order_by("pk")
    return [(each.question, each.before, each.after) for each in found]


def test_each_part_opens_the_pages_of_the_form_filled_with_what_is_recorded(
    demand: Demand, client: Client
) -> None:
    text = read(client, page(demand, "summary"))
    for part in ("coordonnees-adresse", "logement-actuel", "ressources", "foyer-handicap"):
        assert url(demand, part) in text
    for elsewhere in ("identite", "piece-identite", "foyer", "ressources-montants"):
        assert url(demand, elsewhere) + '"' not in text
    assert "/guichets/" in text
    address = url(demand, "coordonnees-adresse")
    sent = shown(client, address)
    assert (sent["address"], sent["city"]) == ("1 rue des Exemples", "Dijon")
    # Sent back as it is, nothing changes and nothing is told.
    assert client.post(address, sent).status_code == 302
    assert not demand.field_changes.exists()
    assert client.post(address, {**sent, "address": "12 quai Nicolas Rolin"}).status_code == 302
    assert changes(demand) == [
        ("coordonnees-adresse.address", "1 rue des Exemples", "12 quai Nicolas Rolin")
    ]
    demand.contact.refresh_from_db()
    assert (demand.contact.address, demand.contact.city) == ("12 quai Nicolas Rolin", "Dijon")
    assert "12 quai Nicolas Rolin" in read(client, page(demand, "history"))
    event = demand.events.latest("pk")
    assert (event.kind, event.user, event.organisation) == ("modified", demand.account, None)
    assert "vous avez modifié votre déclaration" in read(client, page(demand))


def test_what_is_changed_on_one_page_is_one_step_of_the_story(
    demand: Demand, client: Client
) -> None:
    address = url(demand, "logement-actuel-details")
    sent = {**shown(client, address), "home_type": "T2", "surface": "40", "monthly_cost": "700"}
    assert client.post(address, sent).status_code == 302
    event = demand.events.latest("pk")
    assert event.field_changes.count() == len(event.details["questions"]) == 3
    assert demand.events.filter(kind=EventKind.MODIFIED).count() == 1
    assert "Taille du logement, Surface" in read(client, page(demand))


def test_what_the_form_refuses_is_refused_and_nothing_typed_is_lost(
    demand: Demand, client: Client
) -> None:
    address = url(demand, "coordonnees")
    refused = client.post(address, {**shown(client, address), "phone": "12"})
    assert refused.status_code == 422
    assert "Ce numéro ne peut pas être appelé" in refused.text
    assert 'value="12"' in refused.text
    assert not demand.field_changes.exists()


def test_both_values_are_read_when_an_agent_changed_the_same_answer_meanwhile(
    demand: Demand, client: Client
) -> None:
    address = url(demand, "coordonnees-adresse")
    sent = {**shown(client, address), "address": "12 rue des Exemples"}
    demand.contact.address, demand.contact.city = "7 quai Rolin", "Beaune"
    demand.contact.save()
    overtaken = client.post(address, sent)
    assert overtaken.status_code == 409
    assert "7 quai Rolin" in overtaken.text
    assert 'value="12 rue des Exemples"' in overtaken.text
    again = re.search(r'name="seen" value="([^"]*)"', overtaken.text)
    assert again
    # Sent again it is kept; the town, which she had not touched, stays as the agent wrote it.
    seen = again[1].replace("&quot;", '"')
    assert client.post(address, {**sent, "seen": seen}).status_code == 302
    assert changes(demand) == [
        ("coordonnees-adresse.address", "7 quai Rolin", "12 rue des Exemples")
    ]
    demand.contact.refresh_from_db()
    assert demand.contact.city == "Beaune"
    # A page that says nothing of what its reader saw overwrites nothing.
    assert client.post(address, {**sent, "address": "x", "seen": "[]"}).status_code == 409


def test_nobody_changes_her_civil_status_here(demand: Demand, client: Client) -> None:
    child, part = demand.persons.get(role="dependant"), "foyer-personnes-a-charge"
    assert client.get(url(demand, "identite")).status_code == 404
    text = read(client, url(demand, part, key_of(child)))
    assert 'name="birth_name"' not in text
    assert "se changent au guichet" in text
    situation = read(client, url(demand, "identite-situation"))
    assert 'name="nationality"' not in situation
    assert 'name="family_status"' in situation
    for who, name in ((demand.persons.get(role="applicant"), "identite"), (child, part)):
        proposed = {f"{name}.birth_name@{who.pk}": Proposed("Autre", mark("Benali"))}
        with pytest.raises(NotAllowed):
            modify(principal=principal_of(demand.account), demand=demand, proposed=proposed)
    assert not demand.field_changes.exists()


def test_people_come_change_and_leave_as_on_the_form(demand: Demand, client: Client) -> None:
    part = "foyer-personnes-a-charge"
    born = {"birth_date_0": "3", "birth_date_1": "2", "birth_date_2": "2019"}
    comes = {"birth_name": "Benali", "first_names": "Tom", **born, "link": "E", "sex": "M"}
    refused = client.post(url(demand, part, "nouveau"), {**comes, "first_names": ""})
    assert (refused.status_code, 'value="Benali"' in refused.text) == (422, True)
    assert client.post(url(demand, part, "nouveau"), comes).status_code == 302
    # A double click adds nobody twice.
    assert client.post(url(demand, part, "nouveau"), comes).status_code == 422
    tom = demand.persons.get(first_names="Tom")
    assert (tom.position, tom.link, tom.birth_date) == (2, "E", date(2019, 2, 3))
    demand.facts.refresh_from_db()
    assert demand.facts.household_size == 3
    address = url(demand, part, key_of(tom))
    sent = {**shown(client, address), "income_kind": "AF", "income_amount": "148,20"}
    assert client.post(address, sent).status_code == 302
    assert Income.objects.get(person=tom).amount == Decimal("148.20")
    assert client.post(address, {"intent": "remove"}).status_code == 302
    assert not Person.objects.filter(pk=tom.pk).exists()
    assert client.post(address, {"intent": "remove"}).status_code == 302
    told = [(key, len(before), len(after)) for key, before, after in changes(demand)]
    assert told == [
        (f"{part}.people", 1, 2),
        (f"{part}.income", 0, 1),
        (f"{part}.people", 2, 1),
    ]
    assert "Tom Benali, né(e) le" in read(client, page(demand, "history"))


def test_a_co_applicant_comes_is_asked_about_and_leaves_at_a_counter(
    demand: Demand, client: Client
) -> None:
    born = {"birth_date_0": "3", "birth_date_1": "2", "birth_date_2": "1990"}
    comes = {"link": "M", "title": "1", "birth_name": "Roy", "first_names": "Alix", **born}
    comes |= {"nationality": "1"}
    asked_next = client.post(url(demand, "foyer-conjoint"), comes)
    assert asked_next["Location"].startswith(url(demand, "ressources"))
    following = read(client, asked_next["Location"])
    assert 'name="co_tax_income_n2"' in following
    then = client.post(asked_next["Location"], shown(client, asked_next["Location"]))
    assert "ressources-travail" in then["Location"]
    assert 'name="first_names"' not in read(client, url(demand, "foyer-conjoint"))
    [other] = demand.persons.filter(role="co_applicant")
    with pytest.raises(NotAllowed):
        remove_person(
            principal=principal_of(demand.account),
            demand=demand,
            page="foyer-codemandeurs",
            key=other.pk,
        )


def test_pages_that_become_relevant_are_asked(demand: Demand, client: Client) -> None:
    work = url(demand, "ressources-travail")
    answered = client.post(work, {**shown(client, work), "work_status": "CDI"})
    assert answered["Location"] == url(demand, "ressources-employeur")
    reasons = url(demand, "motifs")
    sent = {**shown(client, reasons), "reasons": ["09", "06"], "remarks": ""}
    protection = client.post(reasons, sent)["Location"]
    assert protection == url(demand, "motifs-protection")
    assert client.post(protection, {**shown(client, protection), "is_sealed": "oui"}).status_code
    demand.refresh_from_db()
    demand.facts.refresh_from_db()
    assert demand.is_sealed
    assert demand.facts.is_sealed
    child = demand.persons.get(role="dependant")
    health = url(demand, "foyer-handicap")
    sent = {**shown(client, health), "disabled": [key_of(child)]}
    needs = client.post(health, sent)["Location"]
    assert needs == url(demand, "foyer-annexes", key_of(child))
    assert client.post(needs, {**shown(client, needs), "equipment": ["4"]}).status_code == 302
    assert str(Need.objects.get(person=child)) == "Ascenseur"
    # Said no more, the needs go with it.
    assert client.post(health, {**shown(client, health), "disabled": []}).status_code == 302
    assert not Need.objects.exists()


def test_becoming_the_tenant_of_a_social_landlord_and_no_more(
    demand: Demand, client: Client
) -> None:
    address = url(demand, "logement-actuel")
    sent = {**shown(client, address), "kind": "HLM", "landlord_name": "Orvitis"}
    assert client.post(address, sent).status_code == 302
    demand.current_housing.refresh_from_db()
    assert demand.current_housing.landlord_name == "Orvitis"
    assert client.post(address, {**shown(client, address), "kind": "LP"}).status_code == 302
    demand.current_housing.refresh_from_db()
    assert demand.current_housing.landlord_name == ""


def test_what_is_received_is_asked_then_how_much(demand: Demand, client: Client) -> None:
    applicant = demand.persons.get(role="applicant")
    Income.objects.create(person=applicant, kind="RSA", amount=Decimal("500"))
    kinds = url(demand, "ressources-revenus")
    assert shown(client, kinds)["kinds"] == ["RSA"]
    amounts = client.post(kinds, {"kinds": ["SAL"]}).text
    assert not FieldChange.objects.exists()
    assert 'name="amount_SAL"' in amounts
    found = re.search(r'name="seen" value="([^"]*)"', amounts)
    assert found
    sent = {
        "kinds": ["SAL"],
        "amount_SAL": "1 450,50",
        "seen": found[1].replace("&quot;", '"'),
    }
    address = url(demand, "ressources-montants")
    assert client.post(address, {**sent, "amount_SAL": "beaucoup"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    assert [(i.kind, i.amount) for i in applicant.incomes.all()] == [("SAL", Decimal("1450.50"))]
    demand.facts.refresh_from_db()
    assert demand.facts.monthly_income == Decimal("1450.50")


def test_the_communes_wished_change_within_the_department(demand: Demand, client: Client) -> None:
    make_commune("21515", "Quetigny", postal_code="21800")
    address = url(demand, "logement-souhaite-communes")
    sent = shown(client, address)
    assert "Dijon" in sent["commune_search"]
    assert client.post(address, {**sent, "commune_search": "Nulle part"}).status_code == 422
    assert client.post(address, {**sent, "commune_search": "Quetigny, Dijon"}).status_code == 302
    wished = demand.wished_communes.values_list("commune_id", flat=True)
    assert list(wished) == ["21515", "21231"]
    # A quarter is chosen where there are some, and goes with its commune.
    make_quarter()
    chosen = {**shown(client, address), "quarter_21231": "21231-gresilles"}
    assert client.post(address, chosen).status_code == 302
    assert demand.wished_communes.get(commune="21231").quarter_id == "21231-gresilles"
    assert "Les Grésilles" in read(client, page(demand, "history"))
    again = {**shown(client, address), "quarter_21231": "21231-gresilles"}
    assert client.post(address, again).status_code == 302
    assert client.post(address, {**again, "commune_search": "Quetigny"}).status_code == 302
    assert list(wished.all()) == ["21515"]
    told = demand.field_changes.filter(question="logement-souhaite-communes.quarters")
    assert [(each.before, each.after) for each in told.order_by("pk")] == [
        ([], ["21231-gresilles"]),
        (["21231-gresilles"], []),
    ]


def test_the_questions_of_the_department_are_answered_again(demand: Demand, client: Client) -> None:
    address = url(demand, "logement-souhaite-questions")
    sent = {**shown(client, address), "question_parking": "oui", "question_transport": ["bike"]}
    [choice, *_others] = re.findall(
        r'name="question_transport" value="([^"]+)"', read(client, address)
    )
    born = {f"question_move_from_{place}": part for place, part in enumerate(("1", "2", "2027"))}
    sent |= {"question_transport": [choice], **born}
    assert client.post(address, sent).status_code == 302
    again = shown(client, address)
    assert (again["question_parking"], again["question_transport"]) == (["oui"], [choice])
    assert again["question_move_from_2"] == "2027"
    assert client.post(address, again).status_code == 302
    assert demand.field_changes.count() == demand.local_answers.count() == 3
    gone = {**again, "question_move_from_0": "", "question_move_from_1": ""}
    assert client.post(address, {**gone, "question_move_from_2": ""}).status_code == 302
    assert demand.local_answers.count() == 2
    told = read(client, page(demand, "history"))
    assert "place de stationnement" in told
    assert "2027" in told


def test_a_demand_that_has_ended_changes_no_more(demand: Demand, client: Client) -> None:
    Demand.objects.filter(pk=demand.pk).update(
        state="struck_off", struck_off_on=date(2026, 1, 1), strike_off_reason="RADABA"
    )
    text = read(client, page(demand, "summary"))
    assert url(demand, "coordonnees") not in text
    gone = client.post(url(demand, "coordonnees"), {"phone": "0612345678"}, follow=True)
    assert "ne change plus" in gone.text
    with pytest.raises(TransitionRefused):
        modify(
            principal=principal_of(demand.account),
            demand=Demand.objects.get(pk=demand.pk),
            proposed={"coordonnees.phone": Proposed("+33612345678", mark("+33380000000"))},
        )


def test_a_helper_reads_and_changes_nothing(demand: Demand) -> None:
    helper = make_user()
    give_mandate(
        principal=principal_of(demand.account),
        demand=demand,
        helper_email=helper.email,
        ends_on=timezone.localdate() + timedelta(days=9),
    )
    client = signed_in(helper)
    assert url(demand, "coordonnees") not in read(client, page(demand, "summary"))
    assert client.get(url(demand, "coordonnees")).status_code == 404
    proposed = {"coordonnees.phone": Proposed("+33612345678", mark("+33380000000"))}
    with pytest.raises(NotAllowed):
        modify(principal=principal_of(helper), demand=demand, proposed=proposed)


def test_neither_a_stranger_nor_a_landlord_changes_it_this_way(
    demand: Demand, landlord: Any
) -> None:
    stranger = signed_in(make_demand().account)
    assert stranger.get(url(demand, "coordonnees")).status_code == 404
    with pytest.raises(NotAllowed):
        modify(principal=landlord, demand=demand, proposed={})


def test_a_change_about_a_disability_is_known_to_nobody_who_may_not_read_it(
    demand: Demand, landlord: Any
) -> None:
    child = demand.persons.get(role="dependant")
    modify(
        principal=principal_of(demand.account),
        demand=demand,
        proposed={f"foyer-handicap.has_disability@{child.pk}": Proposed(True, json.dumps(False))},
    )
    assert demand.events.filter(kind=EventKind.MODIFIED).count() == 1
    kinds = {view.event.kind for view in read_file(landlord, demand).events}
    assert EventKind.MODIFIED not in kinds
    assert "Handicap" not in str(read_file(landlord, demand).events)
