"""What a couple declared together stays silently with nobody once it separates, or one leaves."""

from decimal import Decimal
from typing import Any

import pytest

from register.codes import FamilyStatus, PersonRole
from register.models import Demand, EventKind, Person, Role
from register.principals import Principal
from register.selectors.asked_again import asked_again
from register.selectors.history import history_of
from register.services.application import ContactData, CurrentHousingData
from register.services.separation import NewHousehold, Split, separate_couple
from register.services.succession import transfer_to_co_applicant
from tests.factories import make_demand, make_member, make_organisation, make_user, principal_of
from tests.portal.space import page, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
HOME = ContactData(email="dominique@example.org", address="9 rue Neuve", city="Beaune")
STATUS, INCOME = "identite-situation.family_status", "ressources.tax_income_n2"


@pytest.fixture
def lead() -> Principal:
    return principal_of(make_member(make_organisation(), Role.LEAD))


def couple(lead: Principal, *, joint: bool = True, link: str = "M") -> Demand:
    demand = make_demand(registered_by=lead.organisation, co_applicant="Durand", dependants=2)
    both = demand.persons.filter(role__in=(PersonRole.APPLICANT, PersonRole.CO_APPLICANT))
    both.update(family_status=FamilyStatus.MARRIED)
    demand.persons.filter(role=PersonRole.CO_APPLICANT).update(
        link=link, tax_income_n2=None if joint else Decimal("9200")
    )
    return demand


def heir_of(demand: Demand) -> int:
    return demand.persons.get(role=PersonRole.CO_APPLICANT).pk


def separate(lead: Principal, demand: Demand, **split: Any) -> Demand:
    return separate_couple(
        principal=lead,
        demand=demand,
        split=Split(leaving=heir_of(demand), **split),
        household=NewHousehold(contact=HOME, housing=CurrentHousingData(kind="CP")),
    )


def applicant(demand: Demand) -> Person:
    return demand.persons.get(role=PersonRole.APPLICANT)


def asked(demand: Demand) -> list[str]:
    found = Demand.objects.get(pk=demand.pk)
    return [each.question.key for each in asked_again(found)]


def test_the_joint_income_and_the_status_of_a_couple_stay_with_neither(lead: Principal) -> None:
    demand = couple(lead)
    created = separate(lead, demand)
    for each in (demand, created):
        who = applicant(each)
        assert (who.family_status, who.tax_income_n2, who.tax_income_n1) == ("", None, None)
        assert asked(each) == [STATUS, INCOME]
        facts = type(each.facts).objects.get(pk=each.facts.pk)
        assert facts.annual_income is None


def test_each_keeps_an_income_that_was_taxed_apart(lead: Principal) -> None:
    demand = couple(lead, joint=False)
    created = separate(lead, demand)
    assert applicant(demand).tax_income_n2 == Decimal("18400")
    assert applicant(created).tax_income_n2 == Decimal("9200")
    assert asked(demand) == asked(created) == [STATUS]


def test_a_parent_who_leaves_changes_no_status(lead: Principal) -> None:
    demand = couple(lead, link="ASC", joint=False)
    separate(lead, demand)
    assert applicant(demand).family_status == FamilyStatus.MARRIED
    assert asked(demand) == []


def test_the_history_says_who_left_and_what_the_couple_had_declared(lead: Principal) -> None:
    demand = couple(lead)
    child = demand.persons.filter(role=PersonRole.DEPENDANT).first()
    assert child is not None
    separate(lead, demand, going=[child.pk])
    event = demand.events.get(kind=EventKind.SEPARATED)
    changes = {each.question: (each.before, each.after) for each in event.field_changes.all()}
    assert changes[STATUS] == ("M", "")
    assert changes[INCOME] == ("18400.00", None)
    before, after = changes["foyer-conjoint.people"]
    assert ("Dominique Durand" in before[0], after) == (True, [])
    assert [len(names) for names in changes["foyer-personnes-a-charge.people"]] == [2, 1]


def test_agents_read_the_day_and_the_body_of_it_and_the_applicant_the_month(
    lead: Principal,
) -> None:
    demand = couple(lead)
    separate(lead, demand)
    found = Demand.objects.get(pk=demand.pk)
    told = {
        for_agents: [
            change for each in history_of(found, for_agents=for_agents) for change in each.changes
        ]
        for for_agents in (True, False)
    }
    assert {change.event.organisation for change in told[True]} == {lead.organisation}
    assert {(change.event.organisation, change.at.day) for change in told[False]} == {(None, 1)}
    assert all(change.month for change in told[False])


def test_she_is_asked_in_her_space_until_she_answered(lead: Principal) -> None:
    demand = couple(lead)
    separate(lead, demand)
    client = signed_in(demand.account)
    shown = client.get(page(demand, "demand")).text
    assert "Mettez à jour votre déclaration" in shown
    assert f"/{demand.number}/declaration/identite-situation/" in shown
    demand.persons.filter(role=PersonRole.APPLICANT).update(
        family_status=FamilyStatus.SEPARATED, tax_income_n2=Decimal("12000")
    )
    assert "Mettez à jour votre déclaration" not in client.get(page(demand, "demand")).text


def test_the_couples_status_is_not_the_heirs_and_is_asked_of_her(lead: Principal) -> None:
    demand = couple(lead)
    transfer_to_co_applicant(
        principal=lead, demand=demand, successor=heir_of(demand), contact=HOME, text="Lettre"
    )
    Demand.objects.filter(pk=demand.pk).update(account=make_user())
    assert applicant(demand).family_status == ""
    assert asked(demand) == [STATUS, INCOME]


def test_nothing_is_asked_again_of_a_household_that_did_not_change(lead: Principal) -> None:
    demand = couple(lead)
    demand.persons.filter(role=PersonRole.APPLICANT).update(family_status="", tax_income_n2=None)
    assert asked(demand) == []
