"""A demand is in the list exactly when its own decision allows it, on random worlds."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from register import access
from register.access import Action, FieldSet
from register.models import (
    LIVE_STATES,
    Agreement,
    AgreementStatus,
    Commune,
    Demand,
    DemandState,
    Label,
    Mandate,
    MandateScope,
    OrganisationKind,
    Role,
    Share,
)
from register.principals import Principal, applicant_principal
from register.selectors.worklist import WorklistFilter, read_page, read_rows
from register.services.exports import Export
from tests.factories import (
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    make_quarter,
    make_user,
    principal_of,
)
from tests.partition.world import rolled_back

COMMUNES = ("21231", "21166", "21054", "71270")
QUARTERS = ("21231-gresilles", "21231-fontaine-d-ouche", "21166-mail")

demands = st.fixed_dictionaries(
    {
        "wished": st.lists(st.sampled_from(COMMUNES[:3]), min_size=1, max_size=3, unique=True),
        "quarters": st.sets(st.sampled_from(QUARTERS), max_size=2),
        "elsewhere": st.booleans(),
        "state": st.sampled_from(DemandState.values),
        "is_sealed": st.booleans(),
        "registered_here": st.booleans(),
        "shared": st.sampled_from(["no", "now", "past", "revoked"]),
        "shared_with_person": st.sampled_from(["no", "now", "past", "revoked", "somebody else"]),
        "mandate": st.sampled_from(["no", "now", "past", "revoked"]),
        "mandate_scope": st.sampled_from(MandateScope.values),
    }
)
agreements = st.fixed_dictionaries(
    {
        "status": st.sampled_from([*AgreementStatus.values, "signed", "signed"]),
        "departments": st.sets(st.sampled_from(["21", "71"]), max_size=2),
        "epcis": st.sets(st.sampled_from(["242100410", "200006682", "200070308"]), max_size=1),
        "communes": st.sets(st.sampled_from(COMMUNES), max_size=1),
        "quarters": st.sets(st.sampled_from(QUARTERS), max_size=2),
        "data_classes": st.sets(st.sampled_from(list(FieldSet)), min_size=1).map(sorted),
        "is_past": st.booleans(),
    }
)
people = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(OrganisationKind.values),
        "role": st.sampled_from(Role.values),
        "is_counter": st.booleans(),
        "agreements": st.lists(agreements, max_size=2),
        "commune": st.sampled_from(COMMUNES),
        "homes": st.sampled_from([0, 12]),
    }
)


def _world() -> None:
    make_department("71", "Saône-et-Loire")
    make_commune("21231", "Dijon")
    make_commune("21166", "Chenôve")
    make_commune("21054", "Beaune", epci="200006682")
    make_commune("71270", "Mâcon", epci="200070308", department="71")
    for code in QUARTERS:
        make_quarter(code)


def _member(drawn: dict[str, Any]) -> Principal:
    commune = Commune.objects.get(pk=drawn["commune"])
    kind = drawn["kind"]
    organisation = make_organisation(
        kind=kind,
        is_counter=drawn["is_counter"],
        with_agreement=False,
        homes=drawn["homes"],
        commune=commune if kind == OrganisationKind.COMMUNE else None,
        epci=commune.epci if kind == OrganisationKind.EPCI else None,
    )
    for signed in drawn["agreements"]:
        _agreement(organisation, signed)
    return principal_of(make_member(organisation, drawn["role"]))


def _agreement(organisation: Any, drawn: dict[str, Any]) -> None:
    agreement = Agreement.objects.create(
        organisation=organisation,
        purpose="Fichier partagé",
        data_classes=[str(name) for name in drawn["data_classes"]],
        starts_on=date(2020, 1, 1),
        ends_on=timezone.localdate() - timedelta(days=1) if drawn["is_past"] else None,
        status=drawn["status"],
    )
    agreement.departments.set(drawn["departments"])
    agreement.epcis.set(drawn["epcis"])
    agreement.communes.set(drawn["communes"])
    agreement.quarters.set(drawn["quarters"])


def _demand(drawn: dict[str, Any], member: Principal, helper: Any) -> Demand:
    communes = ("71270",) if drawn["elsewhere"] else tuple(drawn["wished"])
    state = drawn["state"]
    # A merge ends a demand for none of the legal reasons.
    reason = "" if state == DemandState.MERGED else "RADABA"
    ended = (
        {"strike_off_reason": reason, "struck_off_on": timezone.localdate()}
        if state not in LIVE_STATES
        else {}
    )
    demand = make_demand(
        communes=communes,
        quarters={code[:5]: code for code in drawn["quarters"]},
        department=communes[0][:2],
        state=state,
        is_sealed=drawn["is_sealed"],
        registered_by=member.organisation if drawn["registered_here"] else None,
        with_identity=False,
        **ended,
    )
    _dated(Share, drawn["shared"], demand, member=member)
    when = drawn["shared_with_person"]
    recipient = make_user() if when == "somebody else" else member.user
    _dated(Share, "now" if when == "somebody else" else when, demand, member, recipient=recipient)
    _dated(Mandate, drawn["mandate"], demand, helper=helper, scope=drawn["mandate_scope"])
    return demand


def _dated(
    model: Any,
    when: str,
    demand: Demand,
    member: Any = None,
    helper: Any = None,
    recipient: Any = None,
    **given: Any,
) -> None:
    if when == "no":
        return
    from guardian.shortcuts import assign_perm

    today = timezone.localdate()
    dates = {"starts_on": today - timedelta(days=9), "ends_on": today + timedelta(days=9)}
    if when == "past":
        dates["ends_on"] = today - timedelta(days=1)
    revoked = timezone.now() if when == "revoked" else None
    if model is Share:
        assign_perm("view_demand", recipient or member.organisation.group, demand)
        Share.objects.create(
            demand=demand,
            organisation=member.organisation,
            recipient=recipient,
            reason="essai",
            granted_by=member.user,
            granted_at=timezone.now(),
            revoked_at=revoked,
            **dates,
        )
    else:
        Mandate.objects.create(demand=demand, helper=helper, revoked_at=revoked, **dates, **given)


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
@settings(max_examples=25)
@given(person=people, drawn=st.lists(demands, min_size=1, max_size=4))
def test_the_list_and_the_object_never_disagree(
    person: dict[str, Any], drawn: list[dict[str, Any]]
) -> None:
    with rolled_back():  # the worlds drawn before are not in the counts of this one
        _never_disagree(person, drawn)


def _never_disagree(person: dict[str, Any], drawn: list[dict[str, Any]]) -> None:
    _world()
    member = _member(person)
    helper = make_user()
    world = [_demand(one, member, helper) for one in drawn]
    label = Label(
        demand=world[0],
        code="dalo",
        granted_by=member.organisation,
        valid_from=timezone.localdate(),
    )
    label.save()
    fresh = principal_of(member.membership)
    for principal in (fresh, applicant_principal(helper), applicant_principal(world[0].account)):
        stored = [Demand.objects.get(pk=demand.pk) for demand in world]
        for action in Action:
            _same_in_list_object_count_and_export(principal, action, stored)
        for name in FieldSet:
            shown = set(
                Demand.objects.filter(access.readable(principal, name)).values_list("pk", flat=True)
            )
            for demand in stored:
                told = access.fields(principal, demand).can_read(name)
                assert told == (demand.pk in shown), (principal.kind, name)


def _same_in_list_object_count_and_export(
    principal: Principal, action: Action, world: list[Demand]
) -> None:
    decided = {d.pk for d in world if access.decide(principal, action, d).allowed}
    scope = access.scope(principal, action)
    assert set(scope.values_list("pk", flat=True)) == decided, (principal.kind, action)
    assert scope.count() == len(decided), (principal.kind, action)
    live = {d.pk for d in world if d.pk in decided and d.state in LIVE_STATES}
    everything = WorklistFilter()
    if action == Action.LIST:
        page = read_page(principal, everything)
        assert {row.demand.pk for row in page.rows} == live
        assert page.count == len(live)
    if action == Action.EXPORT:
        assert {r.demand.pk for r in read_rows(principal, everything, action, 100)} == live
        if principal.membership is not None:
            assert {r.demand.pk for r in Export(principal, everything, 100).rows()} == live
