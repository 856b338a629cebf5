"""Agreements: what they open, cap and close, and the journal of who decided it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils import timezone

from register import access
from register.access import Action, FieldSet
from register.agreements import perimeter
from register.errors import Conflict, NotAllowed
from register.models import Agreement, AgreementEvent, AgreementStatus, OrganisationKind, Role
from register.principals import Principal
from register.services import agreements
from register.services.agreements import AgreementTerms
from register.services.files import open_stored_file
from register.services.sweep import sweep_unattached
from tests.factories import (
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.faults.pdfs import plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

DIJON, BEAUNE = "21231", "21054"
BEAUNE_EPCI = "200006682"


@pytest.fixture
def manager() -> Principal:
    return principal_of(make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER))


def terms(organisation: Any, **changes: Any) -> AgreementTerms:
    known = {
        "organisation": organisation,
        "purpose": "Accès aux demandes",
        "purposes": ["allocation"],
        "data_classes": [name.value for name in FieldSet],
        "starts_on": timezone.localdate() - timedelta(days=10),
        "departments": [make_department()],
    }
    return AgreementTerms(**{**known, **changes})


def signed(manager: Principal, organisation: Any, **changes: Any) -> Agreement:
    drafted = agreements.draft_agreement(principal=manager, terms=terms(organisation, **changes))
    upload = SimpleUploadedFile("convention.pdf", plain(), "application/pdf")
    return agreements.sign_agreement(
        principal=manager, agreement=drafted, generation=drafted.generation, upload=upload
    )


def landlord() -> Any:
    return make_organisation(with_agreement=False)


def sees(member: Any, demand: Any) -> bool:
    listed = access.scope(principal_of(member), Action.LIST).filter(pk=demand.pk).exists()
    assert access.decide(principal_of(member), Action.LIST, demand).allowed is listed
    return listed


def test_an_agreement_opens_when_signed_and_closes_when_suspended_or_ended(
    manager: Principal,
) -> None:
    organisation, demand = landlord(), make_demand()
    member = make_member(organisation)
    drafted = agreements.draft_agreement(principal=manager, terms=terms(organisation))
    assert not sees(member, demand)
    upload = SimpleUploadedFile("convention.pdf", plain(), "application/pdf")
    agreement = agreements.sign_agreement(
        principal=manager, agreement=drafted, generation=drafted.generation, upload=upload
    )
    assert sees(member, demand)
    agreements.suspend_agreement(principal=manager, agreement=agreement, reason="Incident")
    assert not sees(member, demand)
    agreements.resume_agreement(principal=manager, agreement=agreement, reason="Clos")
    assert sees(member, demand)
    agreements.end_agreement(principal=manager, agreement=agreement, reason="Dénoncée")
    assert not sees(member, demand)
    kinds = list(AgreementEvent.objects.filter(agreement=agreement).values_list("kind", flat=True))
    assert kinds == ["created", "signed", "suspended", "resumed", "ended"]


def test_a_territory_taken_away_closes_at_once_and_raises_the_generation(
    manager: Principal,
) -> None:
    make_commune(DIJON)
    beaune = make_commune(BEAUNE, "Beaune", epci=BEAUNE_EPCI)
    organisation = landlord()
    member = make_member(organisation)
    in_dijon, in_beaune = make_demand(), make_demand(communes=(BEAUNE,))
    places = {"departments": [], "epcis": [beaune.epci], "communes": [make_commune(DIJON)]}
    agreement = signed(manager, organisation, **places)
    assert sees(member, in_dijon)
    assert sees(member, in_beaune)
    before = perimeter(agreement)
    assert before.keys == {f"epci:{BEAUNE_EPCI}", f"commune:{DIJON}"}
    agreements.change_agreement(
        principal=manager,
        agreement=agreement,
        generation=agreement.generation,
        terms=terms(organisation, departments=[], epcis=[beaune.epci]),
        reason="Avenant",
    )
    assert not sees(member, in_dijon)
    assert sees(member, in_beaune)
    after = perimeter(Agreement.objects.get(pk=agreement.pk))
    assert after.keys == {f"epci:{BEAUNE_EPCI}"}
    assert after.generation > before.generation


def test_an_agreement_caps_the_groups_of_data_on_its_own_territory_only(
    manager: Principal,
) -> None:
    beaune = make_commune(BEAUNE, "Beaune", epci=BEAUNE_EPCI)
    organisation = landlord()
    member = make_member(organisation)
    in_dijon, in_beaune = make_demand(), make_demand(communes=(BEAUNE,))
    narrow = ["identity", "wishes"]
    signed(manager, organisation, data_classes=narrow)
    full = {"departments": [], "epcis": [beaune.epci]}
    signed(manager, organisation, **full)
    reader = principal_of(member)
    capped, open_ = access.fields(reader, in_dijon), access.fields(reader, in_beaune)
    assert {name for name in FieldSet if capped.level(name) != "none"} == set(narrow)
    assert open_.can_read("resources")
    assert open_.is_masked("health")
    for name in FieldSet:
        shown = access.scope(reader, Action.LIST).filter(access.readable(reader, name))
        for demand in (in_dijon, in_beaune):
            told = access.fields(reader, demand).can_read(name)
            assert told is shown.filter(pk=demand.pk).exists(), name


@pytest.mark.parametrize("step", ["suspend_agreement", "end_agreement"])
def test_the_manager_cannot_lock_itself_out(manager: Principal, step: str) -> None:
    own = Agreement.objects.get(organisation=manager.organisation)
    with pytest.raises(ValidationError):
        getattr(agreements, step)(principal=manager, agreement=own, reason="Erreur")
    assert Agreement.objects.get(pk=own.pk).status == AgreementStatus.SIGNED


def test_nobody_but_the_manager_keeps_agreements(manager: Principal) -> None:
    organisation = landlord()
    drafted = agreements.draft_agreement(principal=manager, terms=terms(organisation))
    lead = principal_of(make_member(organisation, Role.LEAD))
    with pytest.raises(NotAllowed):
        agreements.draft_agreement(principal=lead, terms=terms(organisation))
    with pytest.raises(NotAllowed):
        agreements.end_agreement(principal=lead, agreement=drafted, reason="x")
    upload = SimpleUploadedFile("convention.pdf", plain(), "application/pdf")
    with pytest.raises(NotAllowed):
        agreements.sign_agreement(
            principal=lead, agreement=drafted, generation=drafted.generation, upload=upload
        )


def test_a_step_is_taken_once_and_its_reason_is_asked_for(manager: Principal) -> None:
    agreement = signed(manager, landlord())
    with pytest.raises(ValidationError):
        agreements.suspend_agreement(principal=manager, agreement=agreement, reason=" ")
    agreements.suspend_agreement(principal=manager, agreement=agreement, reason="Incident")
    with pytest.raises(Conflict):
        agreements.suspend_agreement(principal=manager, agreement=agreement, reason="Encore")
    event = AgreementEvent.objects.filter(agreement=agreement).last()
    assert event is not None
    event.reason = "Autre"
    with pytest.raises(ValidationError):
        event.save()
    with pytest.raises(ValidationError):
        event.delete()


def test_the_signed_document_opens_to_the_manager_and_the_parties_only(
    manager: Principal,
) -> None:
    witness, stranger = landlord(), make_organisation()
    organisation = landlord()
    agreement = signed(manager, organisation, co_signers=[witness])
    stored = agreement.signed_file_id
    assert stored is not None
    sender = make_user()
    for member in (make_member(organisation, Role.STATISTICS), make_member(witness)):
        open_stored_file(principal=principal_of(member), stored_file_id=stored)
    open_stored_file(principal=manager, stored_file_id=stored)
    for other in (make_member(stranger), sender):
        with pytest.raises(Http404):
            open_stored_file(principal=principal_of(other), stored_file_id=stored)
    assert sweep_unattached(wanted=(), older_than=timedelta(days=-1)) == 0
    open_stored_file(principal=manager, stored_file_id=stored)


def test_the_organisations_that_sign_with_it_gain_no_right(manager: Principal) -> None:
    witness, demand = landlord(), make_demand()
    signed(manager, landlord(), co_signers=[witness])
    assert not sees(make_member(witness), demand)
