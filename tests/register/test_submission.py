"""Registering a demand: the legal minimum exactly, all of it or nothing, once (R441-2-3, R6)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from register import clock, codes
from register.errors import NotAllowed, SubmissionRefused
from register.models import (
    Demand,
    DemandAudience,
    DemandFacts,
    DemandState,
    Document,
    EffectKind,
    EventKind,
    NumberCounter,
    Outbox,
    Person,
    User,
)
from register.numbers import is_number
from register.principals import ANONYMOUS, SYSTEM
from register.selectors.deliveries import Stage, sendings_of
from register.services.application import (
    ContactData,
    CurrentHousingData,
    DemandApplication,
    DocumentData,
    IncomeLine,
    WishData,
)
from register.services.submission import missing_for_registration, submit_demand
from tests.factories import (
    make_commune,
    make_counter,
    make_demand,
    make_member,
    make_stored_file,
    make_user,
    principal_of,
)
from tests.register.demands import DIJON, NEVERS, QUETIGNY, applicant, complete, minimum, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def user() -> User:
    make_counter()
    make_commune(DIJON, "Dijon")
    make_commune(QUETIGNY, "Quetigny", postal_code="21800")
    make_commune(NEVERS, "Nevers", department="58", postal_code="58000", epci=None)
    return make_user()


def sent() -> Any:
    """What is to be sent to people; the automatic rules of a step have their own tests."""
    return Outbox.objects.exclude(kind=EffectKind.AUTOMATION)


def nothing_is_written() -> bool:
    """No row of any demand, and no number spent."""
    tables = (Demand, Person, Document, DemandFacts, DemandAudience, Outbox, NumberCounter)
    return not any(table.objects.exists() for table in tables)


def test_one_submission_writes_the_demand_with_all_that_hangs_from_it(user: User) -> None:
    demand = submit(user, complete(user))
    assert is_number(demand.number)
    assert demand.number.endswith("GDPUB")
    assert demand.state == DemandState.AWAITING_CHECK
    assert demand.account == user
    assert demand.channel == codes.Channel.ONLINE
    assert demand.persons.count() == 3
    assert list(demand.wished_communes.values_list("commune_id", flat=True)) == [QUETIGNY, DIJON]
    assert list(demand.reasons.values_list("code", flat=True)) == ["13", "09"]
    assert demand.documents.get().kind == codes.DocumentKind.IDENTITY
    assert demand.facts.household_size == 4
    assert demand.facts.annual_income == Decimal("23403.50")
    audiences = set(DemandAudience.objects.filter(demand=demand).values_list("audience", flat=True))
    assert {"dep:21", f"commune:{DIJON}", f"commune:{QUETIGNY}"} <= audiences
    event = demand.events.get()
    assert (event.kind, event.user, event.organisation) == (EventKind.SUBMITTED, user, None)
    effect = sent().get()
    assert effect.kind == EffectKind.REGISTRATION_EMAIL
    assert effect.key == f"registration:{demand.number}"
    assert effect.demand == demand
    assert NumberCounter.objects.get().last == 1


def test_the_same_token_gives_the_same_demand_however_often_it_is_sent(user: User) -> None:
    token = uuid4()
    asked = minimum(user)
    first = submit(user, asked, token)
    for again in (asked, complete(user), replace(asked, documents=())):
        assert submit(user, again, token) == first
    assert Demand.objects.count() == sent().count() == NumberCounter.objects.get().last == 1


def test_the_token_of_somebody_else_reveals_and_writes_nothing(user: User) -> None:
    token = uuid4()
    first = submit(user, token=token)
    thief = make_user()
    with pytest.raises(SubmissionRefused) as refusal:
        submit(thief, token=token)
    assert first.number not in str(refusal.value.message)
    assert refusal.value.missing == []
    assert not Demand.objects.filter(account=thief).exists()
    assert NumberCounter.objects.get().last == 1


def without(name: str) -> Callable[[DemandApplication], DemandApplication]:
    """Leave out one item of the legal minimum."""
    if name == "applicant":
        return lambda asked: replace(asked, persons=())
    if name == "identity_document":
        return lambda asked: replace(asked, documents=())
    if name in ("home_types", "communes"):
        return lambda asked: replace(asked, wish=replace(asked.wish, **{name: ()}))
    if name == "current_housing":
        return lambda asked: replace(asked, current_housing=replace(asked.current_housing, kind=""))
    if name == "occupants":
        return lambda asked: replace(
            asked, current_housing=replace(asked.current_housing, occupants=None)
        )
    empty = None if name == "birth_date" else ""
    return lambda asked: replace(asked, persons=(applicant(**{name: empty}),))


# domain.md §1.2: identity of the applicant, what is wished, where one lives, one document.
MANDATORY = [
    "applicant",
    "title",
    "birth_name",
    "first_names",
    "birth_date",
    "nationality",
    "current_housing",
    "occupants",
    "home_types",
    "communes",
    "identity_document",
]


@pytest.mark.parametrize("name", MANDATORY)
def test_each_item_of_the_legal_minimum_blocks_registration_and_is_named(
    user: User, name: str
) -> None:
    asked = without(name)(complete(user))
    assert missing_for_registration(asked) == [name]
    with pytest.raises(SubmissionRefused) as refusal:
        submit(user, asked)
    assert refusal.value.missing == [name]
    assert nothing_is_written()


def test_nothing_but_the_legal_minimum_blocks_registration(user: User) -> None:
    demand = submit(user, minimum(user))
    assert demand.facts.annual_income is None
    assert not demand.reasons.exists()
    assert not demand.contact.address
    assert not demand.contact.email


@pytest.mark.parametrize(
    "kind", [kind for kind in codes.DocumentKind.values if kind != codes.DocumentKind.IDENTITY]
)
def test_no_other_document_replaces_the_identity_document(user: User, kind: str) -> None:
    other = DocumentData(kind, make_stored_file(user).pk)
    with pytest.raises(SubmissionRefused):
        submit(user, minimum(user, documents=(other,)))


def test_a_home_with_nobody_else_in_it_is_an_answer(user: User) -> None:
    homeless = CurrentHousingData(kind=codes.CurrentHousingKind.HOMELESS, occupants=0)
    assert submit(user, minimum(user, current_housing=homeless)).pk


def test_income_above_any_ceiling_does_not_block_registration(user: User) -> None:
    rich = applicant(tax_income_n2=Decimal("99999999.99"))
    assert submit(user, minimum(user, persons=(rich,))).pk


def test_a_declaration_with_two_applicants_names_nobody(user: User) -> None:
    with pytest.raises(SubmissionRefused) as refusal:
        submit(user, minimum(user, persons=(applicant(), applicant(first_names="Rose"))))
    assert refusal.value.missing == ["applicant"]


def test_a_second_live_demand_in_the_department_is_refused_in_words(user: User) -> None:
    submit(user)
    with pytest.raises(SubmissionRefused) as refusal, translation.override("fr"):
        submit(user)
    with translation.override("fr"):
        assert "déjà une demande" in str(refusal.value.message)
    assert refusal.value.missing == ["existing_demand"]
    assert Demand.objects.count() == sent().count() == 1


def test_one_demand_per_department_not_one_for_all(user: User) -> None:
    submit(user)
    wish = WishData(home_types=("T2",), communes=(NEVERS,))
    other = submit(user, minimum(user, department="58", wish=wish))
    assert other.number.startswith("058")


@pytest.mark.parametrize("state", [DemandState.STRUCK_OFF, DemandState.ERASED])
def test_a_demand_that_ended_does_not_prevent_a_new_one(user: User, state: str) -> None:
    make_demand(user, state=state, strike_off_reason="RADREN", struck_off_on=date(2026, 1, 2))
    assert submit(user).pk


def test_communes_of_two_departments_are_refused(user: User) -> None:
    wish = WishData(home_types=("T3",), communes=(DIJON, NEVERS))
    with pytest.raises(SubmissionRefused) as refusal:
        submit(user, minimum(user, wish=wish))
    assert refusal.value.missing == ["communes"]
    assert nothing_is_written()


def test_a_commune_that_does_not_exist_is_refused(user: User) -> None:
    wish = WishData(home_types=("T3",), communes=(DIJON, "21999"))
    with pytest.raises(SubmissionRefused):
        submit(user, minimum(user, wish=wish))
    assert nothing_is_written()


def test_a_commune_chosen_twice_counts_once_at_its_best_rank(user: User) -> None:
    wish = WishData(home_types=("T3", "T3"), communes=(QUETIGNY, DIJON, QUETIGNY))
    demand = submit(user, minimum(user, wish=wish))
    assert list(demand.wished_communes.values_list("position", "commune_id")) == [
        (1, QUETIGNY),
        (2, DIJON),
    ]
    assert demand.wished_types.count() == 1


def _foreign_file(_user: User) -> Any:
    return make_stored_file(make_user()).pk


def _attached_file(user: User) -> Any:
    make_demand(user, department="58", communes=(NEVERS,))
    return Document.objects.get().stored_file_id


@pytest.mark.parametrize("which", [_foreign_file, _attached_file, lambda _user: uuid4()])
def test_a_file_of_somebody_else_attached_or_unknown_cannot_be_attached(
    user: User, which: Callable[[User], Any]
) -> None:
    document = DocumentData(codes.DocumentKind.IDENTITY, which(user))
    before = Demand.objects.count()
    with pytest.raises(SubmissionRefused) as refusal:
        submit(user, minimum(user, documents=(document,)))
    assert refusal.value.missing == ["identity_document"]
    assert Demand.objects.count() == before


def test_the_day_of_reception_in_paris_fixes_seniority_and_validity(user: User) -> None:
    # 23:30 in London on 28 February is already the 29th in Paris.
    with clock.at(datetime(2028, 2, 28, 23, 30, tzinfo=UTC)):
        demand = submit(user)
    assert demand.received_on == date(2028, 2, 29)
    assert demand.expires_on == date(2029, 2, 28)
    assert demand.number[3:7] == "0228"
    assert demand.last_renewed_on is None


def test_a_demand_sent_today_is_received_today_and_valid_for_a_year(user: User) -> None:
    demand = submit(user)
    today = timezone.localdate(demand.received_at)
    assert demand.received_on == today
    assert (demand.expires_on.year, demand.expires_on.month) == (today.year + 1, today.month)


@pytest.mark.parametrize("principal", [ANONYMOUS, SYSTEM])
def test_only_a_person_signed_in_sends_a_demand(user: User, principal: Any) -> None:
    with pytest.raises(NotAllowed):
        submit_demand(principal=principal, application=minimum(user), token=uuid4())
    assert nothing_is_written()


def test_an_agent_does_not_send_a_demand_as_an_applicant(user: User) -> None:
    with pytest.raises(NotAllowed):
        submit_demand(
            principal=principal_of(make_member()), application=minimum(user), token=uuid4()
        )


TEXTS = [
    "\u202egpj.exe",
    "zero\u200bwidth",
    "e\u0301 n’est pas é",
    "👩‍👩‍👧‍👦",
    "=cmd|' /C calc'!A0",
    "{{7*7}}{% now 'Y' %}",
    "<script>alert(1)</script>",
    "'\";-- DROP TABLE register_demand",
    "%0d%0aSet-Cookie: a=b",
    "../../etc/passwd",
    "محمد",
    "李",
    "x" * 100,
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_people_write_is_kept_exactly(user: User, text: str) -> None:
    person = applicant(birth_name=text, first_names=text, occupation=text)
    contact = ContactData(address=text, city=text, care_of=text)
    demand = submit(user, minimum(user, persons=(person,), contact=contact, remarks=text))
    demand.refresh_from_db()
    kept = demand.persons.get()
    assert (kept.birth_name, kept.first_names, kept.occupation) == (text, text, text)
    assert (demand.contact.address, demand.contact.city, demand.remarks) == (text, text, text)


def _person(**changes: Any) -> dict[str, Any]:
    return {"persons": (applicant(**changes),)}


REFUSED: dict[str, dict[str, Any]] = {
    "NUL in a name": _person(birth_name="Mar\x00tin"),
    "half a character": _person(first_names="Camille\ud800"),
    "NUL in the remarks": {"remarks": "a\x00b"},
    "name of a megabyte": _person(birth_name="x" * 1_000_000),
    "101 letters": _person(birth_name="x" * 101),
    "remarks too long": {"remarks": "x" * 1001},
    "address too long": {"contact": ContactData(address="x" * 201)},
    "no e-mail address": {"contact": ContactData(email="pas une adresse")},
    "unknown title": _person(title="9"),
    "finer nationality": _person(nationality="FR"),
    "unknown role": {"persons": (applicant(), applicant(role="cousin"))},
    "unknown home type": {"wish": WishData(home_types=("T9",), communes=(DIJON,))},
    "unknown housing": {"current_housing": CurrentHousingData(kind="CHATEAU", occupants=1)},
    "people below zero": {"current_housing": CurrentHousingData(kind="LP", occupants=-1)},
    "crowd": {"current_housing": CurrentHousingData(kind="LP", occupants=2**63)},
    "unknown reason": {"reasons": ("99",)},
    "unknown income": _person(incomes=(IncomeLine("LOTO", Decimal(1)),)),
    "income below zero": _person(incomes=(IncomeLine("SAL", Decimal("-1")),)),
    "income without end": _person(incomes=(IncomeLine("SAL", Decimal("1e30")),)),
    "income that is no number": _person(tax_income_n2=Decimal("NaN")),
    "three decimals": _person(tax_income_n2=Decimal("1.001")),
    "children below zero": {"unborn_count": -1},
    "unknown building": {
        "wish": WishData(home_types=("T3",), communes=(DIJON,), building_kind="Z")
    },
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_register_cannot_keep_is_refused_whole(user: User, what: str) -> None:
    with pytest.raises(ValidationError):
        submit(user, minimum(user, **REFUSED[what]))
    assert nothing_is_written()


def test_a_forged_kind_of_document_is_refused(user: User) -> None:
    forged = DocumentData("passport", make_stored_file(user).pk)
    asked = minimum(user)
    with pytest.raises(ValidationError):
        submit(user, replace(asked, documents=(*asked.documents, forged)))
    assert nothing_is_written()


def test_the_first_certificate_is_told_under_the_registration(user: User) -> None:
    demand = submit(user, minimum(user))
    events = list(demand.events.all())
    [(step, [told])] = sendings_of(events).items()
    assert [event.kind for event in events if event.pk == step] == [EventKind.SUBMITTED]
    assert told.stage == Stage.PENDING
