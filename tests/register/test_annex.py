"""The annex on handicap: kept per person, read by who may read health and nobody else, erased."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from backoffice.forms.agreements import AgreementForm
from backoffice.sections import sections
from portal.space.own_file import own_file_pdf
from register import access
from register.annex import Aid, Course, Equipment, Steps, Topic
from register.codes import DemandReason
from register.models import Agreement, Demand, Need, OrganisationKind, Role, User
from register.models.agreement import usual_data_classes
from register.principals import applicant_principal
from register.selectors.file import read_file
from register.selectors.own_data import own_data
from register.services.application import NeedLine
from register.services.facts import refresh_facts
from register.services.out_of import person_data
from register.vocabulary.lookups import RELATIONS
from rules import registry
from tests.factories import (
    make_commune,
    make_counter,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.register.demands import DIJON, applicant, minimum, submit
from tests.register.pdf_text import squeeze, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
NEEDS = (
    NeedLine(Topic.EQUIPMENT, Equipment.SHOWER),
    NeedLine(Topic.EQUIPMENT, Equipment.LIFT),
    NeedLine(Topic.STEPS, Steps.NONE),
    NeedLine(Topic.AID, Aid.MANUAL_CHAIR),
    NeedLine(Topic.COURSE, Course.EVOLVING),
)
SHOWN = ("Douche sans seuil, Ascenseur", "Fauteuil roulant manuel", "Aucune marche")


@pytest.fixture
def user() -> User:
    make_counter()
    make_commune(DIJON, "Dijon")
    return make_user()


def with_needs(user: User, *needs: NeedLine) -> Demand:
    person = applicant(has_disability=True, needs=needs)
    return submit(user, minimum(user, persons=(person,)))


def health_of(principal: Any, demand: Demand) -> str:
    """The section on disability of the file screen, as one text."""
    with translation.override("fr"):
        [found] = [s for s in sections(read_file(principal, demand)) if s.code == "health"]
        return f"{found.lines} {found.mask}"


def test_each_answer_is_kept_and_taken_up_by_a_demand_registered_out_of_it(user: User) -> None:
    person = with_needs(user, *NEEDS, NEEDS[0]).persons.get()
    assert {NeedLine(need.topic, need.code) for need in person.needs.all()} == set(NEEDS)
    assert set(person_data(person).needs) == set(NEEDS)


def test_a_code_that_is_not_of_its_list_is_refused_and_nothing_is_written(user: User) -> None:
    for wrong in (NeedLine(Topic.STEPS, "7"), NeedLine("illness", "1")):
        with pytest.raises(ValidationError):
            with_needs(user, wrong)
    assert not Demand.objects.exists()
    assert not Need.objects.exists()


def test_nobody_reads_the_annex_whose_right_to_health_is_masked(user: User) -> None:
    demand = with_needs(user, *NEEDS)
    agent = landlord_agent(demand, purposes=["figures"])
    masked = health_of(agent, demand)
    assert [words for words in SHOWN if words in masked] == []
    own = health_of(applicant_principal(user), demand)
    assert [words for words in SHOWN if words not in own] == []


def test_the_applicant_takes_it_away_with_all_her_data(user: User) -> None:
    demand = with_needs(user, *NEEDS)
    with translation.override("fr"):
        kept = own_data(demand)["declaration"]["applicant"]
        for need in NEEDS:
            assert need.code in kept[need.topic]
        paper = text_of(own_file_pdf(applicant_principal(user), demand))
    assert [words for words in SHOWN if squeeze(words) not in paper] == []


def test_rules_may_ask_what_a_home_must_have_in_both_readings(user: User) -> None:
    demand = with_needs(user, *NEEDS)
    other = submit(other_user := make_user(), minimum(other_user))
    declared = registry.declared()
    for fact, relation, held in (
        ("equipment_needed", "equipment", {"3", "4"}),
        ("steps_possible", "steps", {"1"}),
    ):
        getter = declared.fact(f"demand.{fact}").getter
        assert getter is not None
        assert (getter(demand), getter(other)) == (held, frozenset())
        looked_up = RELATIONS[relation]
        assert list(Demand.objects.filter(looked_up(frozenset(held)))) == [demand]
        assert not Demand.objects.filter(looked_up(frozenset({"2"}))).exists()


def test_the_employer_is_a_fact_of_every_adult(user: User) -> None:
    worker = replace(applicant(), employer="D4")
    demand = submit(user, minimum(user, persons=(worker,)))
    found = Demand.objects.filter(RELATIONS["employer"](frozenset({"D3", "D4"})))
    assert list(found) == [demand]
    getter = registry.declared().fact("demand.adult_employers").getter
    assert getter is not None
    assert getter(demand) == {"D4"}


def landlord_agent(demand: Demand, **agreement: Any) -> Any:
    """A case agent of a landlord of the department whose agreement says this."""
    member = make_member(make_organisation(), Role.AGENT)
    member.organisation.agreements.update(**agreement)
    return principal_of(member)


def test_an_agent_who_looks_for_an_adapted_home_reads_needs_where_the_agreement_says_so(
    user: User,
) -> None:
    demand = with_needs(user, *NEEDS)
    told = health_of(landlord_agent(demand), demand)
    assert [words for words in SHOWN if words not in told] == []
    for terms in ({"data_classes": usual_data_classes()}, {"purposes": ["figures"]}):
        assert not access.fields(landlord_agent(demand, **terms), demand).can_read("health")
    for kind in (OrganisationKind.COMMUNE, OrganisationKind.STATE, OrganisationKind.MANAGER):
        body = make_organisation(kind=kind, commune=demand.wished_communes.get().commune)
        lead = principal_of(make_member(body, Role.LEAD))
        assert not access.may_ever_read(lead, "health")


def test_a_demand_that_tells_of_violence_keeps_its_needs_masked(user: User) -> None:
    demand = with_needs(user, *NEEDS)
    agent = landlord_agent(demand)
    shown = access.scope(agent, "list").filter(access.readable(agent, "health"))
    assert list(shown) == [demand]
    demand.reasons.create(code=DemandReason.VIOLENCE, position=9)
    refresh_facts(demand=demand)
    again = Demand.objects.get(pk=demand.pk)
    assert access.fields(agent, again).is_masked("health")
    assert not shown.all().exists()
    assert [words for words in SHOWN if words in health_of(agent, again)] == []


def test_an_agreement_names_health_on_purpose_or_not_at_all() -> None:
    assert Agreement().data_classes == usual_data_classes()
    assert "health" not in Agreement().data_classes
    assert "health" not in AgreementForm().initial["data_classes"]
