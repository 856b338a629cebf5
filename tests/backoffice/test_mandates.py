"""Somebody comes to a counter with a signed mandate or a judgment, and acts in both names."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from backoffice.timeline import timeline
from exchange.delivery import deliver_pending
from register.errors import NotAllowed
from register.letters.sending import is_moot, letter_of
from register.models import (
    Demand,
    EffectKind,
    EventKind,
    Mandate,
    MandateKind,
    MandateScope,
    Outbox,
)
from register.principals import at_the_request_of
from register.selectors.file import read_file
from register.selectors.own_data import own_data
from register.services.acts import send_message
from register.services.application import ContactData
from register.services.mandates import revoke_mandate
from register.services.recorded_mandates import take_turn
from register.services.renewal import renew_demand
from register.services.succession import transfer_to_co_applicant
from tests.backoffice.conftest import signed_in
from tests.backoffice.test_paper_form import scanned
from tests.factories import make_demand, make_member, make_user, principal_of
from tests.portal.space import page, read
from tests.register.pdf_text import squeeze, text_of

PAGE, KEPT = "scan-pages", "scan-kept"
BORN = date(1985, 3, 27)
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, settings: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def demand(landlord: Any) -> Demand:
    """Registered by the landlord, soon to be renewed; its applicant has an account."""
    long_ago = TODAY() - timedelta(days=345)
    demand = make_demand(registered_by=landlord, last_name="Benali")
    Demand.objects.filter(pk=demand.pk).update(
        received_on=long_ago, expires_on=long_ago + timedelta(days=365)
    )
    demand.persons.filter(role="applicant").update(birth_date=BORN)
    demand.refresh_from_db()
    return demand


@pytest.fixture
def desk(lead: Any) -> Client:
    return signed_in(lead)


def address(demand: Demand, end: Mandate | None = None) -> str:
    last = f"{end.pk}/fin/" if end else ""
    return f"/bureau/dossiers/{demand.number}/mandats/{last}"


def paper(kind: str = "tutor", **other: Any) -> dict[str, Any]:
    """What an agent types from a judgment; or from a signed mandate."""
    until = TODAY() + timedelta(days=100)
    typed = {
        "mandate-kind": kind,
        "mandate-name": "Paule Roux (UDAF 21)",
        "mandate-reference": "TJ de Dijon, 3 mars 2026, RG 26/00123",
        "mandate-starts_on": "2026-03-03",
        "mandate-ends_on": until.isoformat(),
        "mandate-address": "5 rue des Tuteurs",
        "mandate-postal_code": "21000",
        "mandate-city": "Dijon",
        "scan-is_hidden": "on",
    }
    return typed | {f"mandate-{name}": value for name, value in other.items()}


def recorded(desk: Client, demand: Demand, **typed: Any) -> Mandate:
    answer = desk.post(address(demand), paper(**typed) | {PAGE: [scanned()]})
    assert answer.status_code == 302, answer.content.decode()
    return Mandate.objects.latest("pk")


def test_a_judgment_is_recorded_with_its_scan_and_a_mistake_loses_no_page(
    desk: Client, demand: Demand
) -> None:
    file = f"/bureau/dossiers/{demand.number}/"
    assert address(demand) in read(desk, file)
    wrong = desk.post(address(demand), paper(reference="") | {PAGE: [scanned()]})
    assert wrong.status_code == 422
    told = wrong.content.decode()
    assert "page.png" in told
    assert "Paule Roux" in told, "nothing typed is lost"
    assert not Mandate.objects.exists()
    [kept] = wrong.context["scan"].kept
    assert desk.post(address(demand), paper() | {KEPT: [str(kept.pk)]}).status_code == 302
    mandate = Mandate.objects.get()
    assert (mandate.kind, mandate.scope) == ("tutor", "represent"), "a guardian represents"
    document = demand.documents.get(kind="mandate")
    assert (document.status, document.stored_file) == ("kept", kept)
    shown = read(desk, file)
    assert "Paule Roux (UDAF 21)" in shown
    assert "RG 26/00123" in shown
    assert f"documents/{document.pk}/" in shown
    # The applicant reads it, with nothing to end, and is told.
    hers = signed_in(make_member(demand.registered_by))
    hers.force_login(demand.account)
    story = read(hers, page(demand))
    assert "Paule Roux (UDAF 21)" in story
    helps = read(hers, page(demand, "mandates"))
    assert f"aide/{mandate.pk}/fin/" not in helps
    assert "Paule Roux" in helps
    given = demand.events.get(kind=EventKind.MANDATE_GIVEN)
    assert Outbox.objects.filter(key=f"event:{given.pk}").exists()
    [row] = own_data(demand)["mandates"]
    assert (row["name"], row["reference"]) == (mandate.name, mandate.reference)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "given", "scope": "represent"}, "scope"),
        ({"kind": "given", "scope": ""}, "scope"),
        ({"kind": "special", "scope": "read"}, "scope"),
        ({"kind": "nobody"}, "kind"),
        ({"name": ""}, "name"),
        ({"starts_on": "2999-01-01"}, "starts_on"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"ends_on": "2999-01-01"}, "ends_on"),
        ({"kind": "given", "scope": "read", "ends_on": "2040-01-01"}, "ends_on"),
    ],
)
def test_what_no_paper_can_give_is_refused_beside_its_field(
    desk: Client, demand: Demand, typed: dict[str, str], field: str
) -> None:
    answer = desk.post(address(demand), paper(**typed) | {PAGE: [scanned()]})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Mandate.objects.exists()


def test_without_the_scan_nothing_is_recorded(desk: Client, demand: Demand) -> None:
    answer = desk.post(address(demand), paper())
    assert list(answer.context["scan"].errors) == ["pages"]
    assert not Mandate.objects.exists()


def test_only_a_counter_that_may_put_the_demand_right_finds_the_page(demand: Demand) -> None:
    reader = signed_in(make_member(demand.registered_by, "reader"))
    assert reader.get(address(demand)).status_code == 404
    assert reader.post(address(demand), paper()).status_code == 404


def test_an_act_asked_by_a_helper_bears_both_names_and_the_agents(
    desk: Client, demand: Demand, lead: Any
) -> None:
    mandate = recorded(desk, demand, kind="given", scope="modify")
    file = f"/bureau/dossiers/{demand.number}/"
    assert 'name="asked_by"' in read(desk, file)
    demand.refresh_from_db()
    posted = {"version": demand.version, "asked_by": str(mandate.pk)}
    assert desk.post(f"{file}actes/renewal/", posted).status_code == 302
    renewed = demand.events.get(kind=EventKind.RENEWED)
    assert renewed.details["under"] == mandate.pk
    step = next(s for s in timeline(read_file(principal_of(lead), demand)) if s.at == renewed.at)
    assert str(lead.user) in step.by
    assert "Paule Roux (UDAF 21), pour" in step.by
    assert "Benali" in step.by
    hers = Client()
    hers.force_login(demand.account)
    assert "Paule Roux (UDAF 21), pour" in read(hers, page(demand))


def test_no_act_is_asked_beyond_the_mandate_or_after_its_end(
    desk: Client, demand: Demand, lead: Any
) -> None:
    reading = recorded(desk, demand, kind="given", scope="read", name="Assistante sociale")
    agent = principal_of(lead)
    with pytest.raises(ValidationError):
        renew_demand(principal=at_the_request_of(agent, reading), demand=demand)
    curator = recorded(desk, demand, kind="curator")
    file = f"/bureau/dossiers/{demand.number}/"
    shown = read(desk, file)
    renewal, withdrawal = (
        shown.partition(f'id="act-{act}"')[2].partition("</details>")[0]
        for act in ("renewal", "withdrawal")
    )
    assert "Paule Roux" in renewal
    assert "Assistante" not in renewal
    assert "Paule Roux" not in withdrawal, "who assists gives up nothing"
    Mandate.objects.filter(pk=curator.pk).update(ends_on=TODAY() - timedelta(days=1))
    with pytest.raises(ValidationError):
        renew_demand(principal=at_the_request_of(agent, curator), demand=demand)
    stranger = recorded(desk, make_demand(registered_by=lead.organisation))
    with pytest.raises(ValidationError):
        renew_demand(principal=at_the_request_of(agent, stranger), demand=demand)
    assert not demand.events.filter(kind=EventKind.RENEWED).exists()


def test_the_applicant_ends_what_she_signed_and_a_counter_alone_what_a_judge_decided(
    desk: Client, demand: Demand
) -> None:
    signed, judged = recorded(desk, demand, kind="given", scope="answer"), recorded(desk, demand)
    owner = principal_of(demand.account)
    hers = Client()
    hers.force_login(demand.account)
    assert hers.post(f"{page(demand, 'mandates')}{judged.pk}/fin/").status_code == 404
    with pytest.raises(NotAllowed):
        revoke_mandate(principal=owner, mandate=judged)
    assert hers.post(f"{page(demand, 'mandates')}{signed.pk}/fin/").status_code == 302
    signed.refresh_from_db()
    assert signed.revoked_at
    # Choosing the same person online ends nothing of the judgment.
    assert desk.post(address(demand, judged), {"text": ""}).status_code == 422
    ended = desk.post(address(demand, judged), {"text": "Mainlevée du 2 novembre 2026"})
    assert ended.status_code == 302
    judged.refresh_from_db()
    assert judged.revoked_at
    story = read(hers, page(demand))
    assert "Mainlevée du 2 novembre 2026" in story
    assert desk.post(address(demand, judged), {"text": "Encore"}).status_code == 302
    assert demand.events.filter(kind=EventKind.MANDATE_REVOKED).count() == 2, "once each"


def test_a_helper_accepts_online_and_whoever_does_not_know_the_person_reads_nothing(
    desk: Client, demand: Demand, settings: Any
) -> None:
    mandate = recorded(desk, demand, email="Tutrice@Example.org")
    other = Client()
    other.force_login(make_user())
    assert other.get(f"/mon-espace/mandats/{mandate.pk}/").status_code == 404
    tutor = make_user("tutrice@example.org", first_name="Paule", last_name="Roux")
    client = Client()
    client.force_login(tutor)
    home = read(client, "/mon-espace/")
    accept = f"/mon-espace/mandats/{mandate.pk}/"
    assert accept in home
    assert client.get(page(demand)).status_code == 404
    offered = read(client, accept)
    for word in ("Benali", demand.number, "RG 26/00123"):
        assert word not in home + offered
    born = {"birth_date_0": "27", "birth_date_1": "3", "birth_date_2": "1985"}
    assert client.post(accept, born | {"birth_date_0": "28"}).status_code == 422
    assert client.get(page(demand)).status_code == 404
    settings.ACCOUNT_RATE_LIMITS = {"link_demand": "1/h/user"}
    assert client.post(accept, born | {"birth_date_0": "28"}).status_code == 422
    assert client.post(accept, born).status_code == 429
    settings.ACCOUNT_RATE_LIMITS = False
    assert client.post(accept, born)["Location"] == page(demand)
    assert "accepte" not in read(client, "/mon-espace/")
    # As far as a guardian goes: resources, not what the applicant keeps to herself.
    assert client.get(page(demand) + "declaration/ressources/").status_code == 200
    for alone in ("mandates", "access", "data"):
        assert client.get(page(demand, alone)).status_code == 404, alone
    hers = Client()
    hers.force_login(demand.account)
    assert "Paule Roux (UDAF 21)" in read(hers, page(demand))
    assert client.post(page(demand) + "renouvellement/").status_code == 302
    deliver_pending()
    told = [sent for sent in mail.outbox if "fait quelque chose" in sent.body]
    assert all("tut" not in sent.body.lower() for sent in told)


def test_a_sealed_file_is_offered_to_no_helper(desk: Client, demand: Demand) -> None:
    mandate = recorded(desk, demand, email="tutrice@example.org")
    Demand.objects.filter(pk=demand.pk).update(is_sealed=True)
    client = Client()
    client.force_login(make_user("tutrice@example.org"))
    assert client.get(f"/mon-espace/mandats/{mandate.pk}/").status_code == 404


def test_a_guardian_receives_by_post_a_copy_of_what_matters(
    desk: Client, demand: Demand, lead: Any
) -> None:
    mandate = recorded(desk, demand)
    send_message(principal=principal_of(lead), demand=demand, body="Apportez votre avis d’impôt.")
    sent = demand.events.get(kind=EventKind.MESSAGE_SENT)
    copy = Outbox.objects.get(key=f"event:{sent.pk}:guardian:{mandate.pk}")
    assert copy.kind == EffectKind.LETTER
    told = text_of(letter_of(copy))
    assert squeeze("Paule Roux (UDAF 21)") in told
    assert squeeze("5 rue des Tuteurs") in told
    assert squeeze("Apportez votre avis d’impôt.") in told
    hers = Outbox.objects.get(key=f"event:{sent.pk}")
    assert hers.kind == EffectKind.MESSAGE_EMAIL, "she is told too"
    mandate.revoked_at = timezone.now()
    mandate.save()
    assert is_moot(copy), "a judgment that has ended receives nothing more"


def test_a_signed_mandate_and_a_sealed_file_send_no_copy(
    desk: Client, demand: Demand, lead: Any
) -> None:
    recorded(desk, demand, kind="given", scope="read")
    send_message(principal=principal_of(lead), demand=demand, body="Un mot.")
    recorded(desk, demand)
    Demand.objects.filter(pk=demand.pk).update(is_sealed=True)
    send_message(principal=principal_of(lead), demand=demand, body="Un autre mot.")
    told = demand.events.filter(kind=EventKind.MESSAGE_SENT).values_list("pk", flat=True)
    keys = [f"event:{pk}:guardian:" for pk in told]
    assert not [k for k in Outbox.objects.values_list("key", flat=True) if k[:-1] in keys]


def test_the_end_of_a_term_is_told_once(desk: Client, demand: Demand) -> None:
    mandate = recorded(desk, demand, kind="given", scope="read")
    for left, told in ((0, 0), (1, 1), (1, 1)):
        Mandate.objects.filter(pk=mandate.pk).update(ends_on=TODAY() - timedelta(days=left))
        assert take_turn() is False
        assert demand.events.filter(kind=EventKind.MANDATE_REVOKED).count() == told
    event = demand.events.get(kind=EventKind.MANDATE_REVOKED)
    assert Outbox.objects.filter(key=f"event:{event.pk}").exists()
    hers = Client()
    hers.force_login(demand.account)
    assert "Paule Roux (UDAF 21) ne peut plus agir pour vous" in read(hers, page(demand))


def test_the_judgment_leaves_the_file_when_the_co_applicant_takes_it_over(
    desk: Client, demand: Demand, lead: Any
) -> None:
    demand = make_demand(registered_by=lead.organisation, co_applicant="Roche")
    mandate = recorded(desk, demand)
    heir = demand.persons.get(role="co_applicant")
    transfer_to_co_applicant(
        principal=principal_of(lead),
        demand=demand,
        successor=heir.pk,
        contact=ContactData(
            phone="0612345678", address="1 rue Neuve", postal_code="21000", city="Dijon"
        ),
        text="Écrit du 3 mars",
    )
    mandate.refresh_from_db()
    assert mandate.revoked_at
    assert mandate.place == mandate.email == ""
    assert "RG" not in mandate.reference
    assert not demand.documents.filter(kind="mandate").exists()


def test_no_applicant_gives_what_a_judge_alone_gives() -> None:
    assert MandateScope.REPRESENT not in MandateKind.GIVEN.scopes
    for kind in MandateKind:
        assert kind.scopes, kind
