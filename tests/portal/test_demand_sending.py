"""Sending once, twice, too early, on a bad day: one number, and nothing lost."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from portal.models import Draft
from register.models import Demand, DemandState, DuplicatePair, PairStatus, StoredFile
from register.templatetags.shell import number_spaced as spaced
from tests.factories import make_demand, make_user
from tests.portal.demand import (
    DIJON,
    IDENTITY,
    QUETIGNY,
    answers_of,
    draft_of,
    fill_minimum,
    page_state,
    photo,
    post,
    signed_in,
)


def send(client: Client, token: object) -> Any:
    return client.post("/demande/envoi/", {"token": str(token)})


def test_the_legal_minimum_is_enough_to_get_a_number(applicant: Client) -> None:
    fill_minimum(applicant)
    summary = applicant.get("/demande/verification/").content.decode()
    assert "Il ne manque rien d’obligatoire" in summary
    response = send(applicant, draft_of(applicant).submission_token)
    demand = Demand.objects.get()
    assert response.headers["Location"] == f"/demande/deposee/{demand.number}/"
    page = applicant.get(response.headers["Location"]).content.decode()
    assert f'data-copy="{demand.number}"' in page
    assert "/mon-espace/attestation/" in page
    assert demand.widening is True
    assert demand.department_id == "21"


def test_a_double_click_a_second_tab_and_a_late_retry_give_the_same_number(
    applicant: Client,
) -> None:
    fill_minimum(applicant)
    token = draft_of(applicant).submission_token
    places = {send(applicant, token).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert Demand.objects.count() == 1


def test_back_after_sending_shows_the_demand_not_an_empty_summary(applicant: Client) -> None:
    fill_minimum(applicant)
    send(applicant, draft_of(applicant).submission_token)
    page = applicant.get("/demande/verification/", follow=True).content.decode()
    assert "Vous avez déjà une demande" in page
    assert "Il manque" not in page


def test_once_sent_the_draft_keeps_only_its_number(applicant: Client) -> None:
    fill_minimum(applicant)
    token = draft_of(applicant).submission_token
    send(applicant, token)
    draft = Draft.objects.get()
    assert draft.submitted_number == Demand.objects.get().number
    assert draft.answers == {}


def test_an_old_page_of_a_sent_demand_shows_what_was_written_and_where_to_change_it(
    applicant: Client,
) -> None:
    fill_minimum(applicant)
    state = page_state(applicant, "/demande/identite/")
    send(applicant, draft_of(applicant).submission_token)
    late = {**IDENTITY, "birth_name": "Nom-De-Trop", "page_state": state}
    response = post(applicant, "identite", late)
    number = Demand.objects.get().number
    page = response.content.decode()
    assert response.status_code == 409
    assert spaced(number) in page
    assert "Nom-De-Trop" in page
    assert f"/mon-espace/{number}/declaration/" in page
    assert not Draft.objects.filter(submitted_number="").exists()
    # While one types, the script is told that it must stop, and why.
    typing = post(applicant, "identite", late, headers={"X-Autosave": "1"})
    assert typing.status_code == 410


@pytest.mark.parametrize(
    "page", ["logement-souhaite/communes", "piece-identite", "foyer/personnes-a-charge"]
)
def test_an_old_list_of_a_sent_demand_changes_nothing_and_says_so(
    applicant: Client, page: str
) -> None:
    fill_minimum(applicant)
    state = page_state(applicant, "/demande/identite/")
    send(applicant, draft_of(applicant).submission_token)
    late = {"intent": f"add:{QUETIGNY}", "documents": photo(), "page_state": state}
    assert post(applicant, page, late).status_code == 409
    assert not Draft.objects.filter(submitted_number="").exists()
    assert StoredFile.objects.count() == 1


def test_two_versions_of_a_page_are_chosen_between_before_anything_is_sent(
    applicant: Client,
) -> None:
    fill_minimum(applicant)
    here = page_state(applicant, "/demande/logement-actuel/")
    post(applicant, "logement-actuel", {"kind": "HLM"})
    post(applicant, "logement-actuel", {"kind": "RE", "page_state": here})
    place = "/demande/conflit/logement-actuel/"
    token = draft_of(applicant).submission_token
    assert send(applicant, token).headers["Location"] == "/demande/verification/"
    assert not Demand.objects.exists()
    summary = applicant.get("/demande/verification/").content.decode()
    assert place in summary
    assert "/demande/envoi/" not in summary
    applicant.post(place, {"keep": "mine"})
    send(applicant, token)
    assert Demand.objects.get().current_housing.kind == "RE"


def test_only_the_identity_document_is_missing_when_only_it_is(applicant: Client) -> None:
    fill_minimum(applicant)
    document = answers_of(applicant).files[0]["id"]
    post(applicant, "piece-identite", {"intent": f"remove:{document}"})
    summary = applicant.get("/demande/verification/").content.decode()
    assert "Il manque 1 réponse pour envoyer" in summary
    assert "/demande/piece-identite/?retour=verification" in summary
    response = send(applicant, draft_of(applicant).submission_token)
    assert response.headers["Location"] == "/demande/verification/"
    assert not Demand.objects.exists()


def test_widening_must_be_answered_by_yes_or_no(applicant: Client) -> None:
    fill_minimum(applicant)
    post(applicant, "logement-souhaite/elargir", {"widening": ""})
    assert "Il manque 1 réponse" in applicant.get("/demande/verification/").content.decode()
    send(applicant, draft_of(applicant).submission_token)
    assert not Demand.objects.exists()


def test_an_optional_answer_that_cannot_be_read_never_blocks(applicant: Client) -> None:
    fill_minimum(applicant)
    post(applicant, "ressources", {"tax_income_n2": "beaucoup"})
    summary = applicant.get("/demande/verification/").content.decode()
    assert "Ces réponses n’ont pas été comprises" in summary
    send(applicant, draft_of(applicant).submission_token)
    assert Demand.objects.get().persons.get().tax_income_n2 is None


def test_somebody_announced_and_never_described_is_asked_for_before_anything_is_sent(
    applicant: Client,
) -> None:
    fill_minimum(applicant)
    post(applicant, "foyer", {"has_co_applicant": "oui", "has_flat_sharers": "oui"})
    summary = applicant.get("/demande/verification/").content.decode()
    assert "Il ne manque rien d’obligatoire" not in summary
    assert "/demande/envoi/" not in summary
    assert "/demande/foyer/conjoint/?retour=verification" in summary
    assert "/demande/foyer/colocataires/?retour=verification" in summary
    refused = send(applicant, draft_of(applicant).submission_token)
    assert refused.headers["Location"] == "/demande/verification/"
    assert not Demand.objects.exists()
    assert answers_of(applicant).has_co_applicant
    # Taken off, she is asked for no more.
    post(applicant, "foyer", {"has_co_applicant": "non", "has_flat_sharers": "non"})
    send(applicant, draft_of(applicant).submission_token)
    assert Demand.objects.get().persons.count() == 1


def test_a_dependant_without_a_birth_date_is_named_and_nothing_is_lost_of_her(
    applicant: Client,
) -> None:
    fill_minimum(applicant)
    leo = {"birth_name": "Dupont", "first_names": "Léo", "link": "E"}
    post(applicant, "foyer/personnes-a-charge/0a1b2c3d", leo)
    summary = applicant.get("/demande/verification/").content.decode()
    assert "Date de naissance – Léo Dupont" in summary
    assert 'href="/demande/foyer/personnes-a-charge/?retour=verification">Retirer' in summary
    assert "/demande/envoi/" not in summary
    send(applicant, draft_of(applicant).submission_token)
    assert not Demand.objects.exists()
    assert answers_of(applicant).names("foyer-personnes-a-charge", "0a1b2c3d") == "Léo Dupont"
    post(applicant, "foyer/personnes-a-charge", {"intent": "remove:0a1b2c3d"})
    send(applicant, draft_of(applicant).submission_token)
    assert Demand.objects.get().persons.count() == 1


def test_what_is_wrong_about_somebody_who_is_declared_says_whose_and_blocks_nothing(
    applicant: Client,
) -> None:
    fill_minimum(applicant)
    tom = {"birth_name": "Dupont", "first_names": "Tom", "income_kind": "SAL"}
    born = {"birth_date_0": "5", "birth_date_1": "12", "birth_date_2": "2008"}
    post(applicant, "foyer/personnes-a-charge/0a1b2c3d", {**tom, **born, "income_amount": "peu"})
    summary = applicant.get("/demande/verification/").content.decode()
    assert " – Tom Dupont</a>" in summary
    send(applicant, draft_of(applicant).submission_token)
    assert Demand.objects.get().persons.count() == 2


def test_a_whole_household_reaches_the_register_as_it_was_written(applicant: Client) -> None:
    fill_minimum(applicant)
    born = {"birth_date_0": "05", "birth_date_1": "12", "birth_date_2": "1988"}
    partner = {"link": "C", "title": "1", "birth_name": "Nguyễn", "first_names": "Minh"}
    post(applicant, "foyer", {"has_co_applicant": "oui"})
    post(applicant, "foyer/conjoint", {**partner, **born, "nationality": "3"})
    child = {"birth_name": "Nguyễn", "first_names": "Léa", **born, "birth_date_2": "2016"}
    post(applicant, "foyer/personnes-a-charge/0a1b2c3d", {**child, "link": "E"})
    post(applicant, "foyer/enfants-en-visite/0a1b2c3e", {**child, "first_names": "Tom"})
    post(applicant, "foyer/naissance", {"unborn_count": "1"})
    post(applicant, "foyer/handicap", {"disabled": ["0a1b2c3d"]})
    post(applicant, "coordonnees", {"phone": "０６ 12 34 56 78", "accepts_email": "on"})
    post(applicant, "ressources", {"tax_income_n2": "23\u202f403,50 €", "co_tax_income_n2": "0"})
    post(applicant, "ressources/revenus", {"kinds": ["SAL", "AF"]})
    post(applicant, "ressources/montants", {"amount_SAL": "1 234,50", "amount_AF": ""})
    post(applicant, "motifs", {"reasons": ["13", "09"], "remarks": "Merci."})
    send(applicant, draft_of(applicant).submission_token)
    demand = Demand.objects.get()
    people = {person.role: person for person in demand.persons.all()}
    assert people["co_applicant"].birth_name == "Nguyễn"
    assert people["dependant"].has_disability is True
    assert people["visiting_child"].first_names == "Tom"
    assert people["applicant"].tax_income_n2 == Decimal("23403.50")
    assert people["applicant"].birth_date == date(1985, 3, 31)
    incomes = people["applicant"].incomes.values_list("kind", "amount")
    assert list(incomes) == [("SAL", Decimal("1234.50"))]
    assert demand.contact.phone == "+33612345678"
    assert demand.unborn_count == 1
    assert set(demand.reasons.values_list("code", flat=True)) == {"09", "13"}


def test_the_co_applicant_is_left_out_when_one_applies_alone_after_all(applicant: Client) -> None:
    fill_minimum(applicant)
    post(applicant, "foyer", {"has_co_applicant": "oui"})
    born = {"birth_date_0": "5", "birth_date_1": "12", "birth_date_2": "1988"}
    partner = {"link": "C", "title": "1", "birth_name": "Martin", "first_names": "Jo"}
    post(applicant, "foyer/conjoint", {**partner, **born, "nationality": "1"})
    post(applicant, "foyer", {"has_co_applicant": "non"})
    assert applicant.get("/demande/foyer/conjoint/").status_code == 302
    send(applicant, draft_of(applicant).submission_token)
    assert Demand.objects.get().persons.count() == 1


def test_a_person_with_a_live_demand_is_told_and_led_to_the_space(register: None) -> None:
    user = make_user()
    demand = make_demand(user, communes=(DIJON,))
    client = signed_in(user)
    page = client.get("/demande/mes-etapes/").content.decode()
    assert "Vous avez déjà une demande" in page
    assert "/mon-espace/" in page
    fill_minimum(client)
    summary = client.get("/demande/verification/").content.decode()
    assert "Une seule demande compte par département" in summary
    assert 'action="/demande/envoi/"' not in summary
    response = send(client, draft_of(client).submission_token)
    assert response.headers["Location"] == "/demande/verification/"
    assert list(Demand.objects.values_list("pk", flat=True)) == [demand.pk]


def test_a_struck_off_demand_does_not_prevent_a_new_one(register: None) -> None:
    user = make_user()
    make_demand(
        user,
        communes=(DIJON,),
        state=DemandState.STRUCK_OFF,
        strike_off_reason="RADREN",
        struck_off_on=date(2026, 1, 2),
    )
    client = signed_in(user)
    fill_minimum(client)
    send(client, draft_of(client).submission_token)
    assert Demand.objects.filter(state=DemandState.AWAITING_CHECK).count() == 1


def test_a_busy_database_answers_503_with_everything_still_in_the_page(
    applicant: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_arguments: Any, **_options: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("portal.views.step.drafts.change", locked)
    response = post(applicant, "identite", IDENTITY)
    page = response.content.decode()
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert "Votre brouillon est conservé" in page
    assert 'name="birth_name" value="Dupont-Lévêque"' in page
    assert "locked" not in page


def test_whoever_is_registered_twice_reads_what_anybody_else_would(register: None) -> None:
    """The pair is for whoever reviews it: her second account, or a curious one, learns nothing."""
    make_demand(last_name="Quelqu’un", first_names="Autre")
    pages = []
    for _account in range(2):
        client = signed_in()
        fill_minimum(client)
        sent = send(client, draft_of(client).submission_token)
        number = Demand.objects.latest("pk").number
        assert sent.headers["Location"] == f"/demande/deposee/{number}/"
        page = client.get(sent.headers["Location"]).content.decode()
        pages.append(_told(page.replace(number, "NUMBER").replace(spaced(number), "NUMBER")))
    assert pages[0] == pages[1]
    pair = DuplicatePair.objects.get()
    assert pair.status == PairStatus.TO_REVIEW
    assert pair.second == Demand.objects.latest("pk")


def _told(page: str) -> str:
    """The page without what is drawn anew for each."""
    return re.sub(r'(value|nonce|content|hx-headers|data-[a-z-]+)="[^"]{20,}"', "", page)


def test_nobody_reads_the_number_page_of_somebody_else(applicant: Client) -> None:
    foreign = make_demand()
    seen = applicant.get(f"/demande/deposee/{foreign.number}/")
    unknown = applicant.get("/demande/deposee/0211126999999GDPUB/")
    assert (seen.status_code, unknown.status_code) == (404, 404)
    assert seen.content == unknown.content


def test_a_token_of_somebody_else_sends_nothing(applicant: Client) -> None:
    fill_minimum(applicant)
    thief = signed_in()
    assert send(thief, draft_of(applicant).submission_token).status_code == 302
    assert send(thief, "not-a-token").status_code == 302
    assert not Demand.objects.exists()


def test_a_good_photo_is_kept_when_the_other_file_is_refused(applicant: Client) -> None:
    wrong = photo("faux.pdf")
    response = post(applicant, "piece-identite", {"documents": [photo(), wrong]})
    assert response.status_code == 200
    assert "faux.pdf" in response.content.decode()
    assert [each["name"] for each in answers_of(applicant).files] == ["carte.jpg"]


def test_a_full_disk_is_said_beside_the_file_and_keeps_the_rest(
    applicant: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(applicant, "identite", IDENTITY)

    def full(**_options: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.views.document.files.store_upload", full)
    response = post(applicant, "piece-identite", {"documents": photo()})
    assert response.status_code == 200
    assert "notre espace de stockage est indisponible" in response.content.decode()
    assert answers_of(applicant).value("identite", "birth_name") == "Dupont-Lévêque"


def test_one_reads_one_s_own_file_and_nobody_else_does(applicant: Client) -> None:
    post(applicant, "piece-identite", {"documents": photo()})
    address = f"/demande/piece-identite/fichier/{answers_of(applicant).files[0]['id']}/"
    mine = applicant.get(address)
    assert mine.headers["Content-Type"] == "image/jpeg"
    assert b"".join(mine.streaming_content).startswith(b"\xff\xd8")
    assert signed_in().get(address).status_code == 404
