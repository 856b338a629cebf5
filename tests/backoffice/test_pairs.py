"""Two demands that may be one person's are reviewed side by side, by who keeps both up to date."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.models import (
    AccessLog,
    Demand,
    DuplicatePair,
    Membership,
    OrganisationKind,
    PairStatus,
    Person,
    Role,
)
from register.services.facts import refresh_facts
from register.templatetags.shell import number_spaced
from tests.factories import make_demand, make_member, make_organisation

pytestmark = pytest.mark.django_db
LIST = "/bureau/doublons/"


def make_pair(first: Demand, second: Demand, **told: Any) -> DuplicatePair:
    return DuplicatePair.objects.create(
        first=first,
        second=second,
        probability=told.pop("probability", 0.995),
        evidence={},
        compared="x",
        found_at=timezone.now(),
        **told,
    )


def _twice(*bodies: Any, **told: Any) -> DuplicatePair:
    demands = [make_demand(registered_by=body, **told) for body in bodies]
    return make_pair(*demands)


@pytest.fixture
def pair(agent: Membership) -> DuplicatePair:
    """Both demands were registered by the agent's landlord."""
    return _twice(agent.organisation, agent.organisation, last_name="Aubert")


@pytest.fixture
def manager(db: Any) -> Membership:
    return make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER)


def test_a_counter_reviews_the_pairs_that_it_registered_and_no_other(
    agent: Membership, pair: DuplicatePair, sign_in: Any
) -> None:
    other = make_organisation("ailleurs")
    half = _twice(agent.organisation, other, last_name="Besson")
    foreign = _twice(other, other, last_name="Carrel")
    client = sign_in(agent)
    page = client.get(LIST).text
    assert "1 paire" in page
    assert "Aubert" in page
    assert "Besson" not in page
    assert "Carrel" not in page
    absent = client.get(f"{LIST}999999/")
    for beyond in (half, foreign):
        answer = client.get(f"{LIST}{beyond.pk}/")
        assert (answer.status_code, answer.content) == (404, absent.content)
        assert client.post(f"{LIST}{beyond.pk}/", {"answer": "later"}).status_code == 404
        beyond.refresh_from_db()
        assert beyond.not_before is None


def test_the_manager_reviews_pairs_of_two_counters(manager: Membership, sign_in: Any) -> None:
    pair = _twice(make_organisation("un"), make_organisation("deux"))
    assert "1 paire" in sign_in(manager).get(LIST).text
    assert sign_in(manager).get(f"{LIST}{pair.pk}/").status_code == 200


def test_a_reader_reviews_nothing(reader: Membership, pair: DuplicatePair, sign_in: Any) -> None:
    client = sign_in(reader)
    assert "Aucune paire ne vous attend" in client.get(LIST).text
    assert client.get(f"{LIST}{pair.pk}/").status_code == 404


def test_both_demands_are_told_side_by_side_with_what_agrees(
    agent: Membership, pair: DuplicatePair, sign_in: Any
) -> None:
    pair.second.contact.phone = "+33380999999"
    pair.second.contact.save()
    refresh_facts(demand=pair.second)
    for demand, employer, child in ((pair.first, "D3", "Léa"), (pair.second, "D4", "Lea")):
        demand.persons.filter(role="applicant").update(used_name="Carrel", employer=employer)
        Person.objects.create(
            demand=demand,
            role="dependant",
            birth_name="Aubert",
            first_names=child,
            birth_date=date(2015, 1, 1),
        )
    page = sign_in(agent).get(f"{LIST}{pair.pk}/").text
    assert page.count("Aubert") >= 2
    told = {
        label: [line.strip() for line in re.findall(r">([^<>]+)<", row) if line.strip()]
        for label, row in re.findall(r'rowheader">([^<>]+)</th>(.*?)</tr>', page, re.DOTALL)
    }
    assert told["Nom d’usage"] == ["Identique", "Carrel", "Carrel"]
    assert told["Travaille pour"][0] == "Différent"
    assert told["Personne à charge 1"][0] == "Différent"
    assert "Léa Aubert" in told["Personne à charge 1"]
    assert told["Adresse"][0] == "Identique"
    assert "Identique" in page
    assert "Différent" in page
    assert pair.first.registered_by.short_name in page
    read = AccessLog.objects.filter(user=agent.user).values_list("demand", flat=True)
    assert {*read} == {pair.first_id, pair.second_id}


