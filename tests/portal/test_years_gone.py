"""Incomes of years that count no more: asked again, moved to their year, kept in the history."""

import re
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from register import codes
from register.form.single import mark
from register.models import Demand, EventKind
from register.selectors.eligibility import assess_demand
from register.services.application import PersonData
from register.services.corrections import answer_correction, ask_correction
from register.services.declaring import add_person
from register.services.modification import Proposed, rectify
from register.services.renewal import renew_demand
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = pytest.mark.django_db


def on(year: int) -> Any:
    noon = datetime(year, 3, 2, 12, tzinfo=timezone.get_current_timezone())
    return time_machine.travel(noon, tick=False)


@pytest.fixture
def demand(rules: None, agent: Any) -> Demand:
    """Sent in March 2026 with the incomes of 2024 and 2025."""
    with on(2026):
        made = make_demand(registered_by=agent.organisation, received_on=timezone.localdate())
        made.persons.update(tax_income_n2=30000, tax_income_n1=31000)
        Demand.objects.filter(pk=made.pk).update(tax_year=2024)
    made.refresh_from_db()
    return made


@pytest.fixture
def agent() -> Any:
    return make_member(make_organisation())


def url(demand: Demand) -> str:
    return f"/mon-espace/{demand.number}/declaration/ressources/"


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


def opened(demand: Demand) -> tuple[Client, str]:
    client = Client()
    client.force_login(demand.account)
    return client, client.get(url(demand)).content.decode()


def incomes(demand: Demand) -> tuple[Any, Any, Any]:
    demand.refresh_from_db()
    person = demand.persons.get()
    return demand.tax_year, person.tax_income_n2, person.tax_income_n1


def test_within_the_year_the_same_years_are_asked(demand: Demand) -> None:
    with on(2026):
        _client, page = opened(demand)
        assert all(each in page for each in ("2024", "2025", "30000", "31000"))


def test_a_year_later_n_1_is_shown_as_n_2_and_the_new_year_is_asked(demand: Demand) -> None:
    with on(2027):
        found = assess_demand(demand)
        assert found
        assert found.is_to_update
        renewal = Client()
        renewal.force_login(demand.account)
        assert url(demand) in renewal.get(f"/mon-espace/{demand.number}/renouvellement/").text
        renew_demand(principal=principal_of(demand.account), demand=demand)
        client, page = opened(demand)
        assert "référence de 2024" not in page
        assert "référence de 2026" in page
        sent = {"seen": seen(page), "tax_income_n2": "31000", "tax_income_n1": "20000"}
        assert client.post(url(demand), sent).status_code == 302
        assert incomes(demand) == (2025, 31000, 20000)
        found = assess_demand(demand)
        assert found
        assert not found.is_to_update
        told = client.get(f"/mon-espace/{demand.number}/historique/").content.decode()
        told = told.replace("\xa0", " ").replace("\u202f", " ")
        assert "(revenu de 2024)" in told
        assert "(revenu de 2026)" in told
    turned = demand.events.filter(kind=EventKind.MODIFIED).order_by("pk").first()
    assert turned.details["tax_years"] == [2024, 2025]


def test_two_years_later_nothing_is_shown_in_place_of_what_was_never_declared(
    demand: Demand,
) -> None:
    with on(2028):
        client, page = opened(demand)
        assert "31000" not in page
        # Kept as it is, the page takes nothing away.
        assert client.post(url(demand), {"seen": seen(page)}).status_code == 302
        assert incomes(demand) == (2024, 30000, 31000)
        assert client.post(url(demand), {"seen": seen(page), "tax_income_n2": "9000"})
        assert incomes(demand) == (2026, 9000, None)


def test_a_page_opened_before_the_year_turned_does_not_write_under_another_year(
    demand: Demand,
) -> None:
    with on(2026):
        _client, page = opened(demand)
    with on(2027):
        client = Client()
        client.force_login(demand.account)
        sent = {"seen": seen(page), "tax_income_n2": "30000", "tax_income_n1": "29000"}
        assert client.post(url(demand), sent).status_code == 409
        assert incomes(demand) == (2024, 30000, 31000)


