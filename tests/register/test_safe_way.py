"""Somebody in danger is reached by the one way that she called safe; what it cannot, a body tells.

The table is written by hand from the charter, chapter 15, and R441-2-4, R441-2-7, R441-2-8.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from exchange.delivery import deliver_pending
from exchange.sms import MemoryBackend
from register.errors import NotAllowed
from register.models import (
    Contact,
    Demand,
    EffectKind,
    EventKind,
    Outbox,
    RenewalNotice,
    Role,
    Task,
    TaskKind,
)
from register.principals import Principal
from register.selectors import calls, tasks
from register.selectors.own_data import own_data
from register.selectors.renewals import Candidate
from register.services.account_link import give_code
from register.services.acts import send_message
from register.services.notices import record_delivery
from register.services.outbox import enqueue
from register.services.preferences import choose_safe_way
from register.services.printing import ask_run, take_turn
from register.services.renewal_notices import announce, strike_off_lapsed
from register.services.strike_off import warn
from tests.factories import make_counter, make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

PHONE = "0612345678"
# What tells somebody who opens it at home that she asks for a home, or who helps her.
TELLING = ("logement", "demande", "bailleur", "guichet", "hlm", "gestion", "renouvel", "numéro")

# Safe way, then what leaves or waits for each notice: the certificate (R441-2-4), a message, a
# warning (R441-2-8), the announcement of an end (R441-2-7), the striking off.
NOTICES = ("certificate", "message", "warning", "announcement", "end")
TABLE = {
    "": ("mail", "mail", "mail", "mail", "mail"),
    "email": ("mail", "mail", "mail", "mail", "mail"),
    "sms": ("task", "sms", "sms", "sms call", "sms task"),
    "letter": ("letter", "letter", "letter", "letter", "letter"),
    "phone": ("task", "task", "task", "call", "task"),
    "counter": ("task", "task", "task", "call", "task"),
}


@pytest.fixture(autouse=True)
def texts(settings: Any, tmp_path: Any) -> Iterator[list[Any]]:
    settings.DATA_DIR = tmp_path
    MemoryBackend.sent.clear()
    yield MemoryBackend.sent
    MemoryBackend.sent.clear()


@pytest.fixture
def lead() -> Principal:
    return principal_of(make_member(make_organisation("guichet-x", name="Guichet X"), Role.LEAD))


@pytest.fixture
def manager() -> Principal:
    """Of the body that holds the online door."""
    return principal_of(make_member(make_counter().organisation, Role.MANAGER))


@pytest.fixture
def demand(lead: Principal, manager: Principal) -> Demand:
    demand = make_demand(is_sealed=True, registered_by=lead.organisation)
    Contact.objects.filter(demand=demand).update(
        phone=PHONE, accepts_sms=True, wants_letters=True, email="elle@example.org"
    )
    return demand


def safe(demand: Demand, way: str, words: str = "") -> None:
    Contact.objects.filter(demand=demand).update(safe_way=way, safe_words=words)


def happen(kind: str, demand: Demand, lead: Principal) -> None:
    """What the register then has to tell her."""
    demand.refresh_from_db()
    candidate = Candidate(demand.pk, demand.version)
    if kind == "certificate":
        key = f"registration:{demand.number}"
        enqueue(kind=EffectKind.REGISTRATION_EMAIL, key=key, demand=demand)
    elif kind == "message":
        send_message(principal=lead, demand=demand, body="Venez lundi.")
    elif kind == "warning":
        today = timezone.localdate()
        warn(principal=lead, demand=demand, ground="RADCON", sent_on=today, text="RAR 1A")
    elif kind == "announcement":
        announce(candidate)
    else:
        strike_off_lapsed(candidate)
    deliver_pending(100)


def left(demand: Demand, mailoutbox: list[Any]) -> set[str]:
    """By which ways something left, or who has it to tell."""
    letters = Outbox.objects.filter(kind=EffectKind.LETTER, last_error="", done_at__isnull=False)
    found = {
        "mail": bool(mailoutbox),
        "sms": bool(MemoryBackend.sent),
        "letter": letters.exists(),
        "task": Task.objects.filter(demand=demand, kind=TaskKind.TELL).exists(),
        "call": RenewalNotice.objects.filter(demand=demand, to_call_at__isnull=False).exists(),
    }
    return {way for way, is_so in found.items() if is_so}


@pytest.mark.parametrize("kind", NOTICES)
@pytest.mark.parametrize("way", TABLE)
def test_each_notice_goes_by_the_safe_way_alone_and_none_is_dropped(
    way: str, kind: str, demand: Demand, lead: Principal, mailoutbox: list[Any]
) -> None:
    safe(demand, way)
    happen(kind, demand, lead)
    assert left(demand, mailoutbox) == set(TABLE[way][NOTICES.index(kind)].split())


@pytest.mark.parametrize("kind", NOTICES)
@pytest.mark.parametrize("way", ["email", "sms"])
def test_what_leaves_does_not_say_what_it_is_about(
    way: str, kind: str, demand: Demand, lead: Principal, mailoutbox: list[Any]
) -> None:
    safe(demand, way)
    happen(kind, demand, lead)
    told = [text for _to, text, _key in MemoryBackend.sent]
    told += [f"{mail.subject} {mail.from_email}" for mail in mailoutbox]
    assert not any(mail.attachments for mail in mailoutbox)
    if kind != "announcement":  # whose text the law orders, in the mail that she called safe
        told += [str(mail.message()) for mail in mailoutbox]
        told += [mail.body for mail in mailoutbox]
    told += [mail.subject for mail in mailoutbox]
    assert told or kind == "certificate"
    for text in (re.sub(r"https?://\S+", "", each) for each in told):  # the address is needed
        assert not [word for word in TELLING if word in text.lower()], text
        assert demand.number not in text


def test_what_a_discreet_mail_leaves_to_a_space_that_she_lacks_a_body_tells_besides(
    demand: Demand, lead: Principal, mailoutbox: list[Any]
) -> None:
    Demand.objects.filter(pk=demand.pk).update(account=None)
    happen("certificate", demand, lead)
    happen("warning", demand, lead)
    assert len(mailoutbox) == 2
    assert Task.objects.filter(kind=TaskKind.TELL).count() == 2


def test_what_was_on_its_way_when_the_way_changed_is_stopped_and_told_by_a_body(
    demand: Demand, lead: Principal, manager: Principal, mailoutbox: list[Any]
) -> None:
    safe(demand, "letter")
    happen("warning", demand, lead)
    safe(demand, "counter")
    assert ask_run(principal=manager) is not None
    while take_turn():
        pass
    effect = Outbox.objects.get(kind=EffectKind.LETTER)
    assert effect.last_error
    assert effect.print_run_id is None
    assert left(demand, mailoutbox) == {"task"}


def test_a_letter_of_a_file_sealed_since_does_not_leave(
    demand: Demand, lead: Principal, mailoutbox: list[Any]
) -> None:
    Demand.objects.filter(pk=demand.pk).update(is_sealed=False)
    Contact.objects.filter(demand=demand).update(accepts_email=False)
    demand.refresh_from_db()
    send_message(principal=lead, demand=demand, body="Venez lundi.")
    assert Outbox.objects.filter(kind=EffectKind.LETTER).exists()
    Demand.objects.filter(pk=demand.pk).update(is_sealed=True)
    deliver_pending(100)
    assert left(demand, mailoutbox) == {"task"}


def test_a_letter_that_came_back_is_told_by_a_body(
    demand: Demand, lead: Principal, mailoutbox: list[Any]
) -> None:
    safe(demand, "letter")
    happen("warning", demand, lead)
    record_delivery(Outbox.objects.get(kind=EffectKind.LETTER), "bounced")
    assert Task.objects.filter(kind=TaskKind.TELL).count() == 1


def test_the_body_that_may_open_the_file_has_the_task_and_the_manager_where_none_may(
    demand: Demand, lead: Principal, manager: Principal
) -> None:
    safe(demand, "counter")
    happen("warning", demand, lead)
    [line] = tasks.waiting(lead)[0]
    assert line.task.demand == demand
    assert not tasks.waiting(manager)[0]
    agent = principal_of(make_member(lead.organisation, Role.AGENT))
    assert not tasks.waiting(agent)[0]
    closed = make_demand(is_sealed=True)  # by the online door, which no counter's lead may open
    safe(closed, "counter")
    send_message(principal=manager, demand=closed, body="Bonjour.")
    assert [each.task.demand for each in tasks.waiting(manager)[0]] == [closed]


@pytest.mark.parametrize(("way", "shown"), [("phone", PHONE), ("counter", ""), ("letter", "")])
def test_the_call_list_shows_the_safe_way_and_no_other_telephone(
    way: str, shown: str, demand: Demand, lead: Principal
) -> None:
    safe(demand, way, "Après 18 h, par sa sœur")
    RenewalNotice.objects.create(
        demand=demand,
        kind="notice",
        expires_on=demand.expires_on,
        announced_on=timezone.localdate(),
        to_call_at=timezone.now(),
    )
    [line] = calls.waiting(lead)[0]
    assert (line.phone, line.safe_words) == (shown, "Après 18 h, par sa sœur")
    assert line.safe_way


def test_she_chooses_and_changes_it_and_so_does_who_may_write_her_contact(
    demand: Demand, lead: Principal
) -> None:
    owner = principal_of(demand.account)
    told = choose_safe_way(principal=owner, demand=demand, way="phone", words="Le matin")
    assert told is not None
    assert (told.kind, told.details) == (EventKind.CHANNELS_CHOSEN, {"safe_way": "phone"})
    again = choose_safe_way(principal=owner, demand=demand, way="phone", words="Le matin")
    assert again is None
    choose_safe_way(principal=lead, demand=demand, way="email")
    assert Contact.objects.get(demand=demand).safe_way == "email"
    assert own_data(Demand.objects.get(pk=demand.pk))["written_to"]["safe_way"] == "email"
    agent = principal_of(make_member(lead.organisation, Role.AGENT))
    with pytest.raises(NotAllowed):
        choose_safe_way(principal=agent, demand=demand, way="sms")


@pytest.mark.parametrize(
    ("contact", "way"),
    [({"phone": ""}, "sms"), ({"phone": ""}, "phone"), ({"city": ""}, "letter"), ({}, "pigeon")],
)
def test_a_way_that_leads_nowhere_is_refused(
    contact: dict[str, str], way: str, demand: Demand
) -> None:
    Contact.objects.filter(demand=demand).update(**contact)
    with pytest.raises(ValidationError) as refused:
        choose_safe_way(principal=principal_of(demand.account), demand=demand, way=way)
    assert "way" in refused.value.message_dict


def test_an_ordinary_file_has_no_safe_way() -> None:
    demand = make_demand()
    with pytest.raises(ValidationError):
        choose_safe_way(principal=principal_of(demand.account), demand=demand, way="email")


def test_a_code_of_online_access_goes_by_mail_when_that_is_safe_and_not_otherwise(
    demand: Demand, lead: Principal, mailoutbox: list[Any]
) -> None:
    Demand.objects.filter(pk=demand.pk).update(account=None)
    demand.refresh_from_db()
    safe(demand, "email")
    give_code(principal=lead, demand=demand, by_email=True)
    deliver_pending(100)
    assert len(mailoutbox) == 1
    assert "logement" not in mailoutbox[0].subject
    safe(demand, "counter")
    with pytest.raises(ValidationError):
        give_code(principal=lead, demand=demand, by_email=True)
