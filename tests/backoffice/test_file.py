"""The file: who may open it, what it shows, what is journalled, which acts it takes."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from register import codes
from register.models import AccessLog, Demand, DemandState, Event, EventKind, Share
from tests.factories import make_commune, make_demand, make_member, make_organisation

pytestmark = pytest.mark.django_db
MISSING = "021032400001XGDPUB"
INCOME = "18\xa0400\xa0€"


def address(demand: Demand, *rest: object) -> str:
    return "/".join(["/bureau/dossiers", demand.number, *map(str, rest), ""])


def form_version(demand: Demand) -> int:
    return Demand.objects.get(pk=demand.pk).version


@pytest.fixture
def foreign(db: Any) -> Demand:
    return make_demand(department="58", communes=("58194",), last_name="Canari")


def test_a_foreign_file_number_answers_like_a_missing_one(
    agent: Any, sign_in: Any, foreign: Demand
) -> None:
    client = sign_in(agent)
    document = foreign.documents.get().pk
    for rest in ((), ("documents", document), ("documents", document, "fichier")):
        other = client.get(address(foreign, *rest))
        missing = client.get(address(foreign, *rest).replace(foreign.number, MISSING))
        assert other.status_code == missing.status_code == 404
        assert other.content == missing.content


def test_a_forged_act_on_a_foreign_file_changes_nothing(
    agent: Any, sign_in: Any, foreign: Demand
) -> None:
    client = sign_in(agent)
    events = Event.objects.count()
    document = foreign.documents.get().pk
    posts = [
        (("actes", "note"), {"text": "x", "version": 1}),
        (("actes", "candidate"), {"home_type": "T3", "commune": "21231", "version": 1}),
        (("documents", document, "controle"), {"answer": "conforms", "version": 1}),
        (("partages",), {"reason": "x"}),
    ]
    for rest, data in posts:
        assert client.post(address(foreign, *rest), data).status_code == 404
    assert Event.objects.count() == events
    foreign.refresh_from_db()
    assert foreign.state == DemandState.ACTIVE


def test_a_document_is_not_reached_through_another_file(
    agent: Any, sign_in: Any, foreign: Demand
) -> None:
    mine = make_demand()
    stolen = foreign.documents.get().pk
    client = sign_in(agent)
    assert client.get(address(mine, "documents", stolen)).status_code == 404
    assert client.get(address(mine, "documents", stolen, "fichier")).status_code == 404


def test_each_opening_of_a_file_leaves_one_row_in_the_journal(agent: Any, sign_in: Any) -> None:
    demand = make_demand()
    client = sign_in(agent)
    client.get(address(demand))
    client.get(address(demand))
    rows = AccessLog.objects.filter(demand=demand)
    assert [(r.user, r.organisation, r.purpose) for r in rows] == [
        (agent.user, agent.organisation, "view")
    ] * 2


def test_the_list_alone_opens_no_file(agent: Any, sign_in: Any) -> None:
    make_demand()
    sign_in(agent).get("/bureau/")
    assert not AccessLog.objects.exists()


def test_the_file_shows_what_the_role_may_read_and_names_the_rule_that_masks(
    commune_agent: Any, sign_in: Any
) -> None:
    demand = make_demand(communes=("21054",), last_name="Garnier")
    page = sign_in(commune_agent).get(address(demand)).content.decode()
    assert "Garnier" in page
    assert INCOME not in page
    sections = {s.code: s for s in sign_in(commune_agent).get(address(demand)).context["sections"]}
    assert sections["resources"].lines == []
    assert "communes" in sections["resources"].mask.lower()
    assert "R441-2-6 d" in page


def test_a_landlord_reads_the_resources(agent: Any, sign_in: Any) -> None:
    assert INCOME in sign_in(agent).get(address(make_demand())).content.decode()


def test_a_reader_has_no_act_and_cannot_forge_one(reader: Any, sign_in: Any) -> None:
    demand = make_demand()
    client = sign_in(reader)
    answer = client.get(address(demand))
    assert answer.status_code == 200
    assert answer.context["acts"] == []
    for code in ("piece", "contact", "message", "candidate", "refusal", "note"):
        assert client.post(address(demand, "actes", code), {"version": 1}).status_code == 404
    assert Event.objects.filter(demand=demand).count() == 1


def test_acts_follow_the_state_of_the_demand(agent: Any, sign_in: Any) -> None:
    client = sign_in(agent)
    codes_by_state = {}
    for state in (DemandState.AWAITING_CHECK, DemandState.ACTIVE, DemandState.UNDER_ALLOCATION):
        acts = client.get(address(make_demand(state=state))).context["acts"]
        codes_by_state[state] = {act.code for act in acts} & {"candidate", "refusal"}
    assert codes_by_state == {
        DemandState.AWAITING_CHECK: set(),
        DemandState.ACTIVE: {"candidate"},
        DemandState.UNDER_ALLOCATION: {"refusal"},
    }


def test_an_act_that_the_state_no_longer_takes_is_answered_409(agent: Any, sign_in: Any) -> None:
    make_commune()
    demand = make_demand(state=DemandState.AWAITING_CHECK)
    data = {"home_type": "T3", "commune": "Dijon", "version": demand.version}
    answer = sign_in(agent).post(address(demand, "actes", "candidate"), data)
    assert answer.status_code == 409
    demand.refresh_from_db()
    assert demand.state == DemandState.AWAITING_CHECK


@pytest.mark.parametrize(
    ("act", "data", "kind", "reason"),
    [
        (
            "piece",
            {"piece": "tax_notice", "text": "L’année manque."},
            "piece_requested",
            "tax_notice",
        ),
        ("contact", {"channel": "phone", "text": "Rappel pris."}, "contacted", "phone"),
        ("message", {"body": "Bonjour."}, "message_sent", ""),
        ("note", {"text": "Vu au guichet."}, "note", ""),
    ],
)
def test_each_act_leaves_its_event_and_shows_it(
    agent: Any, sign_in: Any, act: str, data: dict[str, Any], kind: str, reason: str
) -> None:
    demand = make_demand()
    answer = sign_in(agent).post(
        address(demand, "actes", act), {**data, "version": demand.version}, follow=True
    )
    event = demand.events.latest("at")
    assert (event.kind, event.reason) == (kind, reason)
    assert (event.user, event.organisation) == (agent.user, agent.organisation)
    assert event.rule_versions
    written = data.get("text") or data.get("body")
    assert written in answer.content.decode()


def test_a_candidacy_is_proposed_then_refused_for_a_legal_reason(agent: Any, sign_in: Any) -> None:
    make_commune()
    demand = make_demand()
    client = sign_in(agent)
    home = {"home_type": "T3", "commune": "dijon", "residence": "Les Tilleuls"}
    page = client.post(
        address(demand, "actes", "candidate"), {**home, "version": demand.version}, follow=True
    ).content.decode()
    assert "T3, Les Tilleuls, Dijon" in page
    refusal = {"reason": "income_too_low", "text": "Le loyer dépasse le tiers."}
    client.post(address(demand, "actes", "refusal"), {**refusal, "version": form_version(demand)})
    demand.refresh_from_db()
    assert demand.state == DemandState.ACTIVE
    assert demand.events.latest("at").reason == codes.RefusalReason.INCOME_TOO_LOW


def test_a_refusal_without_reason_is_not_recorded_and_keeps_what_was_typed(
    agent: Any, sign_in: Any
) -> None:
    demand = make_demand(state=DemandState.UNDER_ALLOCATION)
    answer = sign_in(agent).post(
        address(demand, "actes", "refusal"), {"text": "Trop cher", "version": demand.version}
    )
    assert answer.status_code == 422
    assert "Trop cher" in answer.content.decode()
    assert answer.context["form"].errors.keys() == {"reason"}


def test_a_colleague_s_change_meanwhile_gives_the_text_back_instead_of_recording_it(
    agent: Any, sign_in: Any
) -> None:
    demand = make_demand()
    client = sign_in(agent)
    seen = demand.version
    client.post(address(demand, "actes", "note"), {"text": "La première", "version": seen})
    answer = client.post(address(demand, "actes", "note"), {"text": "La seconde", "version": seen})
    assert answer.status_code == 409
    assert "La seconde" in answer.content.decode()
    assert list(demand.events.filter(kind=EventKind.NOTE).values_list("text", flat=True)) == [
        "La première"
    ]


def test_checking_the_identity_document_makes_the_demand_active(agent: Any, sign_in: Any) -> None:
    demand = make_demand(state=DemandState.AWAITING_CHECK)
    document = demand.documents.get()
    client = sign_in(agent)
    assert client.get(address(demand, "documents", document.pk)).status_code == 200
    client.post(
        address(demand, "documents", document.pk, "controle"),
        {"answer": "conforms", "version": demand.version},
    )
    demand.refresh_from_db()
    document.refresh_from_db()
    assert (demand.state, document.status) == (DemandState.ACTIVE, "verified")


def test_a_document_is_refused_only_with_a_reason(agent: Any, sign_in: Any) -> None:
    demand = make_demand(state=DemandState.AWAITING_CHECK)
    document = demand.documents.get()
    path = address(demand, "documents", document.pk, "controle")
    client = sign_in(agent)
    refused = {"answer": "refused", "version": demand.version}
    assert client.post(path, refused).status_code == 422
    client.post(path, {**refused, "reason": "La photographie est illisible."})
    document.refresh_from_db()
    assert document.refusal_reason == "La photographie est illisible."


def test_the_bytes_of_a_document_are_sandboxed_uncached_and_journalled(
    agent: Any, sign_in: Any
) -> None:
    demand = make_demand()
    document = demand.documents.get()
    answer = sign_in(agent).get(address(demand, "documents", document.pk, "fichier"))
    assert answer.content.startswith(b"%PDF")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Content-Disposition"].startswith("attachment")
    row = AccessLog.objects.get(demand=demand)
    assert (row.purpose, row.document) == ("document", document.stored_file_id)


def test_an_agreement_that_ended_closes_the_file_at_the_next_request(
    agent: Any, sign_in: Any
) -> None:
    demand = make_demand()
    client = sign_in(agent)
    assert client.get(address(demand)).status_code == 200
    agent.organisation.agreements.update(ends_on="2021-01-01")
    assert client.get(address(demand)).status_code == 404


def test_a_lead_shares_a_file_with_an_organisation_and_ends_the_share(
    lead: Any, sign_in: Any
) -> None:
    demand = make_demand()
    guest = make_organisation("association", "association", with_agreement=True)
    guest_client = sign_in(make_member(guest, "agent"))
    assert guest_client.get(address(demand)).status_code == 404
    client = sign_in(lead)
    data = {
        "organisation": guest.pk,
        "reason": "Accompagnement social",
        "starts_on": "2020-01-01",
        "ends_on": "2199-01-01",
    }
    client.post(address(demand, "partages"), data)
    share = Share.objects.get(demand=demand)
    assert guest_client.get(address(demand)).status_code == 200
    client.post(address(demand, "partages", share.pk, "fin"))
    assert guest_client.get(address(demand)).status_code == 404


def test_an_agent_is_not_offered_to_share(agent: Any, sign_in: Any) -> None:
    demand = make_demand()
    client = sign_in(agent)
    assert client.get(address(demand)).context["share_form"] is None
    assert client.post(address(demand, "partages"), {}).status_code == 404


def test_a_person_of_two_organisations_sees_only_what_the_chosen_one_sees(
    agent: Any, sign_in: Any
) -> None:
    nievre = make_organisation("bailleur-58", department="58")
    other = make_member(nievre, "agent", user=agent.user)
    here, there = make_demand(), make_demand(department="58", communes=("58194",))
    client = sign_in(agent)
    assert client.get(address(there)).status_code == 404
    client.post("/bureau/organismes/", {"membership": other.pk})
    assert client.get(address(there)).status_code == 200
    assert client.get(address(here)).status_code == 404


def test_nobody_acts_under_a_membership_that_is_not_his(agent: Any, sign_in: Any) -> None:
    stranger = make_member()
    assert (
        sign_in(agent).post("/bureau/organismes/", {"membership": stranger.pk}).status_code == 404
    )


def test_named_files_wait_for_a_second_factor_where_it_is_required(
    agent: Any, sign_in: Any, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    demand = make_demand()
    for path in ("/bureau/", address(demand)):
        answer = sign_in(agent).get(path)
        assert answer.status_code == 302
        assert "2fa" in answer["Location"]
    assert not AccessLog.objects.exists()


def test_the_file_says_that_a_birth_long_past_is_still_counted_as_to_come(
    agent: Any, sign_in: Any
) -> None:
    today = timezone.localdate()
    demand = make_demand(unborn_count=1, unborn_due_on=today - timedelta(days=20))
    client = sign_in(agent)
    assert "toujours compté à naître" not in client.get(address(demand)).content.decode()
    Demand.objects.filter(pk=demand.pk).update(unborn_due_on=today - timedelta(days=40))
    assert "toujours compté à naître" in client.get(address(demand)).content.decode()
