"""Whoever applied online must not wait for a contact: a worklist, and the channels compared."""

from typing import Any

import pytest
from django.utils import timezone

from register.deadlines import add_months
from register.models import Contact, Demand, OrganisationKind, Role
from register.selectors.in_charge import body_in_charge
from register.services import acts
from tests.factories import make_demand, make_member, make_organisation, make_user, principal_of
from tests.register.demands import of_association, submit

pytestmark = pytest.mark.django_db
PAGE = "/bureau/jamais-contactes/"


def test_a_demand_born_online_waits_until_somebody_speaks(agent: Any, sign_in: Any) -> None:
    client = sign_in(agent)
    waiting = make_demand(channel="online", last_name="Aubert")
    make_demand(registered_by=agent.organisation, channel="counter", last_name="Besson")
    elsewhere = {"registered_by": make_organisation(), "channel": "online"}
    make_demand(last_name="Colin", **elsewhere)
    text = client.get(PAGE).text
    assert "Aubert" in text
    assert "Besson" not in text
    assert "Colin" not in text
    acts.add_note(principal=principal_of(agent), demand=waiting, text="Un mot")
    applicant = principal_of(waiting.account)
    acts.send_message(principal=applicant, demand=waiting, body="Bonjour ?")
    assert "Aubert" in client.get(PAGE).text
    acts.record_contact(
        principal=principal_of(agent), demand=waiting, channel="phone", text="Rappelée."
    )
    assert "Aubert" not in client.get(PAGE).text


def test_a_long_wait_is_told_in_years_and_months(agent: Any, sign_in: Any) -> None:
    old = make_demand(channel="online", last_name="Aubert")
    make_demand(channel="online", last_name="Besson", received_on=timezone.localdate())
    received_on = add_months(timezone.localdate(), -85)
    Demand.objects.filter(pk=old.pk).update(received_on=received_on)
    text = sign_in(agent).get(PAGE).text.replace("\u00a0", " ")
    assert "il y a 7 ans, 1 mois." in text
    assert "jours" not in text.partition("Aubert")[2].partition("</li>")[0]


def test_counting_stops_where_nobody_reads_further(
    agent: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("register.selectors.equity.COUNT_CAP", 1)
    one = {"registered_by": agent.organisation, "channel": "online"}
    make_demand(**one)
    assert "1 demande attend un premier contact." in sign_in(agent).get(PAGE).text
    make_demand(**one)
    text = sign_in(agent).get(PAGE).text
    assert "Plus de 1\u00a0000 demandes attendent un premier contact." in text
    assert text.count("task-title") == 2


def test_the_first_wished_commune_speaks_to_whoever_applied_online(
    commune_agent: Any, sign_in: Any
) -> None:
    own = make_demand(communes=("21054", "21231"), last_name="Aubert")
    make_demand(communes=("21231", "21054"), last_name="Besson")
    commune_agent.organisation.is_counter = False
    commune_agent.organisation.save()
    assert "Aubert" not in sign_in(commune_agent).get(PAGE).text
    commune_agent.organisation.is_counter = True
    commune_agent.organisation.save()
    text = sign_in(commune_agent).get(PAGE).text
    assert "Aubert" in text
    assert "Besson" not in text
    assert body_in_charge(own) == commune_agent.organisation
    commune_agent.organisation.agreements.update(status="suspended")
    assert body_in_charge(own) == own.registered_by
    assert "Aubert" not in sign_in(commune_agent).get(PAGE).text


def test_the_manager_compares_the_channels(sign_in: Any) -> None:
    manager = make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER)
    online = [make_demand(channel="online") for _each in range(2)]
    make_demand(channel="counter")
    submit(make_user(), of_association())
    Contact.objects.filter(demand=online[0]).update(phone="")
    text = sign_in(manager).get(PAGE).text
    assert "téléphone connu" in text
    line = text.partition("En ligne</th>")[2].partition("</tr>")[0]
    assert '<td class="num">2</td>' in line
    assert "50" in line


def test_an_agent_reads_no_comparison(agent: Any, sign_in: Any) -> None:
    assert "téléphone connu" not in sign_in(agent).get(PAGE).text
