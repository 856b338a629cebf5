"""The call list at the counter, and the manager's page of held rounds."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from register.deadlines import add_months
from register.models import EventKind, OrganisationKind, RenewalNotice, Role, Round
from register.templatetags.shell import date_long
from tests.factories import make_demand, make_member, make_organisation

pytestmark = pytest.mark.django_db


def to_call(**told: Any) -> RenewalNotice:
    kind = told.pop("kind", "notice")
    demand = make_demand(**told)
    return RenewalNotice.objects.create(
        demand=demand,
        kind=kind,
        expires_on=demand.expires_on,
        announced_on=timezone.localdate(),
        to_call_at=timezone.now(),
    )


def test_a_counter_calls_for_its_own_demands(agent: Any, sign_in: Any) -> None:
    client = sign_in(agent)
    own = to_call(registered_by=agent.organisation, last_name="Aubert")
    foreign = to_call(registered_by=make_organisation(), last_name="Besson")
    page = client.get("/bureau/rappels/").text
    assert "Aubert" in page
    assert "03\u202f80" in page or "03 80" in page or "03\u00a080" in page
    assert "Besson" not in page
    assert client.post(f"/bureau/rappels/{foreign.pk}/", {"outcome": "reached"}).status_code == 404
    refused = client.post(f"/bureau/rappels/{own.pk}/", {"outcome": "", "text": "Trois essais"})
    assert refused.status_code == 422
    assert "Trois essais" in refused.text
    client.post(f"/bureau/rappels/{own.pk}/", {"outcome": "reached", "text": "Elle renouvelle"})
    own.refresh_from_db()
    assert (own.call_outcome, own.called_by) == ("reached", agent.user)
    assert own.demand.events.filter(kind=EventKind.CONTACTED, reason="phone").exists()
    assert "Aubert" not in client.get("/bureau/rappels/").text


def test_a_counter_reads_whose_striking_off_came_back_and_until_when_it_may_be_resumed(
    agent: Any, sign_in: Any
) -> None:
    received = timezone.localdate() - timedelta(days=420)
    notice = to_call(
        kind="struck_off",
        registered_by=agent.organisation,
        last_name="Aubert",
        received_on=received,
        state="struck_off",
        strike_off_reason="RADREN",
        struck_off_on=timezone.localdate(),
    )
    client = sign_in(agent)
    page = client.get("/bureau/rappels/").text
    assert "Aubert" in page
    assert f"jusqu’au {date_long(add_months(received, 18))}" in page
    client.post(f"/bureau/rappels/{notice.pk}/", {"outcome": "reached", "text": "Elle revient"})
    assert "Aubert" not in client.get("/bureau/rappels/").text


def test_the_first_wished_commune_calls_whoever_applied_online(
    commune_agent: Any, sign_in: Any
) -> None:
    client = sign_in(commune_agent)
    own = to_call(communes=("21054", "21231"), last_name="Aubert")
    foreign = to_call(communes=("21231", "21054"), last_name="Besson")
    page = client.get("/bureau/rappels/").text
    assert "Aubert" in page
    assert "Besson" not in page
    assert client.post(f"/bureau/rappels/{foreign.pk}/", {"outcome": "reached"}).status_code == 404
    client.post(f"/bureau/rappels/{own.pk}/", {"outcome": "reached", "text": "Elle renouvelle"})
    own.refresh_from_db()
    assert own.called_by == commune_agent.user


def test_a_call_about_an_end_that_is_no_more_is_not_asked_for(agent: Any, sign_in: Any) -> None:
    notice = to_call(registered_by=agent.organisation, last_name="Aubert")
    notice.demand.expires_on = notice.demand.expires_on.replace(year=2030)
    notice.demand.save()
    assert "Aubert" not in sign_in(agent).get("/bureau/rappels/").text


def test_the_manager_reads_what_is_held_and_lets_it_go(sign_in: Any) -> None:
    member = make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER)
    client = sign_in(member)
    held = Round.objects.create(
        step="announce",
        day=timezone.localdate(),
        found=300,
        live=900,
        held="files",
        at=timezone.now(),
    )
    assert "retenu" in client.get("/bureau/suivi/").text
    page = client.get("/bureau/suivi/echeances/").text
    assert "300" in page
    assert client.post("/bureau/suivi/echeances/", {"round": held.pk}).status_code == 422
    data = {"round": held.pk, "because": "Reprise de l’ancien fichier"}
    assert client.post("/bureau/suivi/echeances/", data).status_code == 302
    held.refresh_from_db()
    assert (held.allowed, held.allowed_by) == (300, member.user)


def test_an_agent_knows_no_page_of_rounds(agent: Any, sign_in: Any) -> None:
    assert sign_in(agent).get("/bureau/suivi/echeances/").status_code in (403, 404)
