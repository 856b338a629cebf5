"""The signed paper form is scanned with what is copied from it, and proves nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from register.access import FieldRights, FieldSet
from register.access import Level as DataLevel
from register.codes import DocumentKind
from register.models import Counter, Demand, Document, EventKind, Membership, StoredFile
from register.selectors.own_data import own_data
from register.services.erasure import _delete_files
from tests.backoffice.conftest import signed_in
from tests.backoffice.test_entry import register
from tests.factories import make_commune
from tests.faults.corpus import picture
from tests.faults.pdfs import plain

PAGE, KEPT = "scan-pages", "scan-kept"


def scanned(name: str = "page.png", size: tuple[int, int] = (40, 30)) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture("PNG", size), "image/png")


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, settings: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def at_counter(lead: Membership) -> tuple[Client, Counter]:
    """Whoever reads the resources may read the whole form again."""
    make_commune()
    make_commune("21515", "Quetigny", postal_code="21800")
    organisation = lead.organisation
    counter = Counter.objects.create(code="21B01", name="Agence", organisation=organisation)
    return signed_in(lead), counter


def test_a_scan_is_kept_with_the_demand_and_a_mistake_elsewhere_loses_no_page(
    at_counter: tuple[Client, Counter], django_capture_on_commit_callbacks: Any
) -> None:
    client, counter = at_counter
    pages = [scanned(), SimpleUploadedFile("suite.pdf", plain(2), "application/pdf")]
    trap = SimpleUploadedFile("piege.pdf", b"MZ not a form", "application/pdf")
    wrong = register(client, counter, **{PAGE: [*pages, trap], "identite-birth_date": "31021985"})
    told = wrong.content.decode()
    assert wrong.status_code == 422
    assert "piege.pdf –" in told, "why one of them was not kept"
    assert "page.png" in told
    assert "suite.pdf" in told
    assert 'id="id_scan-is_hidden_error"' in told, "what must be hidden is asked"
    kept = [
        str(pk) for pk in StoredFile.objects.order_by("uploaded_at").values_list("pk", flat=True)
    ]
    assert len(kept) == 2
    answer = register(client, counter, **{KEPT: kept, "scan-is_hidden": "on"})
    demand = Demand.objects.get()
    file = f"/bureau/dossiers/{demand.number}/"
    assert answer["Location"].endswith(f"?apres={demand.number}")
    forms = list(demand.documents.order_by("pk"))
    assert [(each.kind, each.status) for each in forms] == [("form", "kept")] * 2
    assert [str(each.stored_file_id) for each in forms] == kept, "in the order of the pages"
    assert demand.events.filter(kind=EventKind.FORM_KEPT, is_public=True).count() == 1
    page = client.get(file).content.decode()
    address = f"{file}documents/{forms[0].pk}/"
    assert f"{address}vignette/" in page
    assert "Formulaire papier signé" in page
    opened = client.get(address).content.decode()
    assert "controle" not in opened, "nobody checks it"
    assert client.get(f"{address}pages/1/")["Content-Type"] == "image/jpeg"
    refused = client.post(f"{address}controle/", {"answer": "conforms", "version": demand.version})
    assert refused.status_code == 422
    assert [each["kind"] for each in own_data(demand)["documents"]] == ["form", "form"]
    # Erased with the demand, bytes and all.
    places = [Path(each.stored_file.file.path) for each in forms]
    assert all(place.exists() for place in places)
    with django_capture_on_commit_callbacks(execute=True):
        _delete_files(demand)
    assert not any(place.exists() for place in places)
    assert not Document.objects.exists()


def test_a_forgotten_scan_is_added_from_the_file_once(
    at_counter: tuple[Client, Counter], reader: Membership
) -> None:
    client, counter = at_counter
    register(client, counter)
    demand = Demand.objects.get()
    address = f"/bureau/dossiers/{demand.number}/formulaire/"
    assert address in client.get(f"/bureau/dossiers/{demand.number}/").content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {"scan-is_hidden": "on"}).status_code == 422, "no page yet"
    for _twice in range(2):
        answer = client.post(address, {PAGE: scanned(), "scan-is_hidden": "on"})
        assert answer.status_code == 302
    document = demand.documents.get()
    assert document.kind == DocumentKind.FORM
    # Whoever registered it reads it again.
    shown = f"/bureau/dossiers/{demand.number}/documents/{document.pk}/"
    assert client.get(shown).status_code == 200
    foreign = signed_in(reader).get(address)
    assert foreign.content == signed_in(reader).get(f"{address}absent/").content
    begun = client.post(
        "/bureau/saisie/envois/", {"name": "p.pdf", "size": 9, "fingerprint": "0123456789abcdef"}
    )
    assert begun.status_code == 201
    assert signed_in(reader).post("/bureau/saisie/envois/").status_code == 404


@pytest.mark.parametrize("lacking", ["identity", "contact", "household", "resources", "wishes"])
def test_whoever_may_not_read_all_that_is_declared_does_not_read_the_form(lacking: str) -> None:
    levels = dict.fromkeys(FieldSet, DataLevel.READ)
    levels[FieldSet.HEALTH] = DataLevel.NONE
    assert FieldRights(levels, {}).can_read_document(DocumentKind.FORM)
    levels[FieldSet(lacking)] = DataLevel.MASKED
    assert not FieldRights(levels, {}).can_read_document(DocumentKind.FORM)
