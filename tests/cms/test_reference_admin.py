"""Reference tables are consulted and changed by editors, and give nothing else away."""

from typing import Any

import pytest
from django.test import Client

from register.models import Agreement, Commune, Counter, Organisation
from tests import installed

LISTS = [
    "organisation",
    "counter",
    "agreement",
    "parameter",
    "listedcode",
    "commune",
    "epci",
    "quarter",
]


@pytest.fixture
def tables(db: Any) -> None:
    installed.load("reference")


@pytest.mark.parametrize("name", LISTS)
def test_an_editor_reads_a_list_and_a_stranger_does_not(
    editor: Client, stranger: Client, name: str
) -> None:
    assert editor.get(f"/edition/register/{name}/").status_code == 200
    assert stranger.get(f"/edition/register/{name}/").status_code in {302, 404}


def test_a_writer_has_no_reference_table(writer: Client) -> None:
    assert writer.get("/edition/register/organisation/").status_code in {302, 403, 404}


def test_a_list_is_filtered_only_by_what_it_shows(editor: Client, tables: None) -> None:
    lists = "/edition/register/organisation/"
    assert editor.get(f"{lists}?kind__exact=landlord").status_code == 200
    assert editor.get(f"{lists}?q=Orvitis").status_code == 200
    assert editor.get(f"{lists}?group__user__password__startswith=md5").status_code == 400
    assert editor.get(f"{lists}?kind__startswith=l").status_code == 400
    assert editor.get("/edition/register/commune/?epci__name__contains=D").status_code == 400
    assert editor.get("/edition/register/commune/?zone_abc__exact=B1").status_code == 200
    assert editor.get("/edition/register/commune/?zone_abc=B1").status_code == 200
    assert (
        "TypeFichier"
        in editor.get("/edition/register/listedcode/?list_name=TypeFichier").content.decode()
    )


def test_an_editor_corrects_a_counter(editor: Client, tables: None) -> None:
    counter = Counter.objects.exclude(organisation__kind="manager").first()
    assert counter is not None
    answer = editor.post(
        f"/edition/register/counter/edit/{counter.pk}/",
        {
            "code": counter.pk,
            "name": counter.name,
            "organisation": counter.organisation_id,
            "commune": counter.commune_id or "",
            "address": "1 rue Neuve",
            "postal_code": "21000",
            "city": "Dijon",
            "phone": counter.phone,
            "hours": counter.hours,
            "is_public": "on",
        },
    )
    assert answer.status_code == 302
    counter.refresh_from_db()
    assert counter.address == "1 rue Neuve"
    assert editor.get(f"/edition/register/counter/history/{counter.pk}/").status_code == 200


def test_nothing_is_deleted_and_official_lists_are_not_changed(
    editor: Client, writer: Client, tables: None
) -> None:
    organisation = Organisation.objects.first()
    commune = Commune.objects.first()
    assert organisation is not None
    assert commune is not None
    refused = {302, 403, 404}

    organisations, communes = "/edition/register/organisation/", "/edition/register/commune/"
    assert editor.post(f"{organisations}delete/{organisation.pk}/").status_code in refused
    assert editor.get(f"{organisations}create/").status_code in refused
    assert editor.get(f"{communes}edit/{commune.pk}/").status_code in refused
    assert editor.get(f"{communes}history/{commune.pk}/").status_code == 404
    assert writer.get(f"{organisations}history/{organisation.pk}/").status_code in refused
    assert Organisation.objects.filter(pk=organisation.pk).exists()


def test_an_editor_reads_an_agreement_and_can_neither_sign_change_nor_end_one(
    editor: Client, tables: None
) -> None:
    agreement = Agreement.objects.first()
    assert agreement is not None
    agreements = "/edition/register/agreement/"
    before = Agreement.objects.count(), agreement.starts_on, agreement.ends_on
    assert editor.get(f"{agreements}inspect/{agreement.pk}/").status_code == 200
    data = {"organisation": agreement.organisation_id, "purpose": "x", "starts_on": "2020-01-01"}
    for action in ("create/", f"edit/{agreement.pk}/", f"delete/{agreement.pk}/"):
        assert editor.get(agreements + action).status_code in {302, 403, 404}
        assert editor.post(agreements + action, data).status_code in {302, 403, 404}
    agreement.refresh_from_db()
    assert before == (Agreement.objects.count(), agreement.starts_on, agreement.ends_on)


def test_an_editor_changes_nothing_that_gives_a_right_over_demands(
    editor: Client, tables: None
) -> None:
    commune = Organisation.objects.filter(kind="commune").first()
    counter = Counter.objects.exclude(organisation__kind="commune").first()
    assert commune is not None
    assert counter is not None
    other = Commune.objects.exclude(pk=commune.commune_id).first()
    assert other is not None
    was = commune.commune_id, commune.epci_id, commune.is_counter, commune.kind
    answer = editor.post(
        f"/edition/register/organisation/edit/{commune.pk}/",
        {
            "name": "Nouveau nom",
            "short_name": "Nouveau",
            "commune": other.pk,
            "epci": "",
            "is_counter": "" if commune.is_counter else "on",
            "kind": "landlord",
        },
    )
    assert answer.status_code == 302
    commune.refresh_from_db()
    assert commune.name == "Nouveau nom"
    assert was == (commune.commune_id, commune.epci_id, commune.is_counter, commune.kind)
    holder = counter.organisation_id
    editor.post(
        f"/edition/register/counter/edit/{counter.pk}/",
        {"name": counter.name, "organisation": commune.pk, "code": "ABCDE", "is_public": "on"},
    )
    counter.refresh_from_db()
    assert counter.organisation_id == holder
    assert not Counter.objects.filter(pk="ABCDE").exists()
    assert editor.get("/edition/register/counter/create/").status_code in {302, 403, 404}
