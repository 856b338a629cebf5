"""A service that says what it touched leaves the facts and the audiences of a full computation."""

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from register import clock, services
from register.form.single import mark
from register.models import (
    BuildState,
    BuiltAudience,
    Correction,
    Demand,
    DemandAudience,
    DemandFacts,
    DemandState,
    Event,
    Label,
    Mandate,
    RenewalNotice,
    Role,
    Share,
    StockHolding,
    Task,
)
from register.principals import SYSTEM, Principal
from register.selectors.renewals import Candidate
from register.services import acts, corrections, documents, mandates, paper_form, sharing, tasks
from register.services.application import ContactData, CurrentHousingData
from register.services.audiences import COPIED, audience_rows
from register.services.automation import evaluate_event
from register.services.calls import record_call
from register.services.elsewhere import register_elsewhere
from register.services.facts import compute_facts, differing_columns, refresh_facts
from register.services.labels import grant_label
from register.services.mistaken_death import take_back_death
from register.services.modification import Proposed, rectify
from register.services.preferences import choose_channels
from register.services.reactivation import reactivate_demand
from register.services.renewal import renew_demand
from register.services.renewal_notices import announce
from register.services.separation import NewHousehold, Split, separate_couple
from register.services.strike_off import strike_off, warn
from register.services.succession import transfer_to_co_applicant
from rules import registry
from tests.factories import (
    make_agreement,
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    make_stored_file,
    make_user,
    principal_of,
)
from tests.register.automatic import put_in_force, rule
from tests.register.online import offered, reached
from tests.register.touching import MORE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

State = DemandState
CONTACT = ContactData(email="dominique@example.org")
Service = Callable[[Principal, Demand], Any]


def _share(lead: Principal, demand: Demand) -> Share:
    today = timezone.localdate()
    return sharing.share_file(
        principal=lead,
        demand=demand,
        organisation=make_organisation(),
        reason="Un relogement",
        starts_on=today,
        ends_on=today + timedelta(days=9),
    )


def _mandate(_lead: Principal, demand: Demand) -> Mandate:
    given = mandates.give_mandate(
        principal=principal_of(demand.account),
        demand=demand,
        helper_email=make_user().email,
        ends_on=timezone.localdate() + timedelta(days=9),
    )
    assert given is not None
    return given


def _elsewhere(lead: Principal, demand: Demand) -> Demand:
    yonne = make_department("89", "Yonne")
    make_commune("89024", "Auxerre", department="89", epci=None)
    StockHolding.objects.get_or_create(
        organisation=lead.organisation, department=yonne, defaults={"homes": 9}
    )
    make_agreement(lead.organisation, yonne)
    who = principal_of(lead.membership)
    return register_elsewhere(principal=who, demand=demand, commune="89024", home_type="T3")


def _correction(lead: Principal, demand: Demand) -> Correction:
    about = "coordonnees-adresse.address"
    corrections.ask_correction(principal=lead, demand=demand, about=about, text="Quelle rue ?")
    return demand.corrections.latest("pk")


def _come_back(lead: Principal, demand: Demand) -> Event:
    strike_off(principal=SYSTEM, demand=demand, reason="RADREN")
    return reactivate_demand(principal=lead, demand=demand)


def _not_dead(lead: Principal, demand: Demand) -> Event:
    strike_off(principal=lead, demand=demand, reason="RADABA", details={"because": "death"})
    return take_back_death(principal=lead, demand=demand, text="Un homonyme")


def _to_call(demand: Demand) -> RenewalNotice:
    return RenewalNotice.objects.create(
        demand=demand,
        kind="reminder",
        expires_on=demand.expires_on,
        announced_on=timezone.localdate(),
        to_call_at=timezone.now(),
    )