def test_what_is_masked_stays_masked_and_its_agreement_is_not_told(
    agent: Membership, pair: DuplicatePair, sign_in: Any
) -> None:
    agent.organisation.agreements.update(data_classes=["identity", "wishes"])
    page = sign_in(agent).get(f"{LIST}{pair.pk}/").text
    assert "Aubert" in page
    assert "rue des Exemples" not in page
    for demand in (pair.first, pair.second):
        assert demand.contact.email not in page
    assert "Masqué" in page
    contact = page.split("Téléphone")[1].split("Ce que sait le registre")[0]
    assert "Identique" not in contact
    for part in ("Personnes à loger", "Ressources"):
        told = page.split(f'"columnheader">{part}')[1].split("</tbody>")[0]
        assert told.count("Masqué") == 2
        assert "Identique" not in told


def test_two_people_are_not_proposed_again_and_the_reason_is_kept(
    agent: Membership, pair: DuplicatePair, sign_in: Any
) -> None:
    client = sign_in(agent)
    refused = client.post(f"{LIST}{pair.pk}/", {"answer": "different", "reason": " "})
    assert refused.status_code == 422
    done = client.post(f"{LIST}{pair.pk}/", {"answer": "different", "reason": "Des jumelles."})
    assert done.status_code == 302
    pair.refresh_from_db()
    assert (pair.status, pair.reason) == (PairStatus.DIFFERENT, "Des jumelles.")
    assert (pair.judged_by, pair.judged_for) == (agent.user, agent.organisation)
    assert "Aubert" not in client.get(LIST).text
    again = client.post(f"{LIST}{pair.pk}/", {"answer": "different", "reason": "x"}, follow=True)
    assert "Quelqu’un a répondu" in again.text
    pair.refresh_from_db()
    assert pair.reason == "Des jumelles."


def test_a_pair_put_off_comes_back_by_itself_a_week_later(
    agent: Membership, pair: DuplicatePair, sign_in: Any
) -> None:
    client = sign_in(agent)
    client.post(f"{LIST}{pair.pk}/", {"answer": "later"})
    page = client.get(LIST).text
    assert "Aubert" not in page
    assert "1 paire est reportée" in page
    DuplicatePair.objects.update(not_before=timezone.localdate() - timedelta(days=1))
    assert "Aubert" in client.get(LIST).text


