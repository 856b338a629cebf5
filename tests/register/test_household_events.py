"""A separation, a death, a transfer, another department: who keeps which number and which date."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from exchange.delivery import deliver_pending
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.models import (
    Contact,
    Demand,
    DemandFacts,
    DemandState,
    EventKind,
    FieldChange,
    Mandate,
    OrganisationKind,
    Outbox,
    Person,
    Role,
)
from register.principals import Principal
from register.selectors.deaths import has_died
from register.selectors.history import history_of
from register.services.acts import send_message
from register.services.application import ContactData, CurrentHousingData
from register.services.elsewhere import register_elsewhere
from register.services.facts import compute_facts, differing_columns
from register.services.mistaken_death import take_back_death
from register.services.separation import NewHousehold, Split, separate_couple
from register.services.strike_off import withdraw_in_writing
from register.services.succession import record_death, transfer_to_co_applicant
from tests.factories import (
    make_agreement,
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

DEPOSITED = date(2024, 2, 29)
ELSEWHERE = ContactData(email="dominique@example.org", address="9 rue Neuve", city="Beaune")
SECRET = "1 rue des Exemples"


@pytest.fixture
def counter() -> Principal:
    return principal_of(make_member(make_organisation(), Role.AGENT))


@pytest.fixture
def lead(counter: Principal) -> Principal:
    return principal_of(make_member(counter.organisation, Role.LEAD))


def couple(**told: Any) -> Demand:
    told = {"received_on": DEPOSITED, "dependants": 2, "co_applicant": "Durand", **told}
    return make_demand(**told)


def key(demand: Demand, role: str = "co_applicant", position: int = 1) -> int:
    return demand.persons.get(role=role, position=position).pk


def separate(counter: Principal, demand: Demand, **told: Any) -> Demand:
    split = {"leaving": key(demand), **told.pop("split", {})}
    household = {"contact": ELSEWHERE, "housing": CurrentHousingData(kind="CP"), **told}
    return separate_couple(
        principal=counter, demand=demand, split=Split(**split), household=NewHousehold(**household)
    )


def names(demand: Demand) -> set[tuple[str, str]]:
    return set(demand.persons.values_list("role", "first_names"))


def assert_in_step(demand: Demand) -> None:
    now = Demand.objects.get(pk=demand.pk)
    assert differing_columns(DemandFacts.objects.get(pk=now.pk), compute_facts(now)) == []


def test_both_of_a_couple_keep_the_first_date_under_two_numbers(counter: Principal) -> None:
    demand = couple()
    split = {"going": [key(demand, "dependant", 1)], "shared": [key(demand, "dependant", 2)]}
    created = separate(counter, demand, split=split)
    demand.refresh_from_db()
    assert created.number != demand.number
    assert (created.received_on, created.expires_on) == (DEPOSITED, demand.expires_on)
    assert (created.state, created.account) == (DemandState.AWAITING_CHECK, None)
    assert names(created) == {
        ("applicant", "Dominique"),
        ("dependant", "Enfant 1"),
        ("dependant", "Enfant 2"),
    }
    assert names(demand) == {("applicant", "Camille"), ("dependant", "Enfant 2")}
    assert demand.events.latest("pk").kind == EventKind.SEPARATED
    assert created.events.get().reason == "CRS"
    for each in (demand, created):
        assert_in_step(each)


def test_nothing_of_the_first_address_or_of_sealed_wishes_goes_over(lead: Principal) -> None:
    demand = couple(is_sealed=True, registered_by=lead.organisation)
    with pytest.raises(ValidationError) as refusal:
        separate(lead, demand)
    assert "commune" in refusal.value.message_dict
    make_commune("21054", "Beaune")
    created = separate(lead, demand, commune="21054", home_type="T2")
    told = repr(list(Contact.objects.filter(demand=created).values()))
    assert SECRET not in told
    assert demand.contact.email not in told
    assert list(created.wished_communes.values_list("commune_id", flat=True)) == ["21054"]
    assert demand.number not in repr(list(created.events.values()))
    assert created.number not in repr(list(demand.events.values()))


def test_a_split_that_says_two_things_changes_nothing(counter: Principal) -> None:
    demand = couple()
    child, other = key(demand, "dependant"), key(couple(), "dependant")
    for split, field in (
        ({"going": [child], "shared": [child]}, "shared"),
        ({"going": [other]}, "going"),
        ({"leaving": child}, "leaving"),
        ({"leaving": None}, "leaving"),
    ):
        with pytest.raises(ValidationError) as refusal:
            separate(counter, demand, split=split)
        assert field in refusal.value.message_dict
    with pytest.raises(ValidationError) as refusal:
        separate(counter, demand, contact=ContactData())
    assert "address" in refusal.value.message_dict
    assert Demand.objects.filter(received_on=DEPOSITED).count() == 2


def test_two_agents_who_saw_the_same_file_separate_it_once(counter: Principal) -> None:
    demand = couple()
    version = demand.version
    separate(counter, demand)
    with pytest.raises(Conflict):
        transfer_to_co_applicant(
            principal=counter,
            demand=demand,
            successor=None,
            contact=ELSEWHERE,
            text="Lettre",
            expected_version=version,
        )


def test_a_transfer_keeps_number_and_date_and_cuts_off_the_former_applicant(
    counter: Principal,
) -> None:
    demand = couple(state=DemandState.UNDER_ALLOCATION)
    Mandate.objects.create(
        demand=demand, helper=make_user(), starts_on=DEPOSITED, ends_on=date(2099, 1, 1)
    )
    for question, who in (
        ("coordonnees.phone", None),
        ("ressources.tax_income_n2", key(demand, "applicant")),
        ("ressources.co_tax_income_n2", key(demand)),
    ):
        FieldChange.objects.create(
            demand=demand,
            event=demand.events.first(),
            question=question,
            person_id=who,
            before="12.00",
            source="applicant",
        )
    event = transfer_to_co_applicant(
        principal=counter,
        demand=demand,
        successor=key(demand),
        contact=ELSEWHERE,
        text="Lettre du 3 mars",
    )
    # What the former applicant's answers were leaves with her; those of the other stay.
    kept = demand.field_changes.exclude(event=event)
    assert [change.question for change in kept] == ["ressources.co_tax_income_n2"]
    now = Demand.objects.get(pk=demand.pk)
    assert (now.number, now.received_on) == (demand.number, DEPOSITED)
    assert (now.state, now.account) == (DemandState.AWAITING_CHECK, None)
    assert ("applicant", "Dominique") in names(now)
    assert ("applicant", "Camille") not in names(now)
    assert now.contact.email == ELSEWHERE.email
    assert not now.mandates.filter(revoked_at__isnull=True).exists()
    assert (event.kind, event.reason) == (EventKind.TRANSFERRED, "given_up")
    changes = {change.question: change for change in event.field_changes.all()}
    name = changes["identite.first_names"]
    assert (name.before, name.after, name.source) == ("Camille", "Dominique", "applicant")
    assert changes["foyer-conjoint.people"].after == []
    # Where the former applicant was reached leaves the file.
    assert {each.before for each in changes.values() if each.question.startswith("coord")} == {None}
    told = {answer.label for answer in history_of(now) if answer.changes}
    assert {"Prénoms", "Téléphone"} <= told
    assert_in_step(now)


def test_the_new_applicant_receives_the_certificate(counter: Principal, mailoutbox: Any) -> None:
    demand = couple()
    transfer_to_co_applicant(
        principal=counter, demand=demand, successor=key(demand), contact=ELSEWHERE, text="Lettre"
    )
    deliver_pending()
    [mail] = [mail for mail in mailoutbox if mail.to == [ELSEWHERE.email]]
    assert mail.attachments
    assert len(mailoutbox) == 2, "the other is told by a mail that tells nothing of her"


def test_death_with_a_co_applicant_transfers_the_demand(counter: Principal) -> None:
    demand = couple()
    with pytest.raises(ValidationError) as refusal:
        record_death(principal=counter, demand=demand, died_on=DEPOSITED, text="Acte n° 3")
    assert refusal.value.message_dict
    event = record_death(
        principal=counter,
        demand=demand,
        died_on=DEPOSITED,
        text="Acte n° 3",
        successor=key(demand),
        contact=ELSEWHERE,
    )
    demand.refresh_from_db()
    assert (event.reason, demand.is_live, demand.received_on) == ("death", True, DEPOSITED)


def test_death_without_one_ends_the_demand_and_nothing_is_sent_any_more(
    counter: Principal, mailoutbox: Any
) -> None:
    demand = make_demand(dependants=1)
    send_message(principal=counter, demand=demand, body="Bonjour")
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError):
        record_death(principal=counter, demand=demand, died_on=tomorrow, text="Acte")
    today = timezone.localdate()
    record_death(principal=counter, demand=demand, died_on=today, text="Acte n° 3")
    demand.refresh_from_db()
    assert (demand.state, demand.strike_off_reason) == (DemandState.STRUCK_OFF, "RADABA")
    assert has_died(demand)
    deliver_pending()
    assert mailoutbox == []
    assert not Outbox.objects.filter(demand=demand, done_at__isnull=True).exists()


def test_a_death_told_by_mistake_is_taken_back_and_the_demand_is_what_it_was(
    counter: Principal, mailoutbox: Any
) -> None:
    demand = make_demand(state=DemandState.UNDER_ALLOCATION)
    mandate = Mandate.objects.create(
        demand=demand, helper=make_user(), starts_on=DEPOSITED, ends_on=date(2099, 1, 1)
    )
    with pytest.raises(TransitionRefused):
        take_back_death(principal=counter, demand=demand, text="Aucun décès")
    today = timezone.localdate()
    record_death(principal=counter, demand=demand, died_on=today, text="Acte n° 3")
    send_message(principal=counter, demand=demand, body="Bonjour")
    deliver_pending()
    assert not mailoutbox
    with pytest.raises(NotAllowed):
        take_back_death(principal=principal_of(demand.account), demand=demand, text="C’est moi")
    with pytest.raises(ValidationError):
        take_back_death(principal=counter, demand=demand, text=" ")
    other = make_demand()
    Demand.objects.filter(pk=other.pk).update(account=demand.account)
    with pytest.raises(ValidationError, match=r"another|autre"):
        take_back_death(principal=counter, demand=demand, text="Homonyme")
    Demand.objects.filter(pk=other.pk).update(account=None)
    event = take_back_death(principal=counter, demand=demand, text="Homonyme")
    now = Demand.objects.get(pk=demand.pk)
    assert (now.state, now.strike_off_reason, now.struck_off_on) == (demand.state, "", None)
    assert (now.expires_on, now.account) == (demand.expires_on, demand.account)
    assert (event.kind, event.details) == (EventKind.DEATH_TAKEN_BACK, {"ended": str(today)})
    mandate.refresh_from_db()
    assert mandate.revoked_at is None
    assert_in_step(now)
    # She is written to again, of this and of what comes; the next end is another one.
    deliver_pending()
    assert len(mailoutbox) == 1
    withdraw_in_writing(principal=counter, demand=now, text="Lettre")
    now.refresh_from_db()
    assert (now.state, has_died(now)) == (DemandState.STRUCK_OFF, False)
    with pytest.raises(TransitionRefused):
        take_back_death(principal=counter, demand=now, text="Homonyme")


def test_a_demand_handed_over_by_a_mistaken_death_stays_with_who_has_it(
    counter: Principal,
) -> None:
    demand = couple()
    told = {"died_on": DEPOSITED, "text": "Acte", "successor": key(demand), "contact": ELSEWHERE}
    record_death(principal=counter, demand=demand, **told)
    demand.refresh_from_db()
    event = take_back_death(principal=counter, demand=demand, text="Homonyme")
    now = Demand.objects.get(pk=demand.pk)
    assert (event.details, event.to_state, now.account) == ({}, demand.state, None)
    assert ("applicant", "Dominique") in names(now)
    with pytest.raises(TransitionRefused):
        take_back_death(principal=counter, demand=demand, text="Homonyme")


def test_a_sealed_file_is_not_handed_to_the_co_applicant(lead: Principal) -> None:
    demand = couple(is_sealed=True, registered_by=lead.organisation)
    for act in (transfer_to_co_applicant, record_death):
        told: dict[str, Any] = {"successor": key(demand), "contact": ELSEWHERE, "text": "Acte"}
        if act is record_death:
            told["died_on"] = DEPOSITED
        with pytest.raises(ValidationError, match=r"sealed|scellé"):
            act(principal=lead, demand=demand, **told)
    assert Person.objects.get(pk=key(demand, "applicant")).first_names == "Camille"


def test_another_department_begins_a_seniority_of_its_own() -> None:
    yonne = make_department("89", "Yonne")
    make_commune("89024", "Auxerre", department="89", epci=None)
    body = make_organisation()
    make_agreement(body, yonne)
    body.stock.create(department=yonne, homes=10)
    both = principal_of(make_member(body, Role.AGENT))
    demand = couple()
    created = register_elsewhere(principal=both, demand=demand, commune="89024", home_type="T3")
    demand.refresh_from_db()
    assert (created.department_id, created.received_on) == ("89", timezone.localdate())
    assert created.number.startswith("089")
    assert (demand.is_live, demand.received_on) == (True, DEPOSITED)
    assert names(created) == names(demand)
    assert created.account == demand.account
    with pytest.raises(ValidationError) as refusal:
        register_elsewhere(principal=both, demand=demand, commune="89024", home_type="T3")
    assert "commune" in refusal.value.message_dict


def test_a_body_registers_where_its_rights_reach_and_nowhere_else(counter: Principal) -> None:
    make_commune("89024", "Auxerre", department="89", epci=None)
    demand = couple()
    for commune in ("89024", "21231", "99999"):
        with pytest.raises(ValidationError) as refusal:
            register_elsewhere(principal=counter, demand=demand, commune=commune, home_type="T3")
        assert "commune" in refusal.value.message_dict
    assert Demand.objects.filter(department="89").count() == 0
    assert not demand.events.filter(kind=EventKind.DEPARTMENT_CHANGED).exists()


def test_neither_the_applicant_nor_a_body_that_is_no_counter_records_any_of_it() -> None:
    demand = couple()
    state = make_organisation(kind=OrganisationKind.STATE, is_counter=False)
    for who in (principal_of(demand.account), principal_of(make_member(state, Role.AGENT))):
        with pytest.raises(NotAllowed):
            record_death(
                principal=who,
                demand=demand,
                died_on=DEPOSITED,
                text="Acte",
                successor=key(demand),
                contact=ELSEWHERE,
            )
    with pytest.raises(NotAllowed):
        separate(principal_of(demand.account), demand)
    with pytest.raises(NotAllowed):
        register_elsewhere(
            principal=principal_of(demand.account), demand=demand, commune="89024", home_type="T3"
        )


def test_a_demand_that_has_ended_is_neither_separated_nor_transferred(counter: Principal) -> None:
    demand = couple(
        state=DemandState.STRUCK_OFF, strike_off_reason="RADREN", struck_off_on=DEPOSITED
    )
    with pytest.raises(TransitionRefused):
        separate(counter, demand)
    with pytest.raises(TransitionRefused):
        transfer_to_co_applicant(
            principal=counter,
            demand=demand,
            successor=key(demand),
            contact=ELSEWHERE,
            text="Lettre",
        )
