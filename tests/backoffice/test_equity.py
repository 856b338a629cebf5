"""Whoever applied online must not wait for a contact: a worklist, and the channels compared."""

from typing import Any

import pytest

from register.models import Contact, OrganisationKind, Role
from register.services import acts
from tests.factories import make_demand, make_member, make_organisation, make_user, principal_of
from tests.register.demands import of_association, submit

pytestmark = pytest.mark.django_db
PAGE = "/bureau/jamais-contactes/"


def test_a_demand_born_online_waits_until_somebody_speaks(agent: Any, sign_in: Any) -> None:
    client, body = sign_in(agent), agent.organisation
    waiting = make_demand(registered_by=body, channel="online", last_name="Aubert")
    make_demand(registered_by=body, channel="counter", last_name="Besson")
    make_demand(channel="online", last_name="Colin")
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
