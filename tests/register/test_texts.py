"""Texts on a real file: what leaves, what an agent may preview, what an e-mail never tells."""

import io
import json

import pikepdf
import pytest
from django.core import mail
from django.urls import reverse
from django.utils.translation import override

from exchange.effects.letter import print_letter
from exchange.effects.message import send_message_notice
from exchange.mailing import Undeliverable
from register.access import FieldSet
from register.letters import texts
from register.models import (
    AccessLog,
    Agreement,
    EffectKind,
    EventKind,
    OrganisationKind,
    Outbox,
    Role,
)
from register.selectors.letters import preview, texts_of
from register.services.acts import request_piece, send_message
from rules import drafts, registry
from rules.life import Actor
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    principal_of,
)
from tests.portal.demand import signed_in

from .pdf_text import squeeze, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def demand():
    return make_demand(last_name="Durand", first_names="Zoé")


@pytest.fixture
def agent():
    return principal_of(make_member(make_organisation(name="Bailleur Exemple")))


def effect_of(demand, **payload):
    return Outbox(
        key="k",
        kind=EffectKind.LETTER,
        demand=demand,
        payload=payload,
        created_at=demand.received_at,
    )


def test_each_step_is_told_in_the_words_of_the_partners_and_says_nothing_of_the_file(demand, agent):
    request_piece(principal=agent, demand=demand, piece="tax_notice", text="Celui de 2024")
    send_message(principal=agent, demand=demand, body="Le secret de Zoé")
    for effect in Outbox.objects.order_by("pk"):
        send_message_notice(effect)
    asked, told = mail.outbox
    assert asked.subject == "Un document est attendu pour votre demande de logement"
    assert told.subject == "Un message vous attend"
    for sent in (asked, told):
        html, kind = sent.alternatives[0]
        assert kind == "text/html"
        for text in (sent.subject, sent.body, html):
            assert not any(
                word in text for word in ("Zoé", "Durand", "secret", "2024", "imposition")
            )
        assert "Bailleur Exemple" in sent.body
        assert "/mon-espace/" in sent.body


def test_no_text_for_an_email_may_hold_what_tells_of_the_household():
    vocabulary = registry.vocabulary()
    open_ones = {c for c, p in vocabulary.lists.placeholders.items() if not p.field_set}
    for module in registry.in_force("letters"):
        for letter in module.body.letters:
            if "email" in letter.channels:
                assert letter.placeholders <= open_ones


def test_without_a_text_the_register_uses_its_own_words(demand, monkeypatch):
    monkeypatch.setattr(texts, "letters_in_force", lambda department: iter(()))
    event = demand.events.get()
    send_message_notice(effect_of(demand, event=event.pk))
    assert mail.outbox[0].subject == "Du nouveau dans votre demande de logement"
    assert texts_of(demand) == []


def test_a_letter_is_an_accessible_pdf_with_the_name_only_on_paper(demand, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    print_letter(effect_of(demand, letter="renewal_notice"))
    (path,) = tmp_path.glob("letters/*.pdf")
    content = path.read_bytes()
    with pikepdf.open(io.BytesIO(content)) as document:
        assert document.Root.Lang == "fr-FR"
        assert document.Root.MarkInfo.Marked
    text = text_of(content)
    assert squeeze("Zoé Durand") in text
    assert squeeze("Renouvelez votre demande de logement social") in text
    assert squeeze(demand.number) in text


@pytest.mark.parametrize("code", ["nothing_like_it", "message_sent", "piece_reminder"])
def test_what_is_no_letter_in_force_or_cannot_be_posted_is_given_up(demand, code):
    with pytest.raises(Undeliverable):
        print_letter(effect_of(demand, letter=code))


def test_an_agent_previews_what_he_may_read_and_the_reading_is_journalled(demand, agent):
    client = signed_in(agent.user)
    page = client.get(reverse("desk:letters", args=[demand.number]), {"texte": "renewal_notice"})
    content = page.content.decode()
    assert "Renouvelez votre demande de logement social" in content
    assert AccessLog.objects.filter(demand=demand, user=agent.user).count() == 1
    printed = client.get(reverse("desk:letter", args=[demand.number, "renewal_notice"]))
    assert printed.content.startswith(b"%PDF-")
    assert AccessLog.objects.filter(demand=demand, user=agent.user).count() == 2


def test_a_text_being_written_is_seen_on_a_file_by_whoever_may_read_its_version(demand, agent):
    manager = make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER)
    draft = drafts.open_draft("letters-21", Actor("Editor"))
    body = json.loads(json.dumps(draft.body).replace("Renouvelez votre", "Confirmez votre"))
    draft = drafts.save_draft(draft, body=body, tests=[], author=Actor("Editor"))
    asked = {"texte": "renewal_notice", "version": draft.pk}
    address = reverse("desk:letters", args=[demand.number])
    page = signed_in(manager.user).get(address, asked).content.decode()
    assert "Confirmez votre demande de logement social" in page
    assert "Pas encore en vigueur" in page
    assert "/courriers/renewal_notice/" not in page
    listed = signed_in(manager.user).get(address).content.decode()
    assert "Renouvelez votre demande de logement social" in listed
    assert listed.count(f"version={draft.pk}") == 1
    hidden = signed_in(agent.user).get(address, asked).content.decode()
    assert "Confirmez votre" not in hidden
    assert "Pas encore en vigueur" not in hidden


