"""What whoever keeps the demand is told of a separation would not find the other person."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from exchange.delivery import deliver_pending
from register.letters.attestation import attestation_pdf
from register.models import AccessPurpose, Demand, Role
from register.principals import Principal
from register.selectors.visibility import readings
from register.services.application import ContactData, CurrentHousingData
from register.services.journal import record_access
from register.services.mandates import give_mandate
from register.services.separation import NewHousehold, Split, separate_couple
from tests.factories import (
    make_commune,
    make_counter,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.portal.space import page, signed_in
from tests.register.pdf_text import squeeze, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

BEFORE, DAY, AFTER = datetime(2026, 3, 2, 9), datetime(2026, 6, 17, 14), datetime(2026, 7, 20, 9)
# What would find her: the body and its counter, her town, street and mail, the day she was there.
FINDING = (
    "Refuge des Tilleuls",
    "Guichet du Refuge",
    "Beaune",
    "9 rue Neuve",
    "elle@example.org",
    "17 juin",
    "17/06/2026",
    "2026-06-17",
    "2026-06-16",
    "16/06/2026",
    "2026-06-19",
)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(BEFORE, tick=False) as clock:
        yield clock


@pytest.fixture
def helped(clock: Any) -> Principal:
    """The body that receives her: not the one that registered the couple."""
    town = make_commune("21054", "Beaune", epci="200006682", postal_code="21200")
    refuge = make_organisation("refuge", name="Refuge des Tilleuls", city="Beaune", commune=town)
    make_counter("21REF", refuge)
    return principal_of(make_member(refuge, Role.LEAD))


def couple() -> Demand:
    return make_demand(co_applicant="Durand", dependants=1)


def separate(helped: Principal, demand: Demand, clock: Any, *, is_sealed: bool = True) -> Demand:
    clock.move_to(DAY - timedelta(days=1))
    record_access(principal=helped, demand=demand, purpose=AccessPurpose.VIEW)
    clock.move_to(DAY)
    record_access(principal=helped, demand=demand, purpose=AccessPurpose.VIEW)
    return separate_couple(
        principal=helped,
        demand=demand,
        split=Split(leaving=demand.persons.get(role="co_applicant").pk),
        household=NewHousehold(
            contact=ContactData(email="elle@example.org", address="9 rue Neuve", city="Beaune"),
            housing=CurrentHousingData(kind="CP"),
            is_sealed=is_sealed,
        ),
    )


def told_to(client: Client, demand: Demand) -> dict[str, str]:
    """Every page, paper and file of the space, by name."""
    read = {name: client.get(page(demand, name)) for name in PAGES}
    assert {answer.status_code for answer in read.values()} == {200}
    told = {
        name: text_of(answer.content)
        if answer["Content-Type"] == "application/pdf"
        else answer.text
        for name, answer in read.items()
    }
    # The list of all whom the law lets read it (R441-2-6) names hers among the others, as before.
    whole, opened = told["access"], "Qui l’a ouvert"
    told["access"] = whole[whole.index(opened) :]
    paper = told["file-to-read"]
    all_of_them = slice(paper.index("Quipeutvoirmondossier"), paper.rindex(squeeze(opened)))
    told["file-to-read"] = paper.replace(paper[all_of_them], "")
    return told


PAGES = (
    "demand",
    "summary",
    "history",
    "documents",
    "messages",
    "preferences",
    "access",
    "mandates",
    "corrections",
    "data",
    "file-to-read",
    "attestation",
)


@pytest.mark.parametrize("is_sealed", [True, False])
def test_nothing_that_the_other_is_told_names_where_she_is_or_when(
    is_sealed: bool, helped: Principal, clock: Any, mailoutbox: list[Any]
) -> None:
    demand = couple()
    created = separate(helped, demand, clock, is_sealed=is_sealed)
    clock.move_to(AFTER)
    deliver_pending(100)
    told = told_to(signed_in(demand.account), demand)
    # Every certificate of the department names every counter (R441-2-4): his, as anybody's.
    his, anybodys = told.pop("attestation"), text_of(attestation_pdf(make_demand()))
    for finding in map(squeeze, FINDING):
        assert his.count(finding) == anybodys.count(finding), finding
    mails = [mail for mail in mailoutbox if "elle@example.org" not in mail.to]
    assert len(mails) == 1
    told["mail"] = str(mails[0].message()) + mails[0].body
    for name, text in told.items():
        for finding in (*FINDING, created.number):
            at = text.find(finding)
            assert at < 0, (name, text[max(at - 90, 0) : at + 60])
            assert squeeze(finding) not in squeeze(text), (name, finding)
    assert "En juin 2026, un guichet a noté que votre couple s’est séparé." in told["demand"]


def test_it_is_told_alike_whether_her_file_is_sealed_or_not(helped: Principal, clock: Any) -> None:
    stories = []
    for is_sealed in (True, False):
        clock.move_to(BEFORE)
        demand = couple()
        separate(helped, demand, clock, is_sealed=is_sealed)
        clock.move_to(AFTER)
        text = told_to(signed_in(demand.account), demand)["data"]
        stories.append(text[text.index('"history"') : text.index('"changes"')])
    assert stories[0] == stories[1]


def test_he_is_told_two_days_later_and_not_while_she_is_on_her_way(
    helped: Principal, clock: Any, mailoutbox: list[Any]
) -> None:
    demand = couple()
    separate(helped, demand, clock)
    deliver_pending(100)
    assert not [mail for mail in mailoutbox if demand.account.email in mail.to]
    clock.move_to(DAY + timedelta(days=2, minutes=1))
    deliver_pending(100)
    to_him = [mail for mail in mailoutbox if "elle@example.org" not in mail.to]
    assert len(to_him) == 1


def test_his_other_readings_keep_their_day_and_their_name(helped: Principal, clock: Any) -> None:
    demand = couple()
    landlord = principal_of(make_member(make_organisation("hlm", name="Bailleur Connu")))
    record_access(principal=landlord, demand=demand, purpose=AccessPurpose.VIEW)
    separate(helped, demand, clock)
    clock.move_to(DAY + timedelta(days=1))
    record_access(principal=landlord, demand=demand, purpose=AccessPurpose.VIEW)
    told = [(each.at.day, each.organisation, each.is_discreet) for each in readings(demand)]
    # Last of their month, whenever they took place in it.
    assert told == [
        (18, "Bailleur Connu", False),
        (1, "", True),
        (1, "", True),
        (2, "Bailleur Connu", False),
    ]


def test_whom_he_mandates_is_told_no_more(helped: Principal, clock: Any) -> None:
    demand = couple()
    separate(helped, demand, clock)
    clock.move_to(AFTER)
    friend = make_user()
    give_mandate(
        principal=principal_of(demand.account),
        demand=demand,
        helper_email=friend.email,
        ends_on=AFTER.date() + timedelta(days=9),
    )
    text = signed_in(friend).get(page(demand)).text
    assert "En juin 2026" in text
    assert not [finding for finding in FINDING if finding in text]
