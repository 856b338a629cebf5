"""What is to be put right: asked of the applicant about one part, or by her of the counter."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from exchange import delivery
from register.errors import NotAllowed, TransitionRefused
from register.models import Correction, Demand, EventKind
from register.selectors.corrections import to_close, waiting
from register.services.corrections import answer_correction, ask_correction, close_correction
from register.services.mandates import give_mandate
from tests.factories import make_demand, make_member, make_organisation, make_user, principal_of
from tests.portal.space import page, read, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def demand(landlord: Any) -> Demand:
    return make_demand(registered_by=landlord.organisation, last_name="Benali")


def asked(landlord: Any, demand: Demand, part: str = "contact") -> Correction:
    ask_correction(principal=landlord, demand=demand, part=part, text="Le numéro de rue manque.")
    return demand.corrections.latest("pk")


def test_a_request_opens_that_part_and_is_open_answered_then_closed(
    demand: Demand, landlord: Any
) -> None:
    correction = asked(landlord, demand)
    delivery.deliver_pending()
    assert len(mail.outbox) == 1
    assert "rue" not in mail.outbox[0].body
    client = signed_in(demand.account)
    url = f"{page(demand, 'corrections')}{correction.pk}/"
    assert url in read(client, page(demand))
    text = read(client, url)
    assert "Le numéro de rue manque." in text
    assert "Comment vous joindre" in text
    assert "Vos ressources" not in text
    assert waiting(landlord)[1] == 0
    refused = client.post(url, {"text": ""})
    assert refused.status_code == 200
    assert client.post(url, {"text": "C’est le 12."}).status_code == 302
    assert "Répondu" in read(client, page(demand, "corrections"))
    assert url not in read(client, page(demand)).partition("timeline")[0]
    assert waiting(landlord)[1] == 1
    correction.refresh_from_db()
    with pytest.raises(TransitionRefused):
        answer_correction(
            principal=principal_of(demand.account), correction=correction, text="Encore"
        )
    close_correction(
        principal=landlord, correction=correction, outcome="corrected", text="C’est fait."
    )
    assert "C’est fait." in read(client, url)
    assert waiting(landlord)[1] == 0
    kinds = list(demand.events.values_list("kind", flat=True))
    assert kinds[-3:] == ["correction_asked", "correction_answered", "correction_closed"]


def test_the_applicant_asks_the_counter_which_answers_with_reasons(
    demand: Demand, landlord: Any
) -> None:
    client = signed_in(demand.account)
    nothing = client.post(page(demand, "corrections"), {"text": "Je suis née en 1990"})
    assert "Je suis née en 1990" in nothing.text
    assert not demand.corrections.exists()
    sent = {"part": "identity", "text": "Je suis née en 1990"}
    assert client.post(page(demand, "corrections"), sent).status_code == 302
    lines, count = waiting(landlord)
    assert count == 1
    other = principal_of(make_member(make_organisation()))
    assert waiting(other)[1] == 0
    with pytest.raises(NotAllowed):
        close_correction(principal=other, correction=lines[0], outcome="kept", text="Non")
    close_correction(
        principal=landlord, correction=lines[0], outcome="kept", text="L’acte dit 1989."
    )
    assert "L’acte dit 1989." in read(client, page(demand))
    with pytest.raises(TransitionRefused):
        close_correction(principal=landlord, correction=lines[0], outcome="kept", text="Non")


def test_a_request_of_somebody_else_does_not_exist(demand: Demand, landlord: Any) -> None:
    correction = asked(landlord, demand)
    stranger = make_demand()
    client = signed_in(stranger.account)
    assert client.get(f"{page(demand, 'corrections')}{correction.pk}/").status_code == 404
    assert client.get(f"{page(stranger, 'corrections')}{correction.pk}/").status_code == 404


def test_a_helper_neither_asks_nor_answers_and_reads_no_resources_in_the_story(
    demand: Demand, landlord: Any
) -> None:
    ask_correction(
        principal=landlord, demand=demand, part="contact", text="Le numéro de rue manque."
    )
    helper = make_user()
    give_mandate(
        principal=principal_of(demand.account),
        demand=demand,
        helper_email=helper.email,
        ends_on=timezone.localdate() + timedelta(days=9),
    )
    client = signed_in(helper)
    assert client.get(page(demand, "corrections")).status_code == 404
    assert "Le numéro de rue manque." in read(client, page(demand))


def test_requests_are_among_the_data_to_take_away(demand: Demand, landlord: Any) -> None:
    asked(landlord, demand)
    told = signed_in(demand.account).get(page(demand, "data")).json()["corrections"]
    assert [(each["from"], each["part"]) for each in told] == [("Grand Dijon Habitat", "contact")]


def test_only_who_is_in_charge_is_offered_to_close(demand: Demand, landlord: Any) -> None:
    asked(landlord, demand)
    other = principal_of(make_member(make_organisation()))
    assert len(to_close(landlord, demand)) == 1
    assert to_close(other, demand) == []
    assert demand.events.filter(kind=EventKind.CORRECTION_ASKED).count() == 1
