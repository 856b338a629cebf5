"""Who may do what on which demand: a declared matrix, and one answer for lists and for objects.

The expected verdicts below are written from CCH R441-2-6 and the charter, not from the modules.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from register import access
from register.access import Action
from register.models import OrganisationKind, Role
from register.principals import ANONYMOUS, Principal, applicant_principal
from register.services.mandates import give_mandate, revoke_mandate
from register.services.sharing import revoke_share, share_file
from rules import registry
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

DIJON, CHENOVE, BEAUNE, MACON = "21231", "21166", "21054", "71270"
BEAUNE_EPCI = "200006682"


@pytest.fixture
def communes() -> None:
    make_commune(DIJON, "Dijon")
    make_commune(CHENOVE, "Chenôve")
    make_commune(BEAUNE, "Beaune", epci=BEAUNE_EPCI, postal_code="21200")
    make_department("71", "Saône-et-Loire")
    make_commune(MACON, "Mâcon", epci="200070308", department="71", postal_code="71000")


def _landlord(role: str = Role.AGENT, department: str = "21") -> Principal:
    return principal_of(make_member(make_organisation(department=department), role))


def _body(kind: str, role: str = Role.AGENT, **known: object) -> Principal:
    return principal_of(make_member(make_organisation(kind=kind, **known), role))


def _commune(insee: str = CHENOVE, **known: object) -> Principal:
    return _body(OrganisationKind.COMMUNE, commune=make_commune(insee), **known)


def _epci(siren: str, **known: object) -> Principal:
    from register.models import Epci

    return _body(OrganisationKind.EPCI, epci=Epci.objects.get(pk=siren), **known)


READ = {Action.LIST, Action.VIEW}
TREAT = READ | {
    Action.VIEW_DOCUMENT,
    Action.VERIFY_DOCUMENT,
    Action.RECORD_ACT,
    Action.EXPORT,
    Action.RENEW,
}
# Counters write down a withdrawal, landlords the lease too (CCH R441-2-8).
COUNTER = TREAT | {Action.WITHDRAW}
LANDLORD = COUNTER | {Action.CONCLUDE}
NOTHING: set[Action] = set()
FIGURES = {Action.STATISTICS}

# who, wished commune of the demand, actions allowed
MATRIX: list[tuple[str, Callable[[], Principal], str, set[Action]]] = [
    ("landlord agent, department of its stock", _landlord, DIJON, LANDLORD | FIGURES),
    ("landlord lead", lambda: _landlord(Role.LEAD), DIJON, LANDLORD | FIGURES),
    ("landlord reader", lambda: _landlord(Role.READER), DIJON, READ | FIGURES),
    ("landlord statistician", lambda: _landlord(Role.STATISTICS), DIJON, FIGURES),
    ("landlord without stock there", lambda: _landlord(department="71"), DIJON, NOTHING),
    (
        "landlord of the other department",
        lambda: _landlord(department="71"),
        MACON,
        LANDLORD | FIGURES,
    ),
    ("commune counter, its commune", _commune, CHENOVE, COUNTER | FIGURES),
    ("commune counter, its EPCI", _commune, DIJON, COUNTER | FIGURES),
    ("commune counter, another EPCI", _commune, BEAUNE, FIGURES),
    ("commune that is no counter", lambda: _commune(is_counter=False), CHENOVE, FIGURES),
    ("EPCI counter, its territory", lambda: _epci(BEAUNE_EPCI), BEAUNE, COUNTER | FIGURES),
    ("EPCI counter, elsewhere", lambda: _epci(BEAUNE_EPCI), DIJON, FIGURES),
    ("EPCI no counter", lambda: _epci(BEAUNE_EPCI, is_counter=False), BEAUNE, FIGURES),
    ("State service, counter", lambda: _body(OrganisationKind.STATE), BEAUNE, COUNTER | FIGURES),
    (
        "State service, no counter",
        lambda: _body(OrganisationKind.STATE, is_counter=False),
        BEAUNE,
        TREAT | FIGURES,
    ),
    (
        "department council, no counter",
        lambda: _body(OrganisationKind.DEPARTMENT, is_counter=False),
        DIJON,
        FIGURES,
    ),
    ("association", lambda: _body(OrganisationKind.ASSOCIATION, is_counter=False), DIJON, FIGURES),
    (
        "manager",
        lambda: _body(OrganisationKind.MANAGER, Role.MANAGER),
        DIJON,
        TREAT | FIGURES | {Action.EDIT, Action.WITHDRAW, Action.LAPSE},
    ),
    (
        "landlord without agreement",
        lambda: _body(OrganisationKind.LANDLORD, with_agreement=False),
        DIJON,
        NOTHING,
    ),
    ("another applicant", lambda: applicant_principal(make_user()), DIJON, NOTHING),
    ("visitor", lambda: ANONYMOUS, DIJON, NOTHING),
]


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize(
    ("who", "wished", "expected"), [row[1:] for row in MATRIX], ids=[row[0] for row in MATRIX]
)
def test_each_kind_of_body_does_what_the_law_lets_it_do(
    who: Callable[[], Principal], wished: str, expected: set[Action]
) -> None:
    demand = make_demand(communes=(wished,), department=wished[:2])
    principal = who()
    for action in Action:
        allowed = action in expected
        assert access.decide(principal, action, demand).allowed is allowed, action
        assert access.scope(principal, action).filter(pk=demand.pk).exists() is allowed, action


@pytest.mark.usefixtures("communes")
def test_applicants_see_their_own_demand_only() -> None:
    mine, other = make_demand(), make_demand()
    me = applicant_principal(mine.account)
    assert list(access.scope(me, Action.VIEW)) == [mine]
    assert not access.decide(me, Action.VIEW, other).allowed


@pytest.mark.usefixtures("communes")
def test_an_agreement_that_ended_yesterday_opens_nothing_today() -> None:
    organisation = make_organisation(with_agreement=False)
    yesterday = timezone.localdate() - timedelta(days=1)
    agreement = make_agreement(organisation, make_department(), ends_on=yesterday)
    demand = make_demand()
    member = make_member(organisation)
    assert not access.decide(principal_of(member), Action.VIEW, demand).allowed
    agreement.ends_on = timezone.localdate()
    agreement.save()
    assert access.decide(principal_of(member), Action.VIEW, demand).allowed


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize(
    ("who", "opens"),
    [
        (lambda: _landlord(Role.LEAD), False),
        (lambda: _body(OrganisationKind.STATE), False),
        (lambda: _body(OrganisationKind.MANAGER, Role.MANAGER), True),
    ],
    ids=["landlord lead", "State", "manager"],
)
def test_a_sealed_file_is_withheld_from_everybody_but_the_manager(
    who: Callable[[], Principal], opens: bool
) -> None:
    demand = make_demand(is_sealed=True)
    principal = who()
    assert access.decide(principal, Action.VIEW, demand).allowed is opens
    assert access.scope(principal, Action.LIST).exists() is opens


@pytest.mark.usefixtures("communes")
def test_a_share_opens_one_file_between_its_dates_and_no_longer() -> None:
    demand, neighbour = make_demand(), make_demand()
    outsider = make_member(make_organisation(department="71"))
    today = timezone.localdate()
    share = share_file(
        principal=_landlord(Role.LEAD),
        demand=demand,
        organisation=outsider.organisation,
        reason="Mutation vers un autre département",
        starts_on=today,
        ends_on=today + timedelta(days=30),
    )
    assert list(access.scope(principal_of(outsider), Action.VIEW)) == [demand]
    assert not access.decide(principal_of(outsider), Action.VIEW, neighbour).allowed
    assert not access.decide(principal_of(outsider), Action.RECORD_ACT, demand).allowed
    share.ends_on = today - timedelta(days=1)
    share.starts_on = today - timedelta(days=3)
    share.save()
    assert not access.decide(principal_of(outsider), Action.VIEW, demand).allowed


@pytest.mark.usefixtures("communes")
def test_a_revoked_share_closes_at_the_next_request() -> None:
    demand = make_demand()
    outsider = make_member(make_organisation(department="71"))
    lead, today = _landlord(Role.LEAD), timezone.localdate()
    share = share_file(
        principal=lead,
        demand=demand,
        organisation=outsider.organisation,
        reason="Relogement",
        starts_on=today,
        ends_on=today + timedelta(days=30),
    )
    revoke_share(principal=lead, share=share)
    assert not access.scope(principal_of(outsider), Action.VIEW).exists()


@pytest.mark.usefixtures("communes")
def test_guardian_rights_alone_open_nothing_without_a_dated_reason() -> None:
    from guardian.shortcuts import assign_perm

    demand = make_demand()
    outsider = make_member(make_organisation(department="71"))
    assign_perm("view_demand", outsider.organisation.group, demand)
    assign_perm("view_demand", outsider.user, demand)
    assert not access.decide(principal_of(outsider), Action.VIEW, demand).allowed


@pytest.mark.usefixtures("communes")
def test_a_superuser_opens_no_file() -> None:
    demand = make_demand()
    someone = make_user(is_superuser=True, is_staff=True)
    assert not access.decide(applicant_principal(someone), Action.VIEW, demand).allowed
    assert not access.scope(applicant_principal(someone), Action.LIST).exists()


@pytest.mark.usefixtures("communes")
def test_a_mandated_helper_reads_until_the_mandate_is_revoked() -> None:
    demand = make_demand()
    helper = make_user("aide@example.org")
    me = applicant_principal(demand.account)
    mandate = give_mandate(
        principal=me,
        demand=demand,
        helper_email="Aide@example.org",
        ends_on=timezone.localdate() + timedelta(days=60),
    )
    reader = applicant_principal(helper)
    assert list(access.scope(reader, Action.VIEW)) == [demand]
    assert access.fields(reader, demand).is_masked("resources")
    assert not access.decide(reader, Action.EDIT, demand).allowed
    revoke_mandate(principal=me, mandate=mandate)
    assert not access.scope(applicant_principal(helper), Action.VIEW).exists()


@pytest.mark.usefixtures("communes")
def test_field_rights_follow_the_grant_that_opened_the_file() -> None:
    demand = make_demand()
    landlord = access.fields(_landlord(), demand)
    commune = access.fields(_commune(), demand)
    reader = access.fields(_landlord(Role.READER), demand)
    stranger = access.fields(_landlord(department="71"), demand)
    assert landlord.can_read("resources")
    assert landlord.is_masked("health")
    assert landlord.can_write("notes")
    assert commune.is_masked("resources")
    assert not reader.can_write("notes")
    assert {stranger.level(name) for name in access.FieldSet} == {"none"}


@pytest.mark.usefixtures("communes")
def test_a_decision_names_the_rule_and_the_version_that_made_it() -> None:
    demand = make_demand()
    decision = access.decide(_landlord(), Action.VIEW, demand)
    assert {reason.module for reason in decision.grants} == {"rights-r441-2-6"}
    assert all(reason.title and reason.legal_basis for reason in decision.grants)
    assert decision.rule_versions


@pytest.mark.usefixtures("communes")
def test_a_decision_reads_each_fact_once(django_assert_max_num_queries: Any) -> None:
    demand, principal = make_demand(), _landlord()
    assert principal.facts
    with registry.remembered():
        registry.in_force("rights")
        with django_assert_max_num_queries(8):
            assert access.decide(principal, Action.VIEW, demand).allowed


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize("number", ["0211126999999GDPUB", "n’importe quoi", "", "\x00", "٠" * 18])
def test_an_unknown_number_is_refused_like_a_foreign_one(number: str) -> None:
    foreign = make_demand(communes=(MACON,), department="71")
    principal = _landlord()
    for asked in (number, foreign.number):
        with pytest.raises(Http404) as refusal:
            access.get_demand(principal, Action.VIEW, asked)
        assert str(refusal.value) == ""
