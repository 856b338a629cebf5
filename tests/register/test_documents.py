"""Documents sent to a registered demand: kept with it, or not at all (R4)."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from register.errors import NotAllowed, UploadRefused
from register.models import Demand, Document, EventKind, StoredFile
from register.principals import Principal
from register.services import documents
from tests.factories import (
    make_demand,
    make_member,
    make_stored_file,
    make_user,
    principal_of,
)
from tests.faults.corpus import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def _send(demand: Demand, principal: Principal, kind: str = "tax_notice") -> Document:
    upload = SimpleUploadedFile("avis.jpg", picture())
    return documents.add_document(principal=principal, demand=demand, kind=kind, upload=upload)


def test_the_applicant_adds_a_document_and_the_file_says_so() -> None:
    demand = make_demand()
    document = _send(demand, principal_of(demand.account))
    assert document.stored_file.uploaded_by == demand.account
    event = demand.events.last()
    assert (event.kind, event.reason) == (EventKind.DOCUMENT_ADDED, "tax_notice")


def test_a_document_refused_by_the_rules_leaves_no_file_behind() -> None:
    demand = make_demand()
    kept = set(StoredFile.objects.values_list("pk", flat=True))
    for principal in (principal_of(make_user()), principal_of(make_member())):
        with pytest.raises(NotAllowed):
            _send(demand, principal)
    with pytest.raises(ValidationError):
        _send(demand, principal_of(demand.account), kind="passport")
    assert set(StoredFile.objects.values_list("pk", flat=True)) == kept


def test_a_demand_holds_thirty_documents_and_a_hundred_megabytes() -> None:
    demand = make_demand()
    applicant = principal_of(demand.account)
    StoredFile.objects.update(size=documents.MAX_TOTAL_BYTES)
    with pytest.raises(UploadRefused):
        _send(demand, applicant)
    StoredFile.objects.update(size=1)
    first = demand.documents.get()
    Document.objects.bulk_create(
        Document(
            demand=demand,
            kind="income",
            stored_file=make_stored_file(demand.account),
            added_at=first.added_at,
        )
        for _place in range(documents.MAX_DOCUMENTS - 1)
    )
    with pytest.raises(UploadRefused):
        _send(demand, applicant)
    assert demand.documents.count() == documents.MAX_DOCUMENTS == StoredFile.objects.count()
