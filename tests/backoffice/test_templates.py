"""Texts of an organisation from which messages start: who writes them, and what they may hold."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from register.errors import NotAllowed
from register.models import MessageTemplate
from register.services.templates import drop_template, keep_template
from tests.factories import make_demand, make_member, make_organisation, principal_of

BODY = "Bonjour {{ applicant.name }},\n\nVotre demande {{ demand.number }} est incomplète."


def kept(lead: Any, **given: str) -> MessageTemplate:
    return keep_template(
        principal=principal_of(lead), **{"title": "Relance", "body": BODY, **given}
    )


def test_a_lead_writes_changes_and_deletes_the_texts_of_her_organisation(
    lead: Any, agent: Any, sign_in: Any
) -> None:
    client, url = sign_in(lead), reverse("desk:templates")
    assert client.post(url, {"title": "Relance", "body": BODY}).status_code == 302
    text = MessageTemplate.objects.get()
    assert (text.organisation, text.written_by) == (lead.organisation, lead.user)
    page = sign_in(agent).get(url)
    assert "Relance" in page.text
    assert '<form method="post" novalidate>' not in page.text
    assert sign_in(agent).post(url, {"title": "Autre", "body": BODY}).status_code == 404
    one = reverse("desk:template", args=[text.pk])
    assert client.post(one, {"title": "Rappel", "body": "Bonjour"}).status_code == 302
    assert MessageTemplate.objects.get().title == "Rappel"
    stranger = make_member(make_organisation(), "lead")
    assert sign_in(stranger).get(one).status_code == 404
    assert "Rappel" not in sign_in(stranger).get(url).text
    assert client.post(one, {"do": "delete"}).status_code == 302
    assert not MessageTemplate.objects.exists()


def test_only_leads_of_the_organisation_write(lead: Any, agent: Any) -> None:
    text = kept(lead)
    for who in (agent, make_member(make_organisation(), "lead")):
        with pytest.raises(NotAllowed):
            keep_template(principal=principal_of(who), title="x", body="y", template=text)
        with pytest.raises(NotAllowed):
            drop_template(principal=principal_of(who), template=text)


@pytest.mark.parametrize(
    "body",
    [
        "Bonjour {{ applicant.secret }}",
        "Bonjour {{ household.size }}",
        "Bonjour {{ event.reason }}",
        "Bonjour {applicant.name}",
    ],
)
def test_a_placeholder_that_no_message_may_hold_is_refused_and_nothing_is_lost(
    body: str, lead: Any, sign_in: Any
) -> None:
    refused = sign_in(lead).post(reverse("desk:templates"), {"title": "Relance", "body": body})
    assert refused.status_code == 422
    assert "Bonjour" in refused.text
    with pytest.raises(ValidationError):
        kept(lead, body=body)


def test_two_texts_of_one_organisation_have_two_titles(lead: Any) -> None:
    kept(lead)
    with pytest.raises(ValidationError):
        kept(lead)
    kept(make_member(make_organisation(), "lead"))


def test_an_agent_starts_a_message_from_a_text_filled_with_what_she_may_read(
    lead: Any, agent: Any, reader: Any, sign_in: Any
) -> None:
    text, demand = kept(lead), make_demand(last_name="Benali", first_names="Nora")
    url = reverse("desk:begin_message", args=[demand.number, text.pk])
    client = sign_in(agent)
    assert url in client.get(reverse("desk:file", args=[demand.number])).text
    page = client.get(url)
    begun = next(act for act in page.context["acts"] if act.code == "message")
    assert "Nora Benali," in begun["body"].value()
    assert demand.number[-5:] in begun["body"].value()
    assert page.context["open_act"] == "message"
    assert not demand.messages.exists()
    other = kept(make_member(make_organisation(), "lead"), title="Ailleurs", body="Ailleurs aussi")
    foreign = reverse("desk:begin_message", args=[demand.number, other.pk])
    assert "Ailleurs aussi" not in client.get(foreign).text
    assert sign_in(reader).get(url).status_code == 404
