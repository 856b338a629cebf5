"""The applicant's space: her demand told to her, and closed to everybody else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.models import AccessLog, Agreement, Demand, EventKind, Label, OrganisationKind, Role
from register.services import acts, documents
from register.services.journal import record_access, record_event
from register.services.mandates import give_mandate
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_stored_file,
    make_user,
    principal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

PAGES = ("demand", "summary", "documents", "messages", "access", "mandates", "attestation", "data")


@pytest.fixture
def demand() -> Demand:
    return make_demand(last_name="Benali", first_names="Nora")


@pytest.fixture
def landlord() -> Any:
    organisation = make_organisation("gdh", name="Grand Dijon Habitat")
    return principal_of(make_member(organisation))


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(demand: Demand, name: str = "demand") -> str:
    return reverse(f"space:{name}", args=[demand.number])


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


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


@pytest.mark.parametrize("kind", [k for k in EventKind if k != EventKind.NOTE])
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
    assert b"".join(response.streaming_content) == b"%PDF-1.7 test"
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


def test_who_can_see_lists_landlords_with_stock_and_no_statistics_only_body(
    demand: Demand, landlord: Any
) -> None:
    make_organisation("sans-parc", name="Bailleur sans logement", homes=0)
    make_organisation(
        "asso", OrganisationKind.ASSOCIATION, name="Association hors guichet", is_counter=False
    )
    make_organisation("fini", name="Bailleur sans convention", with_agreement=False)
    make_organisation("ailleurs", name="Bailleur du 71", department="71")
    text = read(signed_in(demand.account), page(demand, "access"))
    assert "Grand Dijon Habitat" in text
    assert "CCH, art. R441-2-6 a" in text
    for absent in ("Bailleur sans", "Association hors guichet", "Bailleur du 71"):
        assert absent not in text


def test_a_right_that_ends_leaves_the_list(demand: Demand, landlord: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Agreement.objects.filter(organisation=landlord.organisation).update(ends_on=yesterday)
    text = read(signed_in(demand.account), page(demand, "access"))
    assert "Grand Dijon Habitat" not in text


def test_the_list_says_what_would_happen_at_the_door(demand: Demand, landlord: Any) -> None:
    from register import access
    from register.selectors.visibility import who_can_see

    make_commune("71076", "Chalon", epci=None, department="71")
    make_organisation("ville", OrganisationKind.COMMUNE, commune=make_commune())
    make_organisation(
        "autre", OrganisationKind.COMMUNE, commune=make_commune("71076", department="71")
    )
    listed = {reader.organisation for reader in who_can_see(demand)}
    for organisation in {a.organisation for a in Agreement.objects.all()}:
        is_manager = organisation.kind == OrganisationKind.MANAGER
        member = make_member(organisation, Role.MANAGER if is_manager else Role.READER)
        opened = access.scope(principal_of(member), "view").filter(pk=demand.pk).exists()
        assert opened == (organisation in listed), organisation


def test_the_journal_names_the_organisation_never_its_agent(demand: Demand, landlord: Any) -> None:
    landlord.user.first_name, landlord.user.last_name = "Agathe", "Delacour"
    landlord.user.save()
    record_access(principal=landlord, demand=demand, purpose="document")
    text = read(signed_in(demand.account), page(demand, "access"))
    assert "Document ouvert" in text
    assert text.count("Grand Dijon Habitat") == 2
    assert "Delacour" not in text
    assert landlord.user.email not in text


def test_my_data_is_complete_and_mine_alone(demand: Demand, landlord: Any) -> None:
    acts.request_piece(principal=landlord, demand=demand, piece="income")
    response = signed_in(demand.account).get(page(demand, "data"))
    assert response["Content-Disposition"].startswith("attachment")
    data = json.loads(response.content)
    assert data["demand"]["number"] == demand.number
    assert data["persons"][0]["birth_name"] == "Benali"
    assert data["wishes"]["communes"][0]["insee"] == "21231"
    assert [step["reason"] for step in data["history"]] == ["", "income"]
    assert landlord.user.email not in response.content.decode()


@pytest.fixture
def helper(demand: Demand) -> Any:
    user = make_user("assistante@example.org")
    give_mandate(
        principal=principal_of(demand.account),
        demand=demand,
        helper_email=user.email,
        ends_on=timezone.localdate() + timedelta(days=30),
    )
    return user


def test_a_helper_reads_the_demand_without_the_resources(demand: Demand, helper: Any) -> None:
    client = signed_in(helper)
    assert "Nora Benali" in read(client, "/mon-espace/")
    assert "Vous aidez quelqu’un" in read(client, page(demand))
    text = read(client, page(demand, "summary"))
    assert "Dijon" in text
    assert "18" + "\u202f" + "400" not in text
    assert "Vous ne voyez pas cette partie." in text
    for name in ("attestation", "data", "mandates"):
        assert client.get(page(demand, name)).status_code == 404, name


def test_a_helper_changes_nothing(demand: Demand, helper: Any) -> None:
    client = signed_in(helper)
    assert client.post(page(demand, "messages"), {"body": "x"}).status_code == 404
    assert client.post(page(demand, "documents"), {"kind": "income"}).status_code == 404
    assert "Écrire un message" not in read(client, page(demand, "messages"))
    assert demand.messages.count() == 0


def test_the_applicant_sees_that_her_helper_opened_the_file(demand: Demand, helper: Any) -> None:
    read(signed_in(helper), page(demand))
    assert AccessLog.objects.filter(demand=demand, user=helper).count() == 1
    text = read(signed_in(demand.account), page(demand, "access"))
    assert "Une personne que vous avez choisie" in text


def test_a_mandate_given_and_ended_takes_effect_at_the_next_request(demand: Demand) -> None:
    user = make_user("voisine@example.org")
    theirs, mine = signed_in(user), signed_in(demand.account)
    assert theirs.get(page(demand)).status_code == 404
    given = mine.post(
        page(demand, "mandates"), {"helper_email": "Voisine@example.org", "months": "12"}
    )
    assert given.status_code == 302
    assert theirs.get(page(demand)).status_code == 200
    mandate = demand.mandates.get()
    mine.post(reverse("space:end-mandate", args=[demand.number, mandate.pk]))
    assert theirs.get(page(demand)).status_code == 404


def test_nobody_ends_the_mandate_of_another_demand(demand: Demand, helper: Any) -> None:
    mandate = demand.mandates.get()
    other = make_demand()
    for number in (demand.number, other.number):
        path = reverse("space:end-mandate", args=[number, mandate.pk])
        assert signed_in(other.account).post(path).status_code == 404
    mandate.refresh_from_db()
    assert mandate.revoked_at is None


def test_choosing_a_helper_never_tells_who_has_an_account(demand: Demand) -> None:
    make_user("voisine@example.org")
    answers = [
        signed_in(demand.account).post(
            page(demand, "mandates"), {"helper_email": email, "months": "3"}, follow=True
        )
        for email in ("absent@example.org", "voisine@example.org")
    ]
    said = [[str(message) for message in answer.context["messages"]] for answer in answers]
    assert said[0] == said[1]
    assert "Si cette adresse a un compte" in said[0][0]
    assert [mandate.helper.email for mandate in demand.mandates.all()] == ["voisine@example.org"]


def test_nobody_is_her_own_helper(demand: Demand) -> None:
    response = signed_in(demand.account).post(
        page(demand, "mandates"), {"helper_email": demand.account.email, "months": "3"}
    )
    assert response.status_code == 200
    assert 'href="#id_helper_email"' in response.content.decode()


def test_somebody_without_a_demand_is_led_to_the_form_and_back_to_her_draft() -> None:
    user = make_user("nouvelle@example.org")
    client = signed_in(user)
    empty = read(client, "/mon-espace/")
    assert "Vous n’avez pas encore de demande" in empty
    assert 'href="/demande/mes-etapes/"' in empty
    client.post("/demande/foyer/", {"intent": "later", "has_co_applicant": "non"})
    begun = read(client, "/mon-espace/")
    assert "Votre demande n’est pas encore envoyée" in begun
    assert 'href="/demande/mes-etapes/"' in begun


def test_renewal_opens_one_notice_before_the_end_and_keeps_the_seniority(demand: Demand) -> None:
    client = signed_in(demand.account)
    assert "Rien à faire pour l’instant" in read(client, page(demand, "renewal"))
    client.post(page(demand, "renewal"))
    demand.refresh_from_db()
    assert demand.last_renewed_on is None
    received = demand.received_on
    demand.expires_on = timezone.localdate() + timedelta(days=20)
    demand.save()
    assert page(demand, "renewal") in read(client, page(demand))
    assert client.post(page(demand, "renewal")).status_code == 302
    demand.refresh_from_db()
    assert demand.last_renewed_on == timezone.localdate()
    assert demand.expires_on > timezone.localdate() + timedelta(days=360)
    assert demand.received_on == received
    assert "Rien pour le moment." in read(client, page(demand))


def test_a_recognised_priority_is_told(demand: Demand, landlord: Any) -> None:
    Label.objects.create(
        demand=demand,
        code="dalo",
        granted_by=landlord.organisation,
        valid_from=timezone.localdate(),
    )
    record_event(principal=landlord, demand=demand, kind=EventKind.LABEL_GRANTED, reason="dalo")
    assert "a reconnu votre demande prioritaire" in read(signed_in(demand.account), page(demand))


def test_what_people_write_prints_literally(demand: Demand, landlord: Any) -> None:
    acts.send_message(principal=landlord, demand=demand, body="<script>alert(1)</script>")
    text = read(signed_in(demand.account), page(demand, "messages"))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_the_pages_of_the_space_ask_few_questions_to_the_database(
    demand: Demand, landlord: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        acts.send_message(principal=landlord, demand=demand, body="Bonjour")
    client = signed_in(demand.account)
    client.get(page(demand))
    for name in ("demand", "summary", "documents", "messages"):
        with django_assert_max_num_queries(45):
            client.get(page(demand, name))
