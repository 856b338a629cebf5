"""At the counter: a renewal received, a demand resumed in time, a withdrawal in writing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from register import clock, codes
from register.models import Demand, DemandState, EventKind, OrganisationKind
from register.selectors.strike_off_warnings import warned_by
from rules.formatting import day
from tests.factories import make_commune, make_demand, make_member, make_organisation

pytestmark = pytest.mark.django_db


def address(demand: Demand, act: str = "") -> str:
    return f"/bureau/dossiers/{demand.number}/" + (f"actes/{act}/" if act else "")


def days_ago(days: int) -> Any:
    return timezone.localdate() - timedelta(days=days)


def ended(reason: str, received: int, ended: int, **told: Any) -> Demand:
    return make_demand(
        received_on=days_ago(received),
        state=DemandState.STRUCK_OFF,
        strike_off_reason=reason,
        struck_off_on=days_ago(ended),
        **told,
    )


def test_a_renewal_is_offered_when_its_time_has_come_and_not_before(
    agent: Any, sign_in: Any
) -> None:
    client = sign_in(agent)
    early, due = make_demand(received_on=days_ago(100)), make_demand(received_on=days_ago(350))
    assert "act-renewal" not in client.get(address(early)).text
    assert "act-renewal" in client.get(address(due)).text
    answer = client.post(address(due, "renewal"), {"version": due.version})
    assert answer.status_code == 302
    due.refresh_from_db()
    assert due.last_renewed_on == timezone.localdate()
    assert due.expires_on > timezone.localdate() + timedelta(days=360)
    event = due.events.latest("pk")
    assert (event.kind, event.organisation) == (EventKind.RENEWED, agent.organisation)


def test_a_demand_not_renewed_is_resumed_from_its_file(agent: Any, sign_in: Any) -> None:
    demand = ended("RADREN", 500, 100)
    client = sign_in(agent)
    assert "act-resume" in client.get(address(demand)).text
    client.post(address(demand, "resume"), {"version": demand.version})
    now = Demand.objects.get(pk=demand.pk)
    assert (now.is_live, now.received_on) == (True, demand.received_on)
    assert "act-resume" not in client.get(address(demand)).text


@pytest.mark.parametrize(("reason", "received"), [("RADREN", 700), ("RADATT", 500)])
def test_what_cannot_be_resumed_is_not_offered_and_a_forged_act_says_why(
    reason: str, received: int, agent: Any, sign_in: Any
) -> None:
    demand = ended(reason, received, 200)
    client = sign_in(agent)
    assert "act-resume" not in client.get(address(demand)).text
    answer = client.post(address(demand, "resume"), {"version": demand.version})
    assert answer.status_code == 422
    assert "enregistrez une nouvelle demande" in answer.text
    demand.refresh_from_db()
    assert demand.state == DemandState.STRUCK_OFF


def test_a_withdrawal_needs_the_writing_and_keeps_what_was_typed(
    agent: Any, sign_in: Any, landlord: Any
) -> None:
    demand = make_demand(registered_by=landlord)
    client = sign_in(agent)
    typed = {"version": demand.version, "text": "Lettre du 3 mars, reçue le 5."}
    answer = client.post(address(demand, "withdrawal"), typed)
    assert answer.status_code == 422
    assert "Lettre du 3 mars" in answer.text
    assert client.post(address(demand, "withdrawal"), {**typed, "is_written": "on"}).url
    demand.refresh_from_db()
    assert demand.strike_off_reason == codes.StrikeOffReason.RENOUNCED


def test_a_death_told_by_mistake_is_taken_back_from_the_file(
    agent: Any, sign_in: Any, landlord: Any
) -> None:
    demand, client = make_demand(registered_by=landlord), sign_in(agent)
    assert "act-death-taken-back" not in client.get(address(demand)).text
    died = {"version": demand.version, "died_on": days_ago(9), "text": "Acte n° 3"}
    assert client.post(address(demand, "death"), died).status_code == 302
    demand.refresh_from_db()
    assert "act-death-taken-back" in client.get(address(demand)).text
    told = {"version": demand.version, "text": ""}
    assert client.post(address(demand, "death-taken-back"), told).status_code == 422
    told["text"] = "Un homonyme, né le même jour."
    assert client.post(address(demand, "death-taken-back"), told).status_code == 302
    demand.refresh_from_db()
    assert demand.is_live
    shown = client.get(address(demand)).text
    assert "Un homonyme" in shown
    assert "act-death-taken-back" not in shown
    applicant = Client()
    applicant.force_login(demand.account)
    assert "a été annulé" in applicant.get(f"/mon-espace/{demand.number}/").text


def test_a_lease_and_a_warning_are_recorded_from_the_file(agent: Any, sign_in: Any) -> None:
    demand, client = make_demand(received_on=days_ago(100)), sign_in(agent)
    shown = client.get(address(demand)).text
    assert "act-lease" in shown
    assert "act-warning" in shown
    assert "act-inadmissible" not in shown
    told = {"version": demand.version, "ground": "IRRRES", "text": "Recommandé 1A 234"}
    refused = client.post(address(demand, "warning"), {**told, "sent_on": days_ago(-1)})
    assert refused.status_code == 422
    assert "Recommandé 1A 234" in refused.text
    client.post(address(demand, "warning"), {**told, "sent_on": days_ago(40)})
    # A letter told forty days late leaves its whole delay to answer.
    assert "act-inadmissible" not in client.get(address(demand)).text
    with clock.at(clock.now() + timedelta(days=40)):
        shown = client.get(address(demand)).text
        assert "act-inadmissible" in shown
        assert "(ressources supérieures aux plafonds)" in shown
        demand.refresh_from_db()
        client.post(address(demand, "inadmissible"), {"version": demand.version})
    demand.refresh_from_db()
    assert demand.strike_off_reason == codes.StrikeOffReason.INADMISSIBLE


@pytest.mark.parametrize(
    ("sent", "received", "is_kept"), [(10, 3, True), (10, 11, False), (10, -1, False)]
)
def test_the_day_of_reception_of_a_warning_lies_between_its_letter_and_today(
    agent: Any, sign_in: Any, sent: int, received: int, is_kept: bool
) -> None:
    demand, client = make_demand(received_on=days_ago(100)), sign_in(agent)
    letter = {"ground": "RADCON", "sent_on": days_ago(sent), "received_on": days_ago(received)}
    told = {"version": demand.version, "text": "Recommandé 1A 234", **letter}
    answer = client.post(address(demand, "warning"), told)
    assert answer.status_code == (302 if is_kept else 422)
    if not is_kept:
        assert 'href="#warning_received_on"' in answer.text
        assert "Recommandé 1A 234" in answer.text
        return
    event = demand.events.get(kind=EventKind.WARNED)
    assert event.details["received_on"] == days_ago(received).isoformat()
    # The whole month runs from the recording here, later than the reception.
    assert warned_by(event, demand).begins_on == days_ago(0)
    words = f"reçue le\N{NO-BREAK SPACE}{day(days_ago(received))}"
    shown = client.get(address(demand)).text
    applicant = Client()
    applicant.force_login(demand.account)
    space = applicant.get(f"/mon-espace/{demand.number}/").text
    for text in (shown, space):
        assert words in text.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")


def test_a_counter_is_offered_neither_the_lease_nor_the_grounds_of_a_commission(
    sign_in: Any,
) -> None:
    town = make_organisation(kind=OrganisationKind.COMMUNE, commune=make_commune())
    shown = sign_in(make_member(town, "agent")).get(address(make_demand())).text
    assert "act-lease" not in shown
    assert "act-warning" in shown
    assert "IRRRES" not in shown


def test_whoever_may_not_end_a_demand_is_answered_as_if_it_did_not_exist(sign_in: Any) -> None:
    """This service of the State is no counter: it may act on the demand, not end it."""
    demand = make_demand()
    state = make_organisation(kind=OrganisationKind.STATE, is_counter=False)
    client = sign_in(make_member(state, "agent"))
    assert "act-withdrawal" not in client.get(address(demand)).text
    told = {"version": demand.version, "text": "Lettre", "is_written": "on"}
    refused = client.post(address(demand, "withdrawal"), told)
    absent = client.post(address(demand, "withdrawal").replace(demand.number, "021032400001XGDPUB"))
    assert (refused.status_code, refused.content) == (404, absent.content)


def test_two_agents_who_saw_the_same_file_resume_it_once(
    agent: Any, lead: Any, sign_in: Any
) -> None:
    demand = ended("RADCON", 500, 30)
    first = sign_in(agent).post(address(demand, "resume"), {"version": demand.version})
    second = sign_in(lead).post(address(demand, "resume"), {"version": demand.version})
    assert (first.status_code, second.status_code) == (302, 409)
    assert demand.events.filter(kind=EventKind.REACTIVATED).count() == 1


NEW_HOME = {
    "email": "dominique@example.org",
    "phone": "",
    "address": "",
    "postal_code": "",
    "city": "",
    "housing": "CP",
}


def _couple(**told: Any) -> Demand:
    return make_demand(
        received_on=days_ago(100), co_applicant="Durand", dependants=2, first_names="Zoé", **told
    )


def _key(demand: Demand, role: str) -> int:
    return demand.persons.filter(role=role).order_by("position")[0].pk


def test_a_couple_is_separated_from_the_file_and_the_agent_reads_the_second_number(
    agent: Any, sign_in: Any
) -> None:
    demand, client = _couple(), sign_in(agent)
    shown = client.get(address(demand)).text
    assert "Dominique Durand" in shown
    assert "act-separation" in shown
    told = {"version": demand.version, "leaving": _key(demand, "co_applicant"), **NEW_HOME}
    wrong = {**told, "email": "", "address": "9 rue Neuve"}
    refused = client.post(address(demand, "separation"), wrong)
    assert refused.status_code == 422
    assert "9 rue Neuve" in refused.text
    told["going"] = [_key(demand, "dependant")]
    answer = client.post(address(demand, "separation"), told, follow=True)
    created = Demand.objects.get(received_on=demand.received_on, account=None)
    assert created.number[-10:-5] in answer.text.replace("\u202f", "").replace(" ", "")
    assert created.persons.count() == 2
    assert client.get(address(created)).status_code == 200
    stale = client.post(address(demand, "separation"), told)
    assert stale.status_code == 409


def test_acts_of_a_couple_are_not_offered_to_somebody_alone_and_say_why_when_forged(
    agent: Any, sign_in: Any
) -> None:
    demand, client = make_demand(), sign_in(agent)
    shown = client.get(address(demand)).text
    assert "act-separation" not in shown
    assert "act-transfer" not in shown
    told = {"version": demand.version, "successor": 1, "text": "Lettre", "is_written": "on"}
    assert client.post(address(demand, "transfer"), {**told, **NEW_HOME}).status_code == 422


def test_a_death_ends_the_demand_of_somebody_alone_and_goes_on_for_a_couple(
    agent: Any, sign_in: Any
) -> None:
    alone, couple, client = make_demand(), _couple(), sign_in(agent)
    told = {"died_on": days_ago(3), "text": "Acte n° 12"}
    assert client.post(address(alone, "death"), {**told, "version": alone.version}).url
    alone.refresh_from_db()
    assert alone.strike_off_reason == codes.StrikeOffReason.RENOUNCED
    assert "Décès du demandeur" in client.get(address(alone)).text
    missing = client.post(address(couple, "death"), {**told, "version": couple.version})
    assert missing.status_code == 422
    assert "Acte n° 12" in missing.text
    heir = {"successor": _key(couple, "co_applicant"), **NEW_HOME}
    assert client.post(address(couple, "death"), {**told, **heir, "version": couple.version}).url
    couple.refresh_from_db()
    assert couple.is_live
    assert couple.persons.get(role="applicant").first_names == "Dominique"


def test_another_department_needs_a_commune_of_it(agent: Any, sign_in: Any) -> None:
    make_commune()
    demand, client = make_demand(), sign_in(agent)
    told = {"version": demand.version, "commune": "Dijon", "home_type": "T3"}
    refused = client.post(address(demand, "department"), told)
    assert refused.status_code == 422
    assert "autre département" in refused.text
