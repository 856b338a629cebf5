"""The desk's pages of agreements: kept by the manager, read by the parties, closed to others."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.models import (
    Agreement,
    AgreementStatus,
    BuildState,
    BuiltAudience,
    Commune,
    OrganisationKind,
    Role,
)
from tests.factories import (
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
)
from tests.faults.corpus import picture
from tests.faults.pdfs import plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
MISSING, REFUSED = 404, 422


def signed_in(member: Any) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def manager() -> Client:
    holder = make_organisation(kind=OrganisationKind.MANAGER)
    return signed_in(make_member(holder, Role.MANAGER))


def typed(organisation: Any, **changes: Any) -> dict[str, Any]:
    make_department()
    return {
        "organisation": organisation.pk,
        "purpose": "Accès aux demandes",
        "purposes": ["allocation"],
        "departments": ["21"],
        "data_classes": ["identity", "wishes"],
        "starts_on": (timezone.localdate() - timedelta(days=2)).isoformat(),
        **changes,
    }


def sign(manager: Client, agreement: Agreement, **changes: Any) -> Any:
    """Send the form of the signature as its page shows it."""
    page = manager.get(reverse("desk:agreement", args=[agreement.pk]))
    sent = {
        "signed_file": SimpleUploadedFile("convention.pdf", plain(), "application/pdf"),
        "generation": page.context["sign_form"]["generation"].value(),
        **changes,
    }
    return manager.post(reverse("desk:agreement_sign", args=[agreement.pk]), sent)


def test_the_manager_drafts_signs_suspends_and_ends(manager: Client) -> None:
    body, _demand = make_organisation(with_agreement=False), make_demand()
    answer = manager.post(reverse("desk:agreement_new"), typed(body))
    agreement = Agreement.objects.get(organisation=body)
    page = reverse("desk:agreement", args=[agreement.pk])
    assert answer["Location"] == page
    shown = manager.get(page).content.decode()
    assert "1 demande dans la liste" in shown
    sign(manager, agreement)
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.SIGNED
    assert manager.get(reverse("desk:agreement_file", args=[agreement.pk])).status_code == 200
    for step, status in (("suspendre", "suspended"), ("retablir", "signed"), ("terminer", "ended")):
        address = reverse("desk:agreement_step", args=[agreement.pk, step])
        assert manager.post(address, {"reason": ""}).status_code == REFUSED
        manager.post(address, {"reason": "Décision du comité"})
        agreement.refresh_from_db()
        assert agreement.status == status
    assert "Décision du comité" in manager.get(page).content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"departments": []}, "Nommez un territoire"),
        ({"communes": "Nulle-Part-les-Bains"}, "Nulle-Part-les-Bains"),
        ({"ends_on": "2000-01-01"}, "ne peut pas finir avant"),
        ({"purposes": []}, "Choisissez au moins une réponse"),
    ],
)
def test_what_is_mistyped_is_said_and_kept(
    manager: Client, changes: dict[str, Any], said: str
) -> None:
    body = make_organisation(with_agreement=False)
    answer = manager.post(reverse("desk:agreement_new"), typed(body, **changes))
    assert answer.status_code == REFUSED
    assert said in answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ")
    assert not Agreement.objects.filter(organisation=body).exists()


def test_a_picture_is_not_a_signed_agreement(manager: Client) -> None:
    body = make_organisation(with_agreement=False)
    manager.post(reverse("desk:agreement_new"), typed(body))
    agreement = Agreement.objects.get(organisation=body)
    upload = SimpleUploadedFile("convention.jpg", picture(), "image/jpeg")
    answer = sign(manager, agreement, signed_file=upload)
    assert answer.status_code == REFUSED
    agreement.refresh_from_db()
    assert agreement.signed_file_id is None


def test_a_party_reads_its_agreements_and_a_stranger_gets_the_page_of_nothing() -> None:
    body = make_organisation()
    agreement = Agreement.objects.get(organisation=body)
    party, stranger = signed_in(make_member(body)), signed_in(make_member(make_organisation()))
    page = reverse("desk:agreement", args=[agreement.pk])
    assert party.get(page).status_code == 200
    foreign, absent = stranger.get(page), stranger.get(reverse("desk:agreement", args=[987_654]))
    assert foreign.status_code == absent.status_code == MISSING
    assert foreign.content == absent.content
    assert (
        agreement.organisation.short_name in party.get(reverse("desk:agreements")).content.decode()
    )
    assert body.short_name not in stranger.get(reverse("desk:agreements")).content.decode()
    for name in ("agreement_change", "agreement_sign"):
        assert party.post(reverse(f"desk:{name}", args=[agreement.pk])).status_code == MISSING


def test_the_page_tells_how_far_the_exact_counts_are(manager: Client) -> None:
    body = make_organisation()
    page = reverse("desk:agreement", args=[Agreement.objects.get(organisation=body).pk])
    assert "<progress" not in manager.get(page).content.decode()
    built = BuiltAudience.objects.create(
        organisation=body, keys=["dep:21"], asked_at=timezone.now(), done=500, total=2000
    )
    shown = manager.get(page).content.decode()
    assert '<progress max="100" value="25" aria-labelledby="built-text">' in shown
    assert "25\u202f%" in shown
    assert 'role="status"' in shown
    BuiltAudience.objects.filter(pk=built.pk).update(state=BuildState.READY)
    assert "<progress" not in manager.get(page).content.decode()


def test_what_overlaps_is_asked_for_with_the_signature_and_retired_with_the_end(
    manager: Client,
) -> None:
    body = make_organisation(kind=OrganisationKind.STATE, with_agreement=False)
    commune = make_demand().wished_communes.get().commune
    manager.post(
        reverse("desk:agreement_new"), typed(body, departments=[], epcis=[commune.epci_id])
    )
    agreement = Agreement.objects.get(organisation=body)
    assert not BuiltAudience.objects.exists()
    sign(manager, agreement)
    assert set(BuiltAudience.objects.get().keys) == {f"epci:{commune.epci_id}", f"org:{body.pk}"}
    manager.post(
        reverse("desk:agreement_step", args=[agreement.pk, "terminer"]), {"reason": "Fin."}
    )
    assert BuiltAudience.objects.get().state == BuildState.RETIRED


def commune_named(insee: str, department: str) -> Commune:
    """One of the two communes of Bourgogne called Athie."""
    return make_commune(insee, "Athie", epci=None, department=department, postal_code=insee)


def test_an_agreement_saved_as_it_stands_keeps_its_commune_though_another_has_its_name(
    manager: Client,
) -> None:
    body = make_organisation(with_agreement=False)
    for insee in ("21029", "89022"):
        commune = commune_named(insee, insee[:2])
        agreement = Agreement.objects.create(
            organisation=body, purpose="Accès", purposes=["allocation"], starts_on=date(2024, 1, 1)
        )
        agreement.communes.add(commune)
        address = reverse("desk:agreement_change", args=[agreement.pk])
        form = manager.get(address).context["form"]
        written = {name: form[name].value() for name in ("communes", "generation")}
        answer = manager.post(address, typed(body, departments=[], **written))
        assert answer.status_code == 302
        assert list(agreement.communes.all()) == [commune]


def test_a_name_that_two_communes_have_asks_which(manager: Client) -> None:
    body = make_organisation(with_agreement=False)
    commune_named("89022", "89")
    chosen = commune_named("21029", "21")
    address = reverse("desk:agreement_new")
    answer = manager.post(address, typed(body, departments=[], communes="Athie"))
    assert answer.status_code == REFUSED
    shown = answer.content.decode()
    assert "Athie (21029)" in shown
    assert "Athie (89022)" in shown
    assert manager.post(address, typed(body, departments=[], communes="athie 21029"))["Location"]
    assert list(Agreement.objects.get(organisation=body).communes.all()) == [chosen]


def test_only_the_manager_reads_how_many_demands_an_agreement_opens(manager: Client) -> None:
    make_demand()
    witness = make_organisation(kind=OrganisationKind.STATE, is_counter=False)
    body = make_organisation()
    agreement = Agreement.objects.get(organisation=body)
    agreement.co_signers.add(witness)
    BuiltAudience.objects.create(
        organisation=body, keys=["dep:21"], asked_at=timezone.now(), done=1, total=2
    )
    page = reverse("desk:agreement", args=[agreement.pk])
    told = manager.get(page).content.decode()
    counts = ("1 demande dans la liste", "1 demande se fermerait", "<progress")
    for count in counts:
        assert count in told.replace("\u202f", " ")
    for member in (make_member(body, Role.STATISTICS), make_member(body), make_member(witness)):
        read = signed_in(member).get(page).content.decode().replace("\u202f", " ")
        assert "Les bailleurs sociaux consultent" in read
        for count in counts:
            assert count not in read


def test_an_old_page_neither_changes_nor_signs_what_changed_since(manager: Client) -> None:
    body = make_organisation(with_agreement=False)
    manager.post(reverse("desk:agreement_new"), typed(body))
    agreement = Agreement.objects.get(organisation=body)
    page = reverse("desk:agreement", args=[agreement.pk])
    change = reverse("desk:agreement_change", args=[agreement.pk])
    seen = manager.get(change).context["form"]["generation"].value()
    signing = manager.get(page).context["sign_form"]["generation"].value()
    elsewhere = make_commune()
    new = typed(body, departments=[], communes="Dijon", generation=seen)
    assert manager.post(change, new).status_code == 302

    old = typed(body, purpose="Dactylographié avant", generation=seen)
    refused = manager.post(change, old)
    assert refused.status_code == REFUSED
    assert "Dactylographié avant" in refused.content.decode()
    assert "ont changé depuis" in refused.content.decode()
    again = sign(manager, agreement, generation=signing)
    assert again.status_code == REFUSED
    assert "ont changé depuis" in again.content.decode()
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.DRAFT
    assert not agreement.departments.exists()
    assert list(agreement.communes.all()) == [elsewhere]

    knowing = refused.context["form"]["generation"].value()
    assert manager.post(change, {**old, "generation": knowing}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.purpose == "Dactylographié avant"
