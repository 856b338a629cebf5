"""The applicant's space: her demand told to her, and closed to everybody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.models import Demand, EventKind, Merge
from register.services import acts, documents
from register.services.journal import record_event
from register.templatetags.shell import number_spaced
from tests.factories import (
    ONE_PAGE,
    make_commune,
    make_demand,
    make_stored_file,
    make_user,
    principal_of,
)
from tests.portal.space import page, read, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

PAGES = (
    *("demand", "summary", "documents", "messages", "access", "mandates"),
    *("attestation", "data", "file-to-read"),
)


def test_one_demand_is_shown_at_once(demand: Demand) -> None:
    text = read(signed_in(demand.account), "/mon-espace/")
    assert demand.number in text
    assert "Votre demande est active" in text
    assert "Rien pour le moment." in text


def test_without_a_demand_the_space_leads_to_the_form() -> None:
    text = read(signed_in(make_user()), "/mon-espace/")
    assert 'href="/demande/"' in text


def test_somebody_with_two_demands_chooses(demand: Demand) -> None:
    make_commune("71076", "Chalon", epci=None, department="71")
    other = make_demand(demand.account, department="71", communes=("71076",))
    text = read(signed_in(demand.account), "/mon-espace/")
    assert page(demand) in text
    assert page(other) in text


def test_nobody_signed_out_reads_anything(demand: Demand, client: Client) -> None:
    for name in PAGES:
        response = client.get(page(demand, name))
        assert response.status_code == 302
        assert "/compte/" in response["Location"]


def test_a_foreign_file_number_answers_like_a_missing_one(demand: Demand, landlord: Any) -> None:
    unknown = "0211126999999GDPUB"
    for someone in (make_user(), landlord.user, make_demand().account):
        client = signed_in(someone)
        for name in PAGES:
            foreign = client.get(page(demand, name))
            missing = client.get(reverse(f"space:{name}", args=[unknown]))
            malformed = client.get(reverse(f"space:{name}", args=["x"]))
            assert foreign.status_code == 404, name
            assert foreign.content == missing.content == malformed.content, name


def test_every_page_stays_out_of_shared_caches(demand: Demand) -> None:
    client = signed_in(demand.account)
    for name in PAGES:
        header = client.get(page(demand, name))["Cache-Control"]
        assert "no-store" in header, name
        assert "private" in header, name


def test_the_story_is_told_in_sentences(demand: Demand, landlord: Any) -> None:
    make_commune("21515", "Quetigny")
    acts.propose_candidate(
        principal=landlord, demand=demand, home_type="T3", commune="21515", residence="Le Parc"
    )
    demand.events.filter(kind=EventKind.CANDIDATE_PROPOSED).update(
        at=timezone.now().replace(2026, 3, 4, 12)
    )
    text = read(signed_in(demand.account), page(demand))
    expected = (
        "Le 4\u00a0mars\u00a02026, Grand Dijon Habitat a proposé votre candidature "
        "pour un T3 à Quetigny."
    )
    assert expected in text
    assert "Le Parc" in text
    assert "La commission d’attribution du bailleur" in text


def test_a_refusal_gives_its_reason_and_the_recourse(demand: Demand, landlord: Any) -> None:
    acts.propose_candidate(principal=landlord, demand=demand, home_type="T3", commune="21231")
    acts.refuse_candidate(principal=landlord, demand=demand, reason="size_unsuited")
    text = read(signed_in(demand.account), page(demand))
    assert "Pourquoi" in text
    assert "tribunal administratif de Dijon" in text
    assert "Votre demande reste active" in text


def test_what_was_to_come_is_told_no_more_once_it_has_come(demand: Demand, landlord: Any) -> None:
    client = signed_in(demand.account)
    acts.propose_candidate(principal=landlord, demand=demand, home_type="T3", commune="21231")
    assert "La loi ne fixe pas de date à la commission" in read(client, page(demand))
    acts.refuse_candidate(principal=landlord, demand=demand, reason="size_unsuited")
    assert "La loi ne fixe pas de date à la commission" not in read(client, page(demand))


def test_a_recourse_whose_time_has_passed_is_not_offered(demand: Demand, landlord: Any) -> None:
    acts.propose_candidate(principal=landlord, demand=demand, home_type="T3", commune="21231")
    acts.refuse_candidate(principal=landlord, demand=demand, reason="size_unsuited")
    long_ago = timezone.now() - timedelta(days=80)
    demand.events.filter(kind=EventKind.CANDIDATE_REFUSED).update(at=long_ago)
    text = read(signed_in(demand.account), page(demand))
    assert "tribunal administratif" not in text
    assert "Vous pouvez encore demander à Grand Dijon Habitat" in text


# Kept between agents: services record them as not shown to the applicant.
BETWEEN_AGENTS = {
    EventKind.NOTE,
    EventKind.TASK_OPENED,
    EventKind.TASK_TAKEN,
    EventKind.TASK_DONE,
    EventKind.TAG_ADDED,
    EventKind.NOTICE_FAILED,
    EventKind.NOTHING_TO_ANSWER,
}


@pytest.mark.parametrize("kind", [k for k in EventKind if k not in BETWEEN_AGENTS])
def test_no_step_is_left_without_a_sentence(kind: EventKind, demand: Demand) -> None:
    from portal.space.timeline import TELLERS

    record_event(principal=principal_of(demand.account), demand=demand, kind=kind)
    if kind == EventKind.ERASED:
        assert kind not in TELLERS, "an erased demand has no space any more"
    else:
        assert read(signed_in(demand.account), page(demand)).count("timeline-item ") == 2


def test_places_take_their_article(settings: Any) -> None:
    from django.utils import translation

    from portal.space.words import in_commune

    with translation.override("fr"):
        assert in_commune("Quetigny") == "à Quetigny"
        assert in_commune("Le Creusot") == "au Creusot"
        assert in_commune("Les Maillys") == "aux Maillys"
    with translation.override("en"):
        assert in_commune("Le Creusot") == "in Le Creusot"


def test_internal_notes_are_nowhere(demand: Demand, landlord: Any) -> None:
    acts.add_note(principal=landlord, demand=demand, text="canari-de-note")
    client = signed_in(demand.account)
    for name in PAGES:
        content = client.get(page(demand, name)).content
        assert b"canari-de-note" not in content, name


def test_what_was_asked_comes_first_until_it_is_sent(demand: Demand, landlord: Any) -> None:
    acts.request_piece(
        principal=landlord, demand=demand, piece="income", text="Les trois derniers mois"
    )
    client = signed_in(demand.account)
    text = read(client, page(demand))
    assert "Rien pour le moment." not in text
    assert "Les trois derniers mois" in text
    assert f"{page(demand, 'documents')}?piece=income" in text
    _send_picture(client, demand, "income")
    assert "Rien pour le moment." in read(client, page(demand))


def test_a_refused_document_is_asked_again_with_its_reason(demand: Demand, landlord: Any) -> None:
    document = demand.documents.get()
    documents.refuse_document(
        principal=landlord, demand=demand, document=document, reason="La photo est floue"
    )
    text = read(signed_in(demand.account), page(demand))
    assert "La photo est floue" in text
    assert "Envoyez un autre document" in text


def _picture() -> bytes:
    import io

    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(stream, "PNG")
    return stream.getvalue()


def _send_picture(client: Client, demand: Demand, kind: str) -> Any:
    upload = SimpleUploadedFile("paie.png", _picture(), "image/png")
    response = client.post(page(demand, "documents"), {"kind": kind, "upload": upload})
    assert response.status_code == 302, response.content.decode()
    return response


def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field(demand: Demand) -> None:
    client = signed_in(demand.account)
    upload = SimpleUploadedFile("paie.pdf", b"MZ not a pdf", "application/pdf")
    response = client.post(page(demand, "documents"), {"kind": "income", "upload": upload})
    text = response.content.decode()
    assert response.status_code == 200
    assert "<title>Erreur" in text.replace("\n", "")
    assert 'href="#id_upload"' in text
    assert 'value="income"' in text
    assert demand.documents.count() == 1


def test_one_reads_one_s_own_file_as_a_download_that_runs_nothing(demand: Demand) -> None:
    document = demand.documents.get()
    path = reverse("space:file", args=[demand.number, document.stored_file_id])
    response = signed_in(demand.account).get(path)
    assert b"".join(response.streaming_content) == ONE_PAGE
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Cache-Control"] == "no-store, private"


def test_a_file_of_somebody_else_does_not_exist(demand: Demand) -> None:
    other = make_demand()
    client = signed_in(other.account)
    foreign = demand.documents.get().stored_file_id
    loose = make_stored_file(other.account).pk
    missing = client.get(reverse("space:file", args=[other.number, loose]))
    for number in (demand.number, other.number):
        response = client.get(reverse("space:file", args=[number, foreign]))
        assert response.status_code == 404
        assert response.content == missing.content


def test_the_certificate_is_a_pdf_for_its_applicant_only(demand: Demand) -> None:
    client = signed_in(demand.account)
    for path in (page(demand, "attestation"), "/mon-espace/attestation/"):
        response = client.get(path)
        assert response.content.startswith(b"%PDF-")
        assert f"attestation-{demand.number}.pdf" in response["Content-Disposition"]
    assert signed_in(make_user()).get(page(demand, "attestation")).status_code == 404


def test_a_merged_demand_takes_no_message_and_says_where_to_write(demand: Demand) -> None:
    make_commune("71076", "Chalon", epci=None, department="71")
    kept = make_demand(demand.account, department="71", communes=("71076",))
    Demand.objects.filter(pk=demand.pk).update(
        state="merged", struck_off_on=timezone.localdate(), account=demand.account
    )
    Merge.objects.create(
        kept=kept,
        other=demand,
        made_at=timezone.now(),
        made_by=make_user(),
        made_for=demand.registered_by,
        until=timezone.localdate() + timedelta(days=500),
        reason="Elle-même.",
    )
    client = signed_in(demand.account)
    shown = read(client, page(demand, "messages"))
    assert page(kept) in shown
    assert "<textarea" not in shown
    refused = client.post(page(demand, "messages"), {"body": "Ma fille est née."}).text
    assert number_spaced(kept.number) in refused
    assert "Ma fille est née." in refused
    assert not demand.messages.exists()


def test_messages_are_answered_and_marked_as_read(demand: Demand, landlord: Any) -> None:
    acts.send_message(principal=landlord, demand=demand, body="Êtes-vous disponible jeudi ?")
    client = signed_in(demand.account)
    assert "Lisez un message" in read(client, page(demand))
    text = read(client, page(demand, "messages"))
    assert "Grand Dijon Habitat" in text
    assert str(landlord.user.email) not in text
    assert "Rien pour le moment." in read(client, page(demand))
    response = client.post(page(demand, "messages"), {"body": "Oui, à 10 h."})
    assert response.status_code == 302
    assert "Oui, à 10 h." in read(client, page(demand, "messages"))


def test_an_empty_message_is_not_sent(demand: Demand) -> None:
    response = signed_in(demand.account).post(page(demand, "messages"), {"body": "  "})
    assert response.status_code == 200
    assert 'href="#id_body"' in response.content.decode()
    assert not demand.messages.exists()


def test_a_message_too_long_keeps_what_was_typed(demand: Demand) -> None:
    body = "a" * 2001
    response = signed_in(demand.account).post(page(demand, "messages"), {"body": body})
    assert response.status_code == 200
    assert body in response.content.decode()
