"""What the applicant, or whoever helps her, is told in words that she can act on."""

from datetime import date

import pytest
from django.test import Client

from portal.models import Draft
from register import clock, codes
from register.models import Contact, Counter, Demand, DemandState, EventKind, OrganisationKind
from register.selectors.channels import way_to_tell
from tests.factories import make_organisation
from tests.portal.demand import IDENTITY, fill_minimum, post
from tests.portal.space import page, read, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def _active(demand: Demand) -> None:
    Demand.objects.filter(pk=demand.pk).update(state=DemandState.ACTIVE)


@pytest.mark.usefixtures("rules", "_active")
@pytest.mark.parametrize(
    ("consents", "told", "others"),
    [
        ({}, "Vous recevrez un e-mail à chaque étape", ("Un courrier", "Un SMS")),
        ({"accepts_email": False}, "Un courrier vous annonce", ("un e-mail à", "Un SMS")),
        (
            {"accepts_email": False, "accepts_sms": True, "address": "", "phone": "+33612345678"},
            "Un SMS vous annonce",
            ("un e-mail à", "Un courrier"),
        ),
        (
            {"accepts_email": False, "address": ""},
            "Chaque étape est écrite ici",
            ("un e-mail à", "Un courrier", "Un SMS"),
        ),
    ],
)
def test_the_way_that_she_chose_is_announced_and_no_other(
    demand: Demand, consents: dict[str, object], told: str, others: tuple[str, ...]
) -> None:
    Contact.objects.filter(demand=demand).update(**consents)
    text = read(signed_in(demand.account), page(demand))
    assert told in text, way_to_tell(demand, EventKind.CANDIDATE_PROPOSED)
    assert not [each for each in others if each in text]


def test_the_counter_of_her_commune_is_named_with_what_to_bring(applicant: Client) -> None:
    town = make_organisation(
        "mairie-dijon", OrganisationKind.COMMUNE, name="Ville de Dijon", commune_id="21231"
    )
    for code, name, commune in (("VDJNA", "Annexe", None), ("VDJNC", "Mairie", "21231")):
        Counter.objects.create(
            code=code,
            name=name,
            organisation=town,
            commune_id=commune,
            address=f"{len(name)} place de la Libération",
            postal_code="21000",
            city="Dijon",
        )
    fill_minimum(applicant)
    applicant.post("/demande/envoi/", {"token": str(_token())})
    demand = Demand.objects.get()
    address = f"/demande/deposee/{demand.number}/"
    told = read(applicant, address)
    assert "Le guichet qui vérifie votre pièce d’identité" in told
    assert "6 place de la Libération, 21000 Dijon" in told
    assert "apportez l’original" in told
    Demand.objects.filter(pk=demand.pk).update(state=DemandState.ACTIVE)
    assert "apportez l’original" not in read(applicant, address)


def _token() -> object:
    return Draft.objects.get().submission_token


def test_somebody_of_fourteen_is_told_who_may_apply_and_is_not_stopped(applicant: Client) -> None:
    fill_minimum(applicant)
    words = "vous avez moins de 18 ans"
    for address in ("identite/situation", "verification"):
        assert words not in read(applicant, f"/demande/{address}/")
    young = {**IDENTITY, "birth_date_2": str(clock.today().year - 14)}
    post(applicant, "identite", young)
    for address in ("identite/situation", "verification"):
        assert words in read(applicant, f"/demande/{address}/"), address
    applicant.post("/demande/envoi/", {"token": str(_token())})
    born = Demand.objects.get().persons.get(role=codes.PersonRole.APPLICANT).birth_date
    assert born == date(clock.today().year - 14, 3, 31)


def test_a_question_left_empty_says_what_to_write(client: Client) -> None:
    told = client.post("/simulateur/", {"applicant_age": ""}).content.decode()
    assert "Écrivez votre âge en chiffres" in told
    assert "Champ requis" not in told


@pytest.mark.parametrize("address", ["/demande/", "/mon-espace/"])
def test_whoever_wonders_whether_to_apply_finds_the_simulator(
    applicant: Client, address: str
) -> None:
    assert 'href="/simulateur/"' in read(applicant, address)


@pytest.mark.usefixtures("rules")
def test_a_number_mistyped_leads_to_a_page_that_says_what_to_do(demand: Demand) -> None:
    answer = signed_in(demand.account).get(f"/mon-espace/{demand.number[:-1]}X/")
    assert answer.status_code == 404
    assert "Comparez le numéro" in answer.text
    assert 'href="/mon-espace/retrouver/"' in answer.text
