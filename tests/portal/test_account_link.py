"""A demand typed at a counter is reached online by what only its applicant knows, and is told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from exchange.delivery import deliver_pending
from register.account_codes import code_of
from register.models import AccountCode, Demand, EffectKind, EventKind, Outbox, Role
from tests.factories import make_demand, make_member, make_organisation, make_user
from tests.portal.space import page, read, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

FIND = "/mon-espace/retrouver/"
BORN = date(1985, 3, 27)


@pytest.fixture
def demand() -> Demand:
    """Typed at a counter: nobody holds it online."""
    made = make_demand(registered_by=make_organisation("gdh"))
    Demand.objects.filter(pk=made.pk).update(account=None)
    made.persons.update(birth_date=BORN)
    made.contact.email, made.contact.accepts_email = "sur.papier@example.org", False
    made.contact.save()
    made.refresh_from_db()
    return made


@pytest.fixture
def desk(demand: Demand) -> Client:
    return signed_in(make_member(demand.registered_by).user)


def offer(desk: Client, demand: Demand, **data: str) -> AccountCode:
    address = f"/bureau/dossiers/{demand.number}/acces-en-ligne/"
    assert desk.post(address, data)["Location"] == address
    return AccountCode.objects.get(demand=demand, used_at=None)


def proof(given: AccountCode, **wrong: str) -> dict[str, str]:
    right = {
        "number": given.demand.number,
        "birth_date_0": "27",
        "birth_date_1": "3",
        "birth_date_2": "1985",
        "code": code_of(given),
    }
    return right | wrong


def test_a_counter_gives_a_code_and_the_applicant_reaches_her_demand_with_it(
    desk: Client, demand: Demand
) -> None:
    file = f"/bureau/dossiers/{demand.number}/"
    assert f"{file}acces-en-ligne/" in read(desk, file)
    given = offer(desk, demand, by_email="on")
    code = code_of(given)
    printed = read(desk, f"{file}acces-en-ligne/")
    assert f"{code[:4]} {code[4:]}" in printed
    deliver_pending()
    [sent] = [each for each in mail.outbox if each.to == ["sur.papier@example.org"]]
    assert f"{code[:4]} {code[4:]}" in sent.body
    assert demand.number not in sent.body, "the code alone opens nothing"
    user = make_user()
    applicant = signed_in(user)
    assert FIND in read(applicant, "/mon-espace/")
    assert applicant.get(page(demand)).status_code == 404
    answer = applicant.post(FIND, proof(given))
    assert answer["Location"] == page(demand)
    demand.refresh_from_db()
    assert demand.account == user
    story = read(applicant, page(demand))
    assert "vous a donné un code" in story
    assert "a été ouverte au compte" in story
    told = demand.events.get(kind=EventKind.ACCOUNT_LINKED)
    # Told by post, where she is written to: not at the address of whoever typed the code.
    assert Outbox.objects.get(key=f"event:{told.pk}").kind == EffectKind.LETTER
    # Once.
    other = signed_in(make_user())
    assert other.post(FIND, proof(given)).status_code == 422
    assert "déjà rattachée" in read(desk, f"{file}acces-en-ligne/")


def test_whatever_is_wrong_is_answered_in_the_same_bytes(desk: Client, demand: Demand) -> None:
    given, applicant = offer(desk, demand), signed_in(make_user())
    wrong_code = f"{(int(code_of(given)) + 1) % 10**8:08}"
    absent = f"{demand.number[:-6]}999999"[:18]
    answers = {
        _without(answer, typed)
        for typed in (
            proof(given, code=wrong_code),
            proof(given, birth_date_0="28"),
            proof(given, number=absent),
        )
        if (answer := applicant.post(FIND, typed)).status_code == 422
    }
    assert len(answers) == 1
    assert "ne vont pas ensemble" in answers.pop()
    given.refresh_from_db()
    assert given.wrong_codes == 2, "only those with the number are held against it"
    # Another code given meanwhile: the one before is worth nothing.
    again = offer(desk, demand)
    assert code_of(again) != code_of(given)
    assert applicant.post(FIND, proof(again, code=code_of(given))).status_code == 422
    AccountCode.objects.filter(pk=again.pk).update(
        expires_on=timezone.localdate() - timedelta(days=1)
    )
    again.refresh_from_db()
    assert applicant.post(FIND, proof(again)).status_code == 422
    demand.refresh_from_db()
    assert demand.account is None


def _without(answer: Any, typed: dict[str, str]) -> str:
    """The page without what was typed, the tokens and their times."""
    text = answer.content.decode()
    for value in sorted(typed.values(), key=len, reverse=True):
        text = text.replace(f'value="{value}"', 'value=""')
    return "\n".join(
        line for line in text.splitlines() if "token" not in line and "page_" not in line
    )


def test_an_account_holds_one_live_demand_of_a_department_and_tries_are_counted(
    desk: Client, demand: Demand, settings: Any
) -> None:
    given = offer(desk, demand)
    holder = make_demand().account
    answer = signed_in(holder).post(FIND, proof(given))
    assert answer.status_code == 422
    assert "a déjà une demande" in answer.content.decode()
    settings.ACCOUNT_RATE_LIMITS = {"link_demand": "2/h/user"}
    hurried = signed_in(make_user())
    told = [hurried.post(FIND, proof(given, code="00000000")).status_code for _ in range(3)]
    assert told == [422, 422, 429]


def test_no_number_of_a_strangers_tries_shuts_her_code(desk: Client, demand: Demand) -> None:
    given = offer(desk, demand)
    for _ in range(30):
        wrong = proof(given, code="00000000", birth_date_0="28")
        assert signed_in(make_user()).post(FIND, wrong).status_code == 422
    user = make_user()
    assert signed_in(user).post(FIND, proof(given))["Location"] == page(demand)


def test_accounts_of_one_network_guess_together_and_another_network_goes_on(
    desk: Client, demand: Demand, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"link_demand": "10/h/user", "type_code": "10/h/ip,30/d/ip"}
    cache.clear()
    given = offer(desk, demand)
    told = []
    for _ in range(12):
        guesser = Client(REMOTE_ADDR="203.0.113.7")
        guesser.force_login(make_user())
        told.append(guesser.post(FIND, proof(given, code="00000000")).status_code)
    assert told == [422] * 10 + [429] * 2
    hers = Client(REMOTE_ADDR="198.51.100.4")
    hers.force_login(make_user())
    assert hers.post(FIND, proof(given))["Location"] == page(demand)


def test_the_address_of_a_code_is_shown_to_whoever_reads_the_contact_details(
    desk: Client, demand: Demand
) -> None:
    address = f"/bureau/dossiers/{demand.number}/acces-en-ligne/"
    assert "sur.papier@example.org" in read(desk, address)
    demand.registered_by.agreements.update(data_classes=["identity", "documents"])
    assert "sur.papier@example.org" not in read(desk, address)
    offer(desk, demand, by_email="on")
    deliver_pending()
    assert not [each for each in mail.outbox if each.to == ["sur.papier@example.org"]]


def test_a_sealed_file_has_a_code_from_the_few_who_open_it_alone(
    desk: Client, demand: Demand
) -> None:
    Demand.objects.filter(pk=demand.pk).update(is_sealed=True)
    address = f"/bureau/dossiers/{demand.number}/acces-en-ligne/"
    assert desk.get(address).status_code == 404
    lead = signed_in(make_member(demand.registered_by, Role.LEAD).user)
    given = offer(lead, demand)
    assert signed_in(make_user()).post(FIND, proof(given))["Location"] == page(demand)
