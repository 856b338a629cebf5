"""A counter copies a paper form on one page: looked for first, nothing lost, one number."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from register.models import Counter, Demand, DemandState, EffectKind, Membership, Outbox
from register.services.facts import compute_facts, differing_columns
from register.templatetags.shell import euros
from tests.backoffice.conftest import signed_in
from tests.factories import make_commune, make_counter, make_quarter

ENTRY = "/bureau/saisie/"
LOOKED = {
    "identite-birth_name": "Lefèvre",
    "identite-first_names": "Élodie",
    "identite-birth_date": "27031985",
}
# What the law asks for, as one copies it from paper (CCH R441-2-3).
MINIMUM = {
    **LOOKED,
    "identite-title": "2",
    "identite-situation-nationality": "1",
    "logement-actuel-kind": "LP",
    "logement-actuel-details-occupants": "3",
    "logement-souhaite-home_types": "T3 t4",
    "logement-souhaite-communes-commune_search": "dijon, 21800 Quetigny",
    "logement-souhaite-elargir-widening": "oui",
    "depot-identity_seen": "on",
}


@pytest.fixture
def counter(commune_agent: Membership) -> Counter:
    make_commune()
    make_commune("21515", "Quetigny", postal_code="21800")
    organisation = commune_agent.organisation
    return Counter.objects.create(code="21A01", name="Mairie de Beaune", organisation=organisation)


@pytest.fixture
def client(commune_agent: Membership, counter: Counter) -> Client:
    return signed_in(commune_agent)


def register(client: Client, counter: Counter, days_ago: int = 0, **typed: Any) -> Any:
    day = timezone.localdate() - timedelta(days=days_ago)
    data = {
        **MINIMUM,
        "intent": "register",
        "token": str(uuid4()),
        "depot-received_on": f"{day:%d%m%Y}",
        "depot-counter": counter.pk,
    }
    return client.post(ENTRY, data | typed)


def test_a_paper_form_is_registered_from_its_day_of_deposit(
    client: Client, counter: Counter
) -> None:
    quarter, box = make_quarter(), "logement-souhaite-communes-quarters"
    refused = register(client, counter, **{box: "Nullepart"})
    assert refused.status_code == 422
    assert quarter.name in refused.content.decode(), "what may be written instead"
    answer = register(client, counter, days_ago=9, **{box: quarter.name.split()[-1][:4]})
    demand = Demand.objects.get()
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == f"{ENTRY}?apres={demand.number}"
    following = client.get(answer["Location"]).content.decode()
    assert f"/bureau/dossiers/{demand.number}/" in following
    assert "autofocus" in following
    assert demand.received_on == timezone.localdate() - timedelta(days=9)
    assert demand.number.endswith("21A01")
    assert (demand.channel, demand.registered_by) == ("counter", counter.organisation)
    assert demand.state == DemandState.ACTIVE
    assert Outbox.objects.filter(kind=EffectKind.REGISTRATION_EMAIL, demand=demand).count() == 1
    wished = demand.wished_communes.order_by("position")
    assert [each.commune_id for each in wished] == ["21231", "21515"]
    assert [each.quarter_id for each in wished] == [quarter.pk, None]
    assert {each.code for each in demand.wished_types.all()} == {"T3", "T4"}
    printed = client.get(f"/bureau/dossiers/{demand.number}/attestation/")
    assert printed.content.startswith(b"%PDF")


def test_the_whole_paper_is_read_as_the_online_form_would_be(
    client: Client, counter: Counter
) -> None:
    whole = {
        "coordonnees-phone": "06 12 34 56 78",
        "foyer-conjoint-link": "M",
        "foyer-conjoint-title": "1",
        "foyer-conjoint-birth_name": "Martin",
        "foyer-conjoint-first_names": "Paul",
        "foyer-conjoint-birth_date": "1/2/1984",
        "foyer-conjoint-nationality": "1",
        "foyer-personnes-a-charge-1-birth_name": "Martin",
        "foyer-personnes-a-charge-1-first_names": "Léa",
        "foyer-personnes-a-charge-1-birth_date": "12 5 2015",
        "foyer-personnes-a-charge-1-sex": "F",
        "foyer-personnes-a-charge-1-income_kind": "AEEH",
        "foyer-personnes-a-charge-1-income_amount": "151,80",
        "ressources-travail-work_status": "CDI",
        "ressources-employeur-employer": "D4",
        "ressources-employeur-employer_siret": "262 100 076 00013",
        "ressources-employeur-conjoint-employer": "D3",
        "ressources-employeur-conjoint-unemployed_until": "28022025",
        "ressources-versees-alimony_paid": "120",
        "logement-actuel-adresse-housed_by": "M. Durand",
        "logement-souhaite-accepts_flat_share": "on",
        "foyer-personnes-a-charge-15-birth_name": "Martin",
        "foyer-personnes-a-charge-15-first_names": "Jean",
        "foyer-personnes-a-charge-15-birth_date": "12 5 2019",
        "foyer-handicap-disabled": "c 15",
        "foyer-codemandeurs-1-link": "FRAT",
        "foyer-codemandeurs-1-title": "2",
        "foyer-codemandeurs-1-birth_name": "Lefèvre",
        "foyer-codemandeurs-1-first_names": "Rose",
        "foyer-codemandeurs-1-birth_date": "3 4 1990",
        "foyer-codemandeurs-1-nationality": "1",
        "foyer-codemandeurs-1-tax_income_n2": "15000",
        "foyer-colocataires-2-birth_name": "Petit",
        "foyer-colocataires-2-first_names": "Lou",
        "foyer-colocataires-2-birth_date": "8 8 1994",
        "foyer-annexes-3-place": "C2",
        "foyer-annexes-3-aid": "2",
        "foyer-annexes-1-place": "c",
        "foyer-annexes-1-equipment": "3 4",
        "foyer-annexes-1-steps": "1",
        "foyer-annexes-1-motor": "mi",
        "foyer-annexes-2-place": "1",
        "foyer-annexes-2-course": "EVO",
        "ressources-montants-incomes": "sal 1450,50 AF 148",
        "ressources-montants-conjoint-incomes": "CHO 900",
        "motifs-reasons": "F26 13",
    }
    assert register(client, counter, **whole).status_code == 302
    demand = Demand.objects.get()
    people = {each.first_names: each for each in demand.persons.all()}
    concerned = {name for name, each in people.items() if each.has_disability}
    assert concerned == {"Paul", "Jean", "Léa", "Rose"}
    assert (people["Rose"].role, people["Rose"].position) == ("co_applicant", 2)
    assert (people["Rose"].link, people["Rose"].tax_income_n2) == ("FRAT", 15000)
    assert [str(sharer) for sharer in demand.flat_sharers.all()] == ["Lou Petit"]
    needs = {(need.topic, need.code) for need in people["Paul"].needs.all()}
    assert needs == {("equipment", "3"), ("equipment", "4"), ("steps", "1"), ("motor", "MI")}
    assert [need.code for need in people["Léa"].needs.all()] == ["EVO"]
    assert (people["Léa"].sex, people["Léa"].incomes.get().kind) == ("F", "AEEH")
    assert (people["Élodie"].employer, people["Élodie"].employer_siret) == ("D4", "26210007600013")
    assert people["Élodie"].alimony_paid == 120
    assert (people["Paul"].employer, people["Paul"].long_unemployed) == ("D3", True)
    assert (demand.contact.housed_by, demand.accepts_flat_share) == ("M. Durand", True)
    assert people["Paul"].link == "M"
    incomes = {(each.kind, each.amount) for each in people["Élodie"].incomes.all()}
    assert {(kind, float(amount)) for kind, amount in incomes} == {("SAL", 1450.5), ("AF", 148)}
    assert {each.code for each in demand.reasons.all()} == {"03", "13"}


def test_everything_wrong_is_said_by_the_question_and_nothing_typed_is_lost(
    client: Client, counter: Counter
) -> None:
    wrong = {
        "identite-birth_date": "31021985",
        "foyer-personnes-a-charge-4-first_names": "Léa Inconnue",
        "ressources-montants-incomes": "SAL mille",
        "ressources-montants-conjoint-incomes": "CHO 900",
        "motifs-reasons": "F26 Z9",
        "ressources-employeur-employer_siret": "26210007600014",
        "foyer-annexes-1-place": "V99",
        "foyer-annexes-2-equipment": "4",
        "foyer-annexes-3-place": "D",
        "foyer-annexes-4-place": "D",
        "motifs-remarks": "Un mot à garder",
        "logement-souhaite-communes-commune_search": "Dijon, Nullepart",
        "logement-souhaite-communes-quarters": "Grésilles",
        "depot-identity_seen": "",
    }
    answer = register(client, counter, **wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Demand.objects.exists()
    kept = ("31 02 1985", "Léa Inconnue", "SAL mille", "CHO 900", "F26 Z9", "Un mot à garder")
    assert "Grésilles" in page
    for typed in kept:
        assert typed in page, typed
    for error in (
        "Ce jour n’existe pas",
        "Z9\xa0» n’est pas",
        "Nullepart",
        "en chiffres",
        "est faux",
        "de qui",
        "déjà une annexe",
    ):
        assert error in page, error
    assert page.count('class="field-error"') >= 10
    assert "au moins une commune" not in page


def test_the_same_page_sent_twice_gives_one_number(client: Client, counter: Counter) -> None:
    token = str(uuid4())
    first = register(client, counter, token=token)
    assert register(client, counter, token=token)["Location"] == first["Location"]
    assert Demand.objects.count() == 1


@pytest.mark.parametrize("days", [-1, 40])
def test_a_day_of_deposit_beyond_the_law_is_refused_beside_it(
    client: Client, counter: Counter, days: int
) -> None:
    assert register(client, counter, days_ago=days).status_code == 422
    assert not Demand.objects.exists()


def test_a_person_in_danger_is_sealed_even_from_whoever_registered_her(
    client: Client, counter: Counter
) -> None:
    sealed = {"motifs-reasons": "06", "motifs-protection-is_sealed": "oui"}
    assert register(client, counter, **sealed)["Location"] == ENTRY
    demand = Demand.objects.get()
    assert demand.is_sealed
    assert differing_columns(demand.facts, compute_facts(demand)) == []
    assert demand.number[:3] in client.get(ENTRY).content.decode()
    assert client.get(f"/bureau/dossiers/{demand.number}/").status_code == 404


def test_somebody_alike_is_shown_before_the_form_within_the_agents_rights(
    client: Client, counter: Counter
) -> None:
    look = {**LOOKED, "intent": "look"}
    assert "Lefèvre" in (blank := client.post(ENTRY, look).content.decode())
    assert 'name="token"' in blank
    register(client, counter)
    alike = client.post(ENTRY, look).content.decode()
    assert 'name="token"' not in alike
    assert f"/bureau/dossiers/{Demand.objects.first().number}/" in alike
    # The button sends what the page holds, the day as one box.
    kept = dict(
        re.findall(r'<input type="hidden" name="(identite-[a-z_]+)" value="([^"]*)"', alike)
    )
    assert kept["identite-birth_date"] == "27 03 1985"
    assert 'name="token"' in client.post(ENTRY, {**kept, "intent": "open"}).content.decode()


def test_somebody_alike_is_shown_while_her_name_is_typed(client: Client, counter: Counter) -> None:
    typing = {**LOOKED, "intent": "typing"}
    assert client.post(ENTRY, typing).content.strip() == b""
    register(client, counter)
    demand = Demand.objects.get()
    told = client.post(ENTRY, typing).content.decode()
    assert f"/bureau/dossiers/{demand.number}/" in told
    assert "<html" not in told
    half_typed = {**typing, "identite-birth_date": "2703"}
    assert client.post(ENTRY, half_typed).content.strip() == b""
    # On the form too, where the name can still be put right.
    page = client.post(ENTRY, {**LOOKED, "intent": "open"}).content.decode()
    assert page.count('class="alike-typing"') == 1
    demand.registered_by.agreements.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert demand.number not in client.post(ENTRY, typing).content.decode()


def test_only_a_counter_whose_rights_allow_it_has_the_page(
    client: Client, reader: Membership, counter: Counter
) -> None:
    make_counter("21BT1", reader.organisation)
    answer = signed_in(reader).get(ENTRY)
    absent = signed_in(reader).get("/bureau/absent/")
    assert (answer.status_code, answer.content) == (404, absent.content)
    assert client.get(ENTRY).status_code == 200
    assert register(client, counter, **{"depot-counter": "21BT1"}).status_code == 422


def test_what_the_rules_make_of_it_is_computed_without_registering(
    client: Client, counter: Counter
) -> None:
    income = {"ressources-tax_income_n2": "21000"}
    answer = register(client, counter, intent="compute", **income)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not Demand.objects.exists()
    for told in (euros(21_000), "T3 T4", "Personnes à loger", "R441-1", "version 2"):
        assert told in page, told


def test_the_years_of_the_incomes_of_a_paper_form_are_counted_from_its_deposit(
    commune_agent: Membership, counter: Counter
) -> None:
    year = timezone.localdate().year + 1
    january = datetime(year, 1, 5, 12, tzinfo=timezone.get_current_timezone())
    income = {"ressources-tax_income_n2": "21000"}
    with time_machine.travel(january, tick=False):
        client = signed_in(commune_agent)
        page = register(client, counter, **income, **{"depot-identity_seen": ""})
        assert "référence de N-2" in page.content.decode(), "the paper is perhaps of last year"
        register(client, counter, days_ago=8, **income)
    demand = Demand.objects.get()
    assert (demand.received_on.year, demand.tax_year) == (year - 1, year - 3)
    assert demand.persons.get().tax_income_n2 == 21000