def test_an_agent_who_corrects_an_income_does_so_for_the_years_that_count(
    demand: Demand, agent: Any
) -> None:
    ref = f"ressources.tax_income_n1@{demand.persons.get().pk}"
    with on(2027):
        rectify(
            principal=principal_of(agent),
            demand=demand,
            ref=ref,
            proposed=Proposed(20000, mark(None)),
            source="applicant",
            text="Avis 2027 montré",
        )
    assert incomes(demand) == (2025, 31000, 20000)


def asked_to_correct(demand: Demand, agent: Any, column: str) -> Any:
    ref = f"ressources.{column}@{demand.persons.get().pk}"
    ask_correction(principal=principal_of(agent), demand=demand, about=ref, text="À vérifier.")
    return demand.corrections.latest("pk")


def test_a_request_to_correct_an_income_opens_the_years_that_count_today(
    demand: Demand, agent: Any
) -> None:
    with on(2026):
        correction = asked_to_correct(demand, agent, "tax_income_n2")
    with on(2027):
        client = Client()
        client.force_login(demand.account)
        address = f"/mon-espace/{demand.number}/corrections/{correction.pk}/"
        page = client.get(address).content.decode()
        assert "2025" in page
        assert "31000" in page
        assert "30000" not in page
        sent = {"seen": seen(page), "tax_income_n2": "25000", "text": ""}
        assert client.post(address, sent).status_code == 302
    assert incomes(demand) == (2025, 25000, None)
    steps = list(demand.events.filter(kind=EventKind.MODIFIED).order_by("pk"))
    assert steps[0].details["tax_years"] == [2024, 2025]


def test_words_alone_on_an_income_that_is_not_known_yet_move_no_year(
    demand: Demand, agent: Any
) -> None:
    with on(2026):
        correction = asked_to_correct(demand, agent, "tax_income_n1")
    with on(2027):
        answer_correction(
            principal=principal_of(demand.account),
            correction=correction,
            text="L’avis n’est pas encore arrivé.",
            proposed=Proposed(None, mark(None)),
        )
    assert incomes(demand) == (2024, 30000, 31000)


def test_a_co_applicant_who_comes_with_an_income_moves_the_others_to_its_years(
    demand: Demand,
) -> None:
    comes: dict[str, Any] = {
        "role": "co_applicant",
        "title": codes.Title.MRS,
        "birth_name": "Durand",
        "first_names": "Ana",
        "birth_date": date(1990, 2, 3),
        "nationality": codes.Nationality.FRENCH,
        "link": codes.ApplicantLink.SPOUSE,
    }
    with on(2027):
        who = principal_of(demand.account)
        add_person(
            principal=who,
            demand=demand,
            page="foyer-codemandeurs",
            person=PersonData(**comes, tax_income_n2=Decimal(12000)),
        )
    demand.refresh_from_db()
    first, second = demand.persons.order_by("position", "pk")
    assert demand.tax_year == 2025
    assert (first.tax_income_n2, first.tax_income_n1) == (31000, None)
    assert (second.tax_income_n2, second.tax_income_n1) == (12000, None)
    assert demand.facts.annual_income == 43000


def test_a_co_applicant_without_an_income_moves_no_year(demand: Demand) -> None:
    comes = PersonData(
        role="co_applicant",
        title=codes.Title.MRS,
        birth_name="Durand",
        first_names="Ana",
        birth_date=date(1990, 2, 3),
        nationality=codes.Nationality.FRENCH,
        link=codes.ApplicantLink.SPOUSE,
    )
    with on(2027):
        who = principal_of(demand.account)
        add_person(principal=who, demand=demand, page="foyer-conjoint", person=comes)
    demand.refresh_from_db()
    assert demand.tax_year == 2024