def test_pages_count_through_the_same_rights(
    agent: Membership, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("register.selectors.pairs.PAGE_SIZE", 2)
    demands = [make_demand(registered_by=agent.organisation) for _each in range(4)]
    for second in demands[1:]:
        make_pair(demands[0], second)
    client = sign_in(agent)
    first, last = client.get(LIST).text, client.get(f"{LIST}?page=2").text
    assert "3 paires" in first
    assert first.count("data-desk-row") == 2
    assert 'rel="next"' in first
    assert last.count("data-desk-row") == 1
    assert 'rel="next"' not in last


def test_an_ended_demand_and_an_unknown_answer_change_nothing(
    agent: Membership, pair: DuplicatePair, sign_in: Any
) -> None:
    client = sign_in(agent)
    assert client.post(f"{LIST}{pair.pk}/", {"answer": "x"}).status_code == 404
    Demand.objects.filter(pk=pair.second_id).update(
        state="struck_off", struck_off_on=timezone.localdate(), strike_off_reason="RADABA"
    )
    assert "Aucune paire" in client.get(LIST).text


def test_two_demands_are_merged_and_separated_from_the_pair(
    agent: Membership, pair: DuplicatePair, sign_in: Any
) -> None:
    client, address = sign_in(agent), f"{LIST}{pair.pk}/"
    versions = f"{pair.first.version}-{pair.second.version}"
    asked = {"answer": "same", "reason": "Même pièce d’identité.", "versions": versions}
    refused = client.post(address, asked)
    assert refused.status_code == 422
    assert "Même pièce d’identité." in refused.text
    stale = client.post(address, {**asked, "kept": pair.first_id, "versions": "0-0"}, follow=True)
    assert "Quelqu’un a modifié" in stale.text
    done = client.post(address, {**asked, "kept": pair.first_id}, follow=True)
    assert "n’en font plus qu’une" in done.text
    assert "1 paire réunie" in done.text
    assert "Aubert" in client.get(f"{LIST}?merged=1").text
    kept, closed = (f"/bureau/dossiers/{d.number}/" for d in (pair.first, pair.second))
    assert closed in client.get(kept).text
    assert kept in client.get(closed).text
    assert "acts-title" not in client.get(closed).text
    words = {"channel": "phone", "text": "Rappelée.", "version": pair.second.version + 1}
    refused = client.post(f"{closed}actes/contact/", words)
    assert refused.status_code == 409
    assert number_spaced(pair.first.number) in refused.text
    assert "Rappelée." in refused.text
    # The closed demand is another account's: it is told that it goes on, and not where.
    second = Client()
    second.force_login(pair.second.account)
    begun = second.get(reverse("portal:tasks")).text
    assert "Elle a été réunie avec une autre demande" in begun
    assert number_spaced(pair.first.number) not in begun
    assert "connectez-vous avec votre autre adresse" in second.get("/mon-espace/").text
    page = client.get(address).text
    assert "C’était une erreur" in page
    assert client.post(address, {"answer": "part", "reason": ""}).status_code == 422
    parted = client.post(address, {"answer": "part", "reason": "Deux sœurs."}, follow=True)
    assert "de nouveau séparées" in parted.text
    assert Demand.objects.filter(state="merged").count() == 0
    assert "Elle a été réunie" not in second.get(reverse("portal:tasks")).text
    again = client.post(address, {"answer": "part", "reason": "Deux sœurs."}, follow=True)
    assert "ne peut plus être défaite" in again.text


def test_who_opens_one_of_two_merged_demands_learns_nothing_of_the_other(
    agent: Membership, pair: DuplicatePair, commune_agent: Membership, sign_in: Any
) -> None:
    beaune = make_demand(registered_by=agent.organisation, last_name="Aubert", communes=("21054",))
    other = make_pair(pair.first, beaune)
    sign_in(agent).post(
        f"{LIST}{other.pk}/",
        {
            "answer": "same",
            "kept": beaune.pk,
            "reason": "x",
            "versions": f"{pair.first.version}-{beaune.version}",
        },
    )
    assert Demand.objects.get(pk=pair.first_id).state == "merged"
    page = sign_in(commune_agent).get(f"/bureau/dossiers/{beaune.number}/")
    assert page.status_code == 200
    assert pair.first.number not in page.text
    closed = sign_in(commune_agent).get(f"/bureau/dossiers/{pair.first.number}/")
    assert closed.status_code == 404


def test_what_each_choice_loses_is_told_before_anybody_merges(
    agent: Membership, pair: DuplicatePair, sign_in: Any
) -> None:
    Person.objects.create(
        demand=pair.second,
        role="dependant",
        birth_name="Aubert",
        first_names="Léa",
        birth_date=date(2015, 1, 1),
    )
    Demand.objects.filter(pk=pair.second_id).update(state="awaiting_check")
    page = sign_in(agent).get(f"{LIST}{pair.pk}/").text
    first, second = page.split('class="one-choice"')[1:]
    assert "Léa" in first
    assert "Léa" not in second
    assert "L’identité vérifiée pour l’autre compte pour elle" in second
    # The fuller one is chosen beforehand, though it is the later of the two to have been checked.
    [chosen] = re.findall(r'value="(\d+)"[^>]*checked', page)
    assert int(chosen) == pair.second_id


def test_the_demand_that_may_not_go_on_is_shown_closed_with_its_reason(
    agent: Membership, pair: DuplicatePair, sign_in: Any
) -> None:
    Demand.objects.filter(pk=pair.second_id).update(state="awaiting_check")
    pair.second.persons.update(first_names="Camille Marie")
    client, address = sign_in(agent), f"{LIST}{pair.pk}/"
    page = client.get(address).text
    radios = dict(re.findall(r'name="kept" value="(\d+)"([^>]*)>', page))
    assert "disabled" in radios[str(pair.second_id)]
    assert "disabled" not in radios[str(pair.first_id)]
    assert page.count("sous un autre état civil") == 2
    versions = f"{pair.first.version}-{pair.second.version}"
    asked = {"answer": "same", "kept": pair.second_id, "reason": "x", "versions": versions}
    refused = client.post(address, asked)
    assert refused.status_code == 422
    assert Demand.objects.filter(state="merged").count() == 0


def test_two_candidates_are_not_merged_and_the_page_says_why(
    agent: Membership, pair: DuplicatePair, sign_in: Any
) -> None:
    Demand.objects.update(state="under_allocation")
    page = sign_in(agent).get(f"{LIST}{pair.pk}/").text
    assert 'value="same"' not in page
    assert "candidate" in page


def test_what_is_masked_is_not_told_as_lost(
    agent: Membership, pair: DuplicatePair, sign_in: Any
) -> None:
    agent.organisation.agreements.update(data_classes=["identity", "wishes"])
    pair.second.persons.update(tax_income_n2=31_337)
    page = sign_in(agent).get(f"{LIST}{pair.pk}/").text
    told = page.split('id="not-kept"')[1]
    assert "337" not in told
    assert "Masqué pour vous" in told
    for demand in (pair.first, pair.second):
        assert demand.contact.email not in told