# By name of the function that writes; each leaves a demand as it may be called again.
SERVICES: dict[str, Service] = {
    "_request_piece": lambda who, demand: acts.request_piece(
        principal=who, demand=demand, piece="tax_notice"
    ),
    "record_contact": lambda who, demand: acts.record_contact(
        principal=who, demand=demand, channel="phone", text="Rappelée."
    ),
    "send_message": lambda who, demand: acts.send_message(
        principal=who, demand=demand, body="Bonjour"
    ),
    "propose_candidate": lambda who, demand: acts.propose_candidate(
        principal=who, demand=demand, home_type="T3", commune="21231"
    ),
    "refuse_candidate": lambda who, demand: acts.refuse_candidate(
        principal=who, demand=demand, reason="better_ranked"
    ),
    "decline_offer": lambda who, demand: acts.decline_offer(
        principal=who, demand=demand, reason="location"
    ),
    "add_note": lambda who, demand: acts.add_note(principal=who, demand=demand, text="Un mot"),
    "verify_document": lambda who, demand: documents.verify_document(
        principal=who, demand=demand, document=demand.documents.get()
    ),
    "give_code": offered,
    "_link": reached,
    "keep_form": lambda who, demand: paper_form.keep_form(
        principal=who, demand=demand, files=[make_stored_file(who.user).pk]
    ),
    "refuse_document": lambda who, demand: documents.refuse_document(
        principal=who, demand=demand, document=demand.documents.get(), reason="Floue"
    ),
    "answer_priority": lambda who, demand: grant_label(
        principal=who, demand=demand, code="disability"
    ),
    "choose_channels": lambda _who, demand: choose_channels(
        principal=principal_of(demand.account),
        demand=demand,
        accepts_email=True,
        accepts_sms=False,
        wants_letters=True,
    ),
    "ask_correction": lambda who, demand: _correction(who, demand),
    "answer_correction": lambda who, demand: corrections.answer_correction(
        principal=principal_of(demand.account), correction=_correction(who, demand), text="Oui"
    ),
    "close_correction": lambda who, demand: corrections.close_correction(
        principal=who, correction=_correction(who, demand), outcome="kept", text="Vu"
    ),
    "tell_changes": lambda who, demand: rectify(
        principal=who,
        demand=demand,
        ref="logement-souhaite.home_types",
        proposed=Proposed(["T1", "T4"], mark(["T3"])),
        source="third",
        text="Par téléphone",
    ),
    "give_mandate": _mandate,
    "revoke_mandate": lambda who, demand: mandates.revoke_mandate(
        principal=principal_of(demand.account), mandate=_mandate(who, demand)
    ),
    "share_file": _share,
    "revoke_share": lambda who, demand: sharing.revoke_share(
        principal=who, share=_share(who, demand)
    ),
    "renew_demand": lambda _who, demand: renew_demand(
        principal=principal_of(demand.account), demand=demand
    ),
    "warn": lambda who, demand: warn(
        principal=who,
        demand=demand,
        ground="IRRRES",
        sent_on=timezone.localdate(),
        text="Recommandé n° 1",
    ),
    "strike_off": lambda who, demand: strike_off(principal=who, demand=demand, reason="RADATT"),
    "separate_couple": lambda who, demand: separate_couple(
        principal=who,
        demand=demand,
        split=Split(
            leaving=demand.persons.get(role="co_applicant").pk,
            going=[demand.persons.filter(role="dependant")[0].pk],
        ),
        household=NewHousehold(contact=CONTACT, housing=CurrentHousingData(kind="CP")),
    ),
    "_transfer": lambda who, demand: transfer_to_co_applicant(
        principal=who,
        demand=demand,
        successor=demand.persons.get(role="co_applicant").pk,
        contact=CONTACT,
        text="Lettre",
    ),
    "register_elsewhere": _elsewhere,
    "reactivate_demand": _come_back,
    "take_back_death": _not_dead,
    "_tell": lambda _who, demand: announce(
        Candidate(demand.pk, Demand.objects.get(pk=demand.pk).version)
    ),
    "record_call": lambda who, demand: record_call(
        principal=who, notice=_to_call(demand), outcome="reached"
    ),
    "take_task": lambda who, demand: tasks.take_task(
        principal=who, task=Task.objects.filter(demand=demand, done_at=None).latest("pk")
    ),
    "finish_task": lambda who, demand: tasks.finish_task(
        principal=who, task=Task.objects.filter(demand=demand, done_at=None).latest("pk")
    ),
}
SERVICES |= MORE
BEFORE = {
    "refuse_candidate": State.UNDER_ALLOCATION,
    "decline_offer": State.UNDER_ALLOCATION,
    "verify_document": State.AWAITING_CHECK,
}
ANY_STATE = ("record_contact", "add_note", "_request_piece", "send_message", "share_file")


@pytest.fixture
def lead(tmp_path: Path) -> Principal:
    make_commune("21231", "Dijon")
    put_in_force(tmp_path, rule())
    body = make_organisation()
    StockHolding.objects.get_or_create(organisation=body, department_id="21", defaults={"homes": 9})
    return principal_of(make_member(body, Role.LEAD))


def _demand(lead: Principal, **given: Any) -> Demand:
    """A demand with a task for the body that registered it, in an audience built for somebody."""
    demand = make_demand(
        registered_by=lead.organisation, dependants=2, co_applicant="Durand", **given
    )
    other = make_organisation()
    BuiltAudience.objects.create(
        organisation=other,
        keys=["commune:21231"],
        asked_at=timezone.now(),
        state=BuildState.READY,
    )
    refresh_facts(demand=demand)
    return demand


