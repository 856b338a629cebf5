"""The declaration answer by answer at the desk: what each was, and putting one right."""

from typing import Any

from django.urls import reverse

from register.form.single import mark
from register.models import Demand
from tests.factories import make_demand, make_member, make_organisation

ADDRESS = "coordonnees-adresse.address"


def page(demand: Demand, question: str = "") -> str:
    if question:
        return reverse("desk:rectify", args=[demand.number, question])
    return reverse("desk:declaration", args=[demand.number])


def sent(**given: str) -> dict[str, str]:
    known = {"address": "12 rue des Exemples", "seen": mark("1 rue des Exemples")}
    return {**known, "source": "third", "text": "Appel de la CAF", **given}


def test_the_counter_puts_an_answer_right_and_everybody_reads_what_it_was(
    agent: Any, reader: Any, sign_in: Any
) -> None:
    demand = make_demand(registered_by=agent.organisation)
    client = sign_in(agent)
    assert page(demand, ADDRESS) in client.get(page(demand)).text
    assert client.post(page(demand, ADDRESS), sent()).status_code == 302
    for member in (agent, reader):
        text = sign_in(member).get(page(demand)).text
        assert all(each in text for each in ("1 rue des Exemples", "12 rue des Exemples"))
        assert "Quelqu’un d’autre" in text
    story = sign_in(reader).get(reverse("desk:file", args=[demand.number])).text
    assert "1 rue des Exemples → 12 rue des Exemples" in story
    assert page(demand, ADDRESS) not in sign_in(reader).get(page(demand)).text
    assert demand.accesses.filter(user=reader.user).exists()
    client.force_login(demand.account)
    hers = client.get(reverse("space:history", args=[demand.number])).text
    assert "1 rue des Exemples" in hers
    assert str(agent.user) not in hers
    assert agent.organisation.name in hers


def test_what_is_missing_or_was_changed_meanwhile_loses_nothing(agent: Any, sign_in: Any) -> None:
    demand = make_demand(registered_by=agent.organisation)
    client = sign_in(agent)
    missing = client.post(page(demand, ADDRESS), sent(source=""))
    assert missing.status_code == 422
    assert "12 rue des Exemples" in missing.text
    conflict = client.post(page(demand, ADDRESS), sent(seen=mark("ailleurs")))
    assert conflict.status_code == 409
    assert all(
        each in conflict.text for each in ("1 rue des Exemples", "12 rue", "Appel de la CAF")
    )
    warned = client.post(page(demand, ADDRESS), sent(text="Elle est malade"))
    assert (warned.status_code, "malade" in warned.text) == (422, True)


def test_civil_status_is_offered_from_a_document_alone(agent: Any, sign_in: Any) -> None:
    demand = make_demand(registered_by=agent.organisation)
    name = f"identite.birth_name@{demand.persons.get().pk}"
    text = sign_in(agent).get(page(demand, name)).text
    assert 'value="document"' in text
    assert 'value="third"' not in text


def test_who_did_not_register_the_demand_changes_nothing(sign_in: Any) -> None:
    demand, other = make_demand(), make_member(make_organisation())
    client = sign_in(other)
    assert client.get(page(demand)).status_code == 200
    assert client.get(page(demand, ADDRESS)).status_code == 404
    assert client.post(page(demand, ADDRESS), sent()).status_code == 404
    assert client.get(page(demand, "contact")).status_code == 404
