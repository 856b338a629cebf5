"""Notes between agents: open to all who read notes, or kept between some bodies, with answers."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from register.models import Demand, EventKind
from register.principals import Principal
from register.services.acts import add_note
from tests.factories import make_demand, make_member, make_organisation, principal_of

SECRET = "Logement repéré rue Berbisey"


@pytest.fixture
def demand() -> Demand:
    return make_demand()


def kept(member: Any, demand: Demand, to: str, text: str = SECRET) -> Any:
    return add_note(principal=principal_of(member), demand=demand, text=text, to=to)


def reads(sign_in: Any, member: Any, demand: Demand) -> bool:
    page = sign_in(member).get(reverse("desk:file", args=[demand.number]))
    assert page.status_code == 200
    return SECRET in page.text


def test_a_note_is_kept_within_the_body_of_its_writer(
    agent: Any, reader: Any, sign_in: Any, demand: Demand
) -> None:
    other = make_member(make_organisation())
    kept(agent, demand, "us")
    assert [reads(sign_in, each, demand) for each in (agent, reader, other)] == [True, True, False]
    kept(agent, demand, "")
    assert reads(sign_in, other, demand)


def test_a_note_to_another_body_is_answered_between_both_and_read_by_no_third(
    agent: Any, sign_in: Any, demand: Demand
) -> None:
    other, third = make_member(make_organisation()), make_member(make_organisation())
    first = kept(agent, demand, f"body-{other.organisation_id}")
    assert [reads(sign_in, each, demand) for each in (other, third)] == [True, False]
    form = sign_in(other).get(reverse("desk:file", args=[demand.number])).text
    assert f'value="note-{first.pk}"' in form
    url = reverse("desk:act", args=[demand.number, "note"])
    demand.refresh_from_db()
    sent = {"version": demand.version, "text": "Vu, merci", "to": f"note-{first.pk}"}
    assert sign_in(other).post(url, sent).status_code == 302
    answer = demand.events.filter(kind=EventKind.NOTE).latest("pk")
    assert answer.details == {**first.details, "thread": first.pk}
    text = sign_in(agent).get(reverse("desk:file", args=[demand.number])).text
    assert "Réponse à la note du" in text
    assert "Vu, merci" not in sign_in(third).get(reverse("desk:file", args=[demand.number])).text
    with pytest.raises(ValidationError):
        kept(third, demand, f"note-{first.pk}", "Moi aussi")


def test_a_body_that_may_not_open_the_demand_is_not_written_to(agent: Any, demand: Demand) -> None:
    elsewhere = make_organisation(department="71")
    for to in (f"body-{elsewhere.pk}", "body-0", "body-9" + "9" * 30, "note-0", "quelqu-un"):
        with pytest.raises(ValidationError):
            kept(agent, demand, to)


def test_neither_the_applicant_nor_a_colleague_of_another_body_looking_on_reads_it(
    agent: Any, sign_in: Any, demand: Demand
) -> None:
    from register.selectors.notes import is_for

    note = kept(agent, demand, "us")
    client = sign_in(agent)
    client.force_login(demand.account)
    for name in ("demand", "messages", "data"):
        assert SECRET not in client.get(reverse(f"space:{name}", args=[demand.number])).text
    mine, other = principal_of(agent), principal_of(make_member(make_organisation()))
    seen_as = Principal(mine.kind, mine.user, mine.membership, observer=other)
    assert is_for(note, mine)
    assert not is_for(note, seen_as)
    assert not is_for(note, None)


def test_a_conflict_does_not_tell_of_a_note_that_one_does_not_read(
    agent: Any, sign_in: Any, demand: Demand
) -> None:
    other = make_member(make_organisation())
    seen = demand.version
    kept(agent, demand, "us")
    url = reverse("desk:act", args=[demand.number, "note"])
    conflict = sign_in(other).post(url, {"version": seen, "text": "Bonjour", "to": ""})
    assert conflict.status_code == 409
    assert agent.organisation.short_name not in conflict.text