def test_a_value_that_the_reader_may_not_read_is_masked_and_never_printed(demand, monkeypatch):
    commune = make_commune("21231", "Dijon")
    counter = make_organisation("ville", OrganisationKind.COMMUNE, commune=commune)
    someone = principal_of(make_member(counter))
    shown = preview(someone, demand, "abnormal_delay")
    assert "Durand" in shown.filled.text
    assert shown.can_print
    from register import access

    nothing = access.FieldRights({}, {})
    monkeypatch.setattr(access, "fields", lambda principal, demand: nothing)
    masked = preview(someone, demand, "abnormal_delay")
    assert masked.withheld
    assert "Durand" not in masked.filled.text
    assert "masqué" in masked.filled.text
    assert not masked.can_print
    client = signed_in(someone.user)
    address = reverse("desk:letter", args=[demand.number, "abnormal_delay"])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("hidden", ["identity", "contact"])
def test_no_letter_is_printed_for_whoever_may_not_read_what_its_envelope_shows(demand, hidden):
    body = make_organisation()
    kept = [name.value for name in FieldSet if name != hidden]
    Agreement.objects.filter(organisation=body).update(data_classes=kept)
    reader = principal_of(make_member(body, Role.READER))
    assert not preview(reader, demand, "renewal_notice").can_print
    address = reverse("desk:letter", args=[demand.number, "renewal_notice"])
    assert signed_in(reader.user).get(address).status_code == 404
    page = reverse("desk:letters", args=[demand.number])
    content = signed_in(reader.user).get(page, {"texte": "renewal_notice"}).content.decode()
    assert address not in content
    assert "l’enveloppe" in content


def test_a_text_about_a_step_takes_the_latest_and_says_when_there_is_none(demand, agent):
    before = preview(agent, demand, "piece_reminder")
    assert before.lacking
    request_piece(principal=agent, demand=demand, piece="tax_notice")
    request_piece(principal=agent, demand=demand, piece="income")
    with override("fr"):
        after = preview(agent, demand, "piece_reminder")
    event = demand.events.filter(kind=EventKind.PIECE_REQUESTED).last()
    assert not after.lacking
    assert event.reason == "income"
    assert "bulletin" in after.filled.text.lower() or "ressources" in after.filled.text.lower()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_text_is_written_whole_in_both_languages(demand, agent, language):
    asked = request_piece(principal=agent, demand=demand, piece="tax_notice")
    for letter in texts_of(demand):
        if any(name.startswith("merge.") for name in letter.placeholders):
            continue  # tried with the merges
        is_told = letter.about == EventKind.PIECE_REQUESTED or "step.day" in letter.placeholders
        event = asked if is_told else None
        filled = texts.written(letter, demand, event=event, language=language)
        assert filled.subject
        assert "{" not in filled.text
        assert "None" not in filled.text