def _assert_in_step(demand: Demand) -> None:
    now = Demand.objects.get(pk=demand.pk)
    facts = compute_facts(now)
    assert differing_columns(DemandFacts.objects.get(pk=now.pk), facts) == []
    wishes = list(now.wished_communes.select_related("commune"))
    communes = {wish.commune_id: wish.commune.epci_id for wish in wishes}
    quarters = {wish.commune_id: wish.quarter_id for wish in wishes if wish.quarter_id}
    rows = audience_rows(now, facts, communes, quarters)
    full = {row.audience: _copies(row) for row in rows}
    assert {row.audience: _copies(row) for row in now.audiences.all()} == full
    assert {built.audience for built in BuiltAudience.objects.all()} <= full.keys()


def _copies(row: DemandAudience) -> list[Any]:
    return [row.quarter, *(getattr(row, name) for name in COPIED)]


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_leaves_is_what_a_full_computation_gives(name: str, lead: Principal) -> None:
    demand = _demand(lead, state=BEFORE.get(name, State.ACTIVE))
    if name in ("take_task", "finish_task"):
        evaluate_event(acts.add_note(principal=lead, demand=demand, text="Un mot"))
    before = demand.version
    SERVICES[name](lead, demand)
    assert Demand.objects.get(pk=demand.pk).version > before
    _assert_in_step(demand)


def test_every_service_that_commits_a_change_is_tried_here() -> None:
    committing = {function.name for function in functions_of_services() if _commits(function)}
    # A new document needs bytes: tried with uploads. A new demand is tried at the counter.
    assert committing - {"_keep", "_register"} == SERVICES.keys()


def functions_of_services() -> Iterator[ast.FunctionDef]:
    for path in Path(services.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield node


def _commits(function: ast.FunctionDef) -> bool:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(
        isinstance(call, ast.Attribute)
        and call.attr == "commit"
        and isinstance(call.value, ast.Name)
        and call.value.id == "change"
        for call in calls
    )


@given(names=st.lists(st.sampled_from([*ANY_STATE, "move", "decline", "label"]), max_size=8))
@settings(max_examples=15)
def test_after_any_sequence_of_writes_both_readings_are_equal(names: list[str]) -> None:
    make_commune("21231", "Dijon")
    lead = principal_of(make_member(make_organisation(), Role.LEAD))
    demand = _demand(lead)
    for name in names:
        _do(name, lead, demand)
        _assert_in_step(demand)


def _do(name: str, lead: Principal, demand: Demand) -> None:
    demand.refresh_from_db()
    waiting = demand.state == State.UNDER_ALLOCATION
    if name == "move":
        SERVICES["refuse_candidate" if waiting else "propose_candidate"](lead, demand)
    elif name == "decline":
        if not waiting:
            SERVICES["propose_candidate"](lead, demand)
        SERVICES["decline_offer"](lead, demand)
    elif name == "label":
        if not demand.labels.exists():
            SERVICES["answer_priority"](lead, demand)
    else:
        SERVICES[name](lead, demand)


def test_a_write_on_the_day_that_changes_facts_computes_them_all(lead: Principal) -> None:
    demand, today = _demand(lead), timezone.localdate()
    Label.objects.create(
        demand=demand,
        code="eviction",
        granted_by=lead.organisation,
        valid_from=today,
        valid_to=today,
    )
    refresh_facts(demand=demand)
    assert DemandFacts.objects.get(pk=demand.pk).is_priority
    with clock.at(timezone.now() + timedelta(days=1)):
        acts.add_note(principal=lead, demand=demand, text="Le lendemain")
        assert not DemandFacts.objects.get(pk=demand.pk).is_priority
        _assert_in_step(demand)


# Within a transaction of the tests: both savepoint statements are counted, no COMMIT. Who is no
# candidate any more waits when her identity was withdrawn meanwhile: one question more.
@pytest.mark.parametrize(
    ("name", "most"), [("propose_candidate", 14), ("refuse_candidate", 15), ("add_note", 11)]
)
def test_a_write_asks_few_things_of_the_database(name: str, most: int, lead: Principal) -> None:
    demands = [_demand(lead, state=BEFORE.get(name, State.ACTIVE)) for _each in range(2)]
    SERVICES[name](lead, demands[0])
    with registry.remembered(), CaptureQueriesContext(connection) as queries:
        SERVICES[name](lead, demands[1])
    assert len(queries) <= most, [query["sql"][:120] for query in queries]


def test_a_write_that_moves_nothing_writes_no_audience(lead: Principal) -> None:
    demand = _demand(lead)
    with CaptureQueriesContext(connection) as queries:
        acts.add_note(principal=lead, demand=demand, text="Un mot")
    written = {each["sql"].split(" SET ")[0] for each in queries if "UPDATE" in each["sql"][:6]}
    assert 'UPDATE "register_demand"' in written
    assert not [told for told in written if "audience" in told or "demandfacts" in told]
