"""What is to be put right: one answer or one document, asked of the applicant or by her."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from exchange import delivery
from register.errors import NotAllowed, TransitionRefused
from register.form.single import find, mark
from register.models import Correction, Demand, EventKind, FieldChange, OrganisationKind
from register.selectors.corrections import to_close, waiting
from register.selectors.given_answers import kept_answer
from register.services.corrections import answer_correction, ask_correction, close_correction
from register.services.mandates import give_mandate
from register.services.modification import Proposed
from tests.factories import (
    ONE_PAGE,
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.portal.space import page, read, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
ADDRESS, PHONE = "coordonnees-adresse.address", "coordonnees.phone"


@pytest.fixture
def demand(landlord: Any) -> Demand:
    return make_demand(registered_by=landlord.organisation, last_name="Benali")


def asked(landlord: Any, demand: Demand, about: str = ADDRESS) -> Correction:
    ask_correction(principal=landlord, demand=demand, about=about, text="Le numéro de rue manque.")
    return demand.corrections.latest("pk")


def url_of(demand: Demand, correction: Correction) -> str:
    return f"{page(demand, 'corrections')}{correction.pk}/"


def seen(demand: Demand, ref: str = ADDRESS) -> str:
    found = find(Demand.objects.get(pk=demand.pk), ref)
    assert found is not None
    return mark(kept_answer(found))


def test_a_request_opens_exactly_that_answer_which_she_changes_there(
    demand: Demand, landlord: Any
) -> None:
    correction = asked(landlord, demand)
    delivery.deliver_pending()
    assert len(mail.outbox) == 1
    assert "rue" not in mail.outbox[0].body
    client = signed_in(demand.account)
    url = url_of(demand, correction)
    assert url in read(client, page(demand))
    text = read(client, url)
    assert "Le numéro de rue manque." in text
    assert "1 rue des Exemples" in text
    assert 'name="address"' in text
    assert 'name="city"' not in text
    assert "+33380000000" not in text
    assert waiting(landlord)[1] == 0
    sent = {"address": "12 rue des Exemples", "city": "Lyon", "seen": seen(demand), "text": ""}
    assert client.post(url, sent).status_code == 302
    demand.contact.refresh_from_db()
    assert (demand.contact.address, demand.contact.city) == ("12 rue des Exemples", "Dijon")
    assert "Répondu" in read(client, page(demand, "corrections"))
    assert url not in read(client, page(demand)).partition("timeline")[0]
    assert waiting(landlord)[1] == 1
    close_correction(
        principal=landlord, correction=correction, outcome="corrected", text="C’est fait."
    )
    assert "C’est fait." in read(client, url)
    assert waiting(landlord)[1] == 0
    kinds = list(demand.events.values_list("kind", flat=True))
    assert kinds[-3:] == ["correction_asked", "modified", "correction_closed"]


def test_she_may_say_in_words_why_nothing_is_to_be_changed_and_not_say_nothing(
    demand: Demand, landlord: Any
) -> None:
    correction = asked(landlord, demand)
    client, url = signed_in(demand.account), url_of(demand, correction)
    same = {"address": "1 rue des Exemples", "seen": seen(demand), "text": ""}
    assert client.post(url, same).status_code == 422
    assert client.post(url, {**same, "text": "C’est bien le 1."}).status_code == 302
    assert not FieldChange.objects.exists()
    assert demand.events.last().kind == EventKind.CORRECTION_ANSWERED
    correction.refresh_from_db()
    with pytest.raises(TransitionRefused):
        answer_correction(
            principal=principal_of(demand.account), correction=correction, text="Encore"
        )


def test_what_the_form_refuses_is_refused_here_too_and_nothing_typed_is_lost(
    demand: Demand, landlord: Any
) -> None:
    correction = asked(landlord, demand, PHONE)
    client, url = signed_in(demand.account), url_of(demand, correction)
    refused = client.post(url, {"phone": "12", "seen": seen(demand, PHONE), "text": "Le neuf"})
    assert refused.status_code == 422
    assert "Ce numéro ne peut pas être appelé" in refused.text
    assert 'value="12"' in refused.text
    assert "Le neuf" in refused.text
    demand.contact.refresh_from_db()
    assert demand.contact.phone == "+33380000000"


def test_an_answer_that_changed_meanwhile_is_shown_beside_what_was_typed(
    demand: Demand, landlord: Any
) -> None:
    correction = asked(landlord, demand)
    client, url, before = signed_in(demand.account), url_of(demand, correction), seen(demand)
    demand.contact.address = "7 quai Nicolas Rolin"
    demand.contact.save()
    typed = {"address": "12 rue des Exemples", "seen": before, "text": "J’ai déménagé."}
    conflict = client.post(url, typed)
    assert conflict.status_code == 409
    assert all(each in conflict.text for each in ("7 quai", "12 rue", "J’ai déménagé."))
    assert client.post(url, {**typed, "seen": seen(demand)}).status_code == 302
    change = FieldChange.objects.get()
    assert (change.before, change.after) == ("7 quai Nicolas Rolin", "12 rue des Exemples")


@pytest.mark.parametrize("reference", ["identite.birth_date", "identite-situation.nationality"])
def test_civil_status_is_changed_at_a_counter_alone(
    reference: str, demand: Demand, landlord: Any
) -> None:
    applicant = demand.persons.get(role="applicant")
    correction = asked(landlord, demand, f"{reference}@{applicant.pk}")
    text = read(signed_in(demand.account), url_of(demand, correction))
    assert "se changent au guichet" in text
    assert 'name="birth_date' not in text
    with pytest.raises(NotAllowed):
        answer_correction(
            principal=principal_of(demand.account),
            correction=correction,
            proposed=Proposed("E", mark("F")),
        )


def test_a_request_about_a_document_opens_it_and_takes_another_in_its_place(
    demand: Demand, landlord: Any
) -> None:
    document = demand.documents.get()
    correction = asked(landlord, demand, f"piece@{document.pk}")
    client, url = signed_in(demand.account), url_of(demand, correction)
    text = read(client, url)
    assert document.stored_file.original_name in text
    assert 'name="upload"' in text
    assert client.post(url, {"text": ""}).status_code == 422
    upload = SimpleUploadedFile("neuve.pdf", ONE_PAGE, "application/pdf")
    assert client.post(url, {"text": "", "upload": upload}).status_code == 302
    assert demand.documents.filter(kind=document.kind).count() == 2
    correction.refresh_from_db()
    assert correction.answer


def test_nothing_else_than_an_answer_of_the_form_can_be_named(
    demand: Demand, landlord: Any
) -> None:
    foreign = make_demand().persons.get().pk
    for about in ("contact", "motifs-protection.is_sealed", f"identite.title@{foreign}", ""):
        with pytest.raises(ValidationError):
            ask_correction(principal=landlord, demand=demand, about=about, text="Quoi")


def test_the_applicant_asks_the_counter_which_answers_with_reasons(
    demand: Demand, landlord: Any
) -> None:
    client = signed_in(demand.account)
    nothing = client.post(page(demand, "corrections"), {"text": "Je suis née en 1990"})
    assert "Je suis née en 1990" in nothing.text
    assert not demand.corrections.exists()
    applicant = demand.persons.get()
    sent = {"about": f"identite.birth_date@{applicant.pk}", "text": "Je suis née en 1990"}
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
    assert client.get(url_of(demand, correction)).status_code == 404
    assert client.get(url_of(stranger, correction)).status_code == 404


def test_a_helper_neither_asks_nor_answers_and_reads_no_resources_in_the_story(
    demand: Demand, landlord: Any
) -> None:
    asked(landlord, demand)
    applicant = demand.persons.get()
    ask_correction(
        principal=landlord,
        demand=demand,
        about=f"ressources-montants.amount_SAL@{applicant.pk}",
        text="Les fiches disent 1 450.",
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
    text = read(client, page(demand))
    assert "Le numéro de rue manque." in text
    assert "1 450" not in text
    assert "Salaire" not in text


def test_requests_are_among_the_data_to_take_away(demand: Demand, landlord: Any) -> None:
    asked(landlord, demand)
    told = signed_in(demand.account).get(page(demand, "data")).json()["corrections"]
    assert [(each["from"], each["question"]) for each in told] == [("Grand Dijon Habitat", ADDRESS)]


def test_only_who_is_in_charge_is_offered_to_close(demand: Demand, landlord: Any) -> None:
    asked(landlord, demand)
    other = principal_of(make_member(make_organisation()))
    assert len(to_close(landlord, demand)) == 1
    assert to_close(other, demand) == []
    assert demand.events.filter(kind=EventKind.CORRECTION_ASKED).count() == 1


def test_what_an_online_demand_asks_waits_for_the_counter_of_its_first_commune(
    landlord: Any,
) -> None:
    dijon = make_commune("21231", "Dijon", epci="242100410")
    town = make_organisation("ville-test", OrganisationKind.COMMUNE, commune=dijon)
    agent = principal_of(make_member(town))
    own, next_door = make_demand(), make_demand(communes=("21166",))
    for demand in (own, next_door):
        applicant = principal_of(demand.account)
        ask_correction(principal=applicant, demand=demand, about=PHONE, text="Il a changé.")
    assert [each.demand for each in waiting(agent)[0]] == [own]
    with pytest.raises(NotAllowed):
        close_correction(
            principal=agent, correction=next_door.corrections.get(), outcome="corrected", text="Non"
        )
    close_correction(
        principal=agent, correction=own.corrections.get(), outcome="corrected", text="C’est fait."
    )
    assert waiting(agent)[1] == 0
