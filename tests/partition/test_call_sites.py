"""Take away any one question asked of `access`, and somebody is answered otherwise.

Run it with the table: `pytest -m slow tests/partition/test_call_sites.py -s`.
"""

import json
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.http import Http404
from django.test import Client, override_settings
from django.utils import timezone

from register import access, bits
from register.access import FieldSet
from register.codes import ContactChannel
from register.errors import NotAllowed
from register.models import (
    DemandFacts,
    LocalAnswer,
    Message,
    OrganisationKind,
    Role,
    WebhookEndpoint,
)
from register.principals import SYSTEM, Principal, applicant_principal, as_of_now
from register.selectors.answer_filters import AnswerFilter
from register.selectors.home_ranking import first_for
from register.selectors.ranking import Home
from register.selectors.worklist import Sort, WorklistFilter, matching, read_page
from register.services.acts import add_note, record_contact, request_piece
from register.services.assertions import check_now
from register.services.exports import Export
from register.services.files import open_stored_file
from register.services.messages import mark_read
from register.services.webhooks import may_tell
from rules.disk import MODULES
from rules.models import RuleModuleVersion
from rules.operators import Operator
from rules.sql import ALWAYS
from tests.factories import make_member, make_organisation, principal_of
from tests.partition.answers import differences
from tests.partition.call_sites import Site, call_sites, listen, take_away
from tests.partition.routing import address, needs, our_routes, posted, values_for
from tests.partition.seldom_all import all_seen
from tests.partition.test_matrix import ask
from tests.partition.world import DIJON, World, add_document, build_world, rolled_back

NOON = "2026-03-18 12:00:00+01:00"
ROLES = (
    "landlord agent",
    "landlord reader",
    "landlord lead",
    "landlord statistician",
    "body without counter",
    "commune inside",
    "commune outside",
    "data-protection officer",
    "manager",
    "owner",
    "other applicant",
    "helper",
)
RELATIONS = ("own", "other", "sealed", "shared")


class Probe(NamedTuple):
    """One request of one person, or one service called with no page in front of it."""

    who: str
    what: str
    ask: Callable[[], Any]


@pytest.fixture
def world(db: Any, rules: None, tmp_path: Path) -> Iterator[World]:
    logging.disable(logging.CRITICAL)
    _mask_identity_and_wishes_to_team_leads(tmp_path)
    with time_machine.travel(NOON, tick=False):
        world = build_world()
        own = world.demands["own"]
        add_document(own, "income")
        LocalAnswer.objects.create(
            demand=own,
            question="parking",
            version=RuleModuleVersion.objects.get(module__code="questions-21", state="in_force"),
            yes_no=True,
            answered_at=timezone.now(),
        )
        without = make_organisation("sans-convention", with_agreement=False)
        world.members["no agreement"] = make_member(without, Role.AGENT)
        holder = make_organisation("ancien", OrganisationKind.MANAGER, with_agreement=False)
        world.members["manager without agreement"] = make_member(holder, Role.MANAGER)
        for role in ("no agreement", "manager without agreement"):
            world.cast[role] = world.members[role].user
        yield world
    logging.disable(logging.NOTSET)


def _mask_identity_and_wishes_to_team_leads(folder: Path) -> None:
    """Nobody lists files without reading names under the shipped rules: here, team leads do.

    Nor does any helper follow a demand without reading its addresses: here, all do.
    """
    shutil.copytree(MODULES / "fields-21", folder / "fields-21")
    path = folder / "fields-21"
    body = json.loads((path / "body.json").read_text())
    rule = next(each for each in body["rules"] if each["code"] == "landlords-read")
    masked = json.loads(json.dumps(rule)) | {"code": "leads-read"}
    for each, roles in ((rule, ["reader", "agent"]), (masked, ["lead"])):
        each["principal"]["all"][-1]["value"] = roles
    helper = next(each for each in body["rules"] if each["code"] == "helper-data")
    helper["levels"]["contact"] = "masked"
    masked["levels"] |= {"identity": "masked", "wishes": "masked", "score": "none"}
    body["rules"].append(masked)
    (path / "body.json").write_text(json.dumps(body))
    (path / "tests.json").write_text("[]")
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["version"] += 1
    (path / "manifest.json").write_text(json.dumps(manifest))
    call_command("rules", "install", "--modules", str(folder), verbosity=0)


def requests(world: World) -> Iterator[Probe]:
    """Each route for each of these people, about demands in every relation to them."""
    declared = needs()
    for role in ROLES:
        client = world.client(role)
        for route in our_routes():
            about = RELATIONS if declared[route.name].is_about_a_demand else ("",)
            for relation in about:
                demand = world.demands.get(relation)
                url = address(route, values_for(demand))
                for method in route.methods:
                    data = posted(demand, world.members.get(role))
                    yield Probe(role, f"{method} {url}", _asked(client, method, url, data))
        for query in ("?number=0", "?is_priority=on", "?state=under_allocation"):
            url = f"/bureau/{query}"
            yield Probe(role, f"GET {url}", _asked(client, "GET", url, {}))
        for text in ("Martin", *(d.number for d in world.demands.values())):
            data = {"text": text}
            yield Probe(role, f"search {text}", _asked(client, "POST", "/bureau/recherche/", data))


def situations(world: World) -> Iterator[Probe]:
    """Requests that no table describes: a form left empty, real people compared, no agreement."""
    own, other = world.demands["own"], world.demands["other"]
    members = {name: member.pk for name, member in world.members.items()}
    explained = {"explain-member": members["landlord elsewhere"], "explain-number": own.number}
    beyond = {**explained, "explain-number": other.number}
    compared = {
        "compare-member": members["landlord elsewhere"],
        "compare-other": members["landlord reader"],
    }
    levels = {
        "compare-member": members["landlord reader"],
        "compare-other": members["landlord lead"],
    }
    masked = {
        "compare-member": members["landlord reader"],
        "compare-other": members["commune inside"],
    }
    agreement = world.members["landlord agent"].organisation.agreements.get().pk
    income = own.documents.get(kind="income").pk
    empty = f"/bureau/dossiers/{own.number}/actes/note/"
    asked = [
        ("landlord reader", "POST", empty, {}),
        ("commune outside", "POST", empty, {}),
        ("no agreement", "GET", "/bureau/", {}),
        ("manager without agreement", "GET", "/bureau/suivi/", {}),
        ("manager without agreement", "GET", "/bureau/suivi/automates/", {}),
        ("manager without agreement", "GET", "/bureau/suivi/echeances/", {}),
        ("manager without agreement", "GET", "/bureau/suivi/conservation/", {}),
        ("manager", "POST", "/bureau/suivi/conservation/", {"number": other.number, "reason": "x"}),
        ("manager", "POST", "/bureau/acces/expliquer/", explained),
        ("manager", "POST", "/bureau/acces/expliquer/", beyond),
        ("manager", "POST", "/bureau/acces/comparer/", compared),
        ("manager", "POST", "/bureau/acces/comparer/", levels),
        ("manager", "POST", "/bureau/acces/comparer/", masked),
        ("manager", "GET", f"/bureau/conventions/{agreement}/", {}),
        ("commune inside", "GET", f"/bureau/dossiers/{own.number}/documents/{income}/", {}),
    ]
    for role, method, url, data in asked:
        client = world.client(role)
        yield Probe(role, f"{method} {url}", _asked(client, method, url, data))
    statistician = _asked(world.client("landlord statistician"), "GET", "/bureau/", {})
    yield Probe("landlord statistician", "a second factor", _with_second_factor(statistician))


def _with_second_factor(run: Callable[[], Any]) -> Callable[[], Any]:
    def required() -> Any:
        with override_settings(SECOND_FACTOR_REQUIRED=True):
            return run()

    return required


def _asked(client: Client, method: str, url: str, data: dict[str, Any]) -> Callable[[], Any]:
    def run() -> Any:
        cache.clear()
        try:
            return ask(client, method, url, data)
        except Exception as error:  # an error page is another answer too
            return "error", (0, [], type(error).__name__.encode())

    return run


def services(world: World) -> Iterator[Probe]:
    """Second walls: services called by somebody whom no page would have let come so far."""
    stranger = applicant_principal(world.cast["other applicant"])
    agent = principal_of(world.members["commune outside"])
    demand = world.demands["own"]
    document = demand.documents.first()

    def read_messages() -> Any:
        mark_read(principal=stranger, demand=demand)
        return list(Message.objects.filter(demand=demand).values_list("read_at", flat=True))

    def export_after_the_end() -> Any:
        member = world.members["landlord agent"]
        export = Export(principal_of(member), WorklistFilter(), 10)
        yesterday = timezone.localdate() - timedelta(days=1)
        member.organisation.agreements.update(ends_on=yesterday)
        assert as_of_now(principal_of(member)) is not None
        return [row.demand.number for row in export.rows()], export.is_stopped

    lead = principal_of(world.members["landlord lead"])
    local = principal_of(world.members["commune inside"])
    elsewhere = principal_of(world.members["landlord elsewhere"])
    manager = principal_of(world.members["manager"])
    seen = replace(elsewhere, observer=manager)
    foreign = world.demands["other"]
    parking = WorklistFilter(answer=AnswerFilter("parking", Operator.IS, True))

    def under_a_ceiling() -> Any:
        """Whatever the ceilings are: what counts is whose resources may be known."""
        with mock.patch("register.selectors.worklist_filter.under_ceiling", return_value=ALWAYS):
            found = matching(local, WorklistFilter(ceiling="plus"))
            return list(found.values_list("number", flat=True))

    def first_for_a_home(reader: Principal) -> Any:
        """With a disability that counts; violence is told beside: the applicant alone knows."""
        told = {"has_disability": True, "reasons": bits.mask(["06", "07"], bits.REASONS)}
        DemandFacts.objects.filter(demand=demand).update(**told)
        found = first_for(reader, Home(DIJON, "T3")).candidates
        return [(line.demand.number, line.is_withheld) for line in found]

    def of_names_only() -> Any:
        """The landlord's agent, when the agreement opens names and no other group of data."""
        member = world.members["landlord agent"]
        member.organisation.agreements.update(data_classes=["identity"])
        return principal_of(member)

    def of_a_size() -> Any:
        found = matching(of_names_only(), WorklistFilter(size_min=1))
        return list(found.values_list("number", flat=True))

    agent_here = principal_of(world.members["landlord agent"])
    calls: dict[str, Callable[[], Any]] = {
        "home": lambda: first_for_a_home(agent_here),
        "home, no score": lambda: first_for_a_home(lead),
        "sizes": of_a_size,
        "note without notes": lambda: add_note(principal=of_names_only(), demand=demand, text="x"),
        "ceiling": under_a_ceiling,
        "search": lambda: [
            row.applicant for row in read_page(lead, WorklistFilter(text="martin")).rows
        ],
        "masks": lambda: [row.applicant for row in read_page(lead, WorklistFilter()).rows],
        "scores": lambda: [
            row.weighed and row.weighed.text
            for row in read_page(lead, WorklistFilter(sort=Sort.SCORE)).rows
        ],
        "open_income": lambda: open_stored_file(
            principal=local, stored_file_id=demand.documents.get(kind="income").stored_file_id
        ),
        "webhook": lambda: [may_tell(WebhookEndpoint(organisation=elsewhere.organisation), demand)],
        "by the rights": lambda: list(
            matching(elsewhere, WorklistFilter()).values_list("number", flat=True)
        ),
        "answer": lambda: list(matching(lead, parking).values_list("number", flat=True)),
        "see-as": lambda: [access.decide(seen, access.Action.VIEW, foreign).allowed],
        "see-as data": lambda: [access.fields(seen, foreign).level(name) for name in FieldSet],
        "ask": lambda: request_piece(principal=local, demand=demand, piece="work"),
        "assertions": lambda: [
            result.counter_examples for result in check_now(principal=SYSTEM).results.all()
        ],
        "add_note": lambda: add_note(principal=agent, demand=demand, text="x"),
        "contact": lambda: record_contact(
            principal=agent, demand=demand, channel=ContactChannel.PHONE, text="x"
        ),
        "open_stored_file": lambda: open_stored_file(
            principal=agent, stored_file_id=document.stored_file_id
        ),
        "open_own_file": lambda: open_stored_file(
            principal=principal_of(world.members["landlord reader"]),
            stored_file_id=document.stored_file_id,
        ),
        "mark_read": read_messages,
        "export": export_after_the_end,
        **all_seen(world),
    }
    for name, call in calls.items():
        yield Probe("service", name, _called(call))


def _called(call: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with rolled_back():
            try:
                answer = call()
            except (NotAllowed, Http404, ValidationError) as refusal:
                return "refused", type(refusal).__name__
            return "done", repr(answer) if isinstance(answer, list | tuple) else ""

    return run


def _differ(one: Any, two: Any) -> str:
    if one == two:
        return ""
    if one[0] != two[0]:
        return f"{two[0]}, not {one[0]}"
    both_pages = isinstance(one[1], tuple) and isinstance(two[1], tuple)
    return (differences(one[1], two[1]) if both_pages else f"{two[1]}, not {one[1]}")[:90]


@pytest.mark.slow
def test_any_question_taken_away_changes_an_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes = [*services(world), *situations(world), *requests(world)]
    heard_by: dict[Site, list[int]] = {}
    before = []
    for place, probe in enumerate(probes):
        heard: set[Site] = set()
        with monkeypatch.context() as patch:
            listen(patch, heard)
            before.append(probe.ask())
        for site in heard:
            heard_by.setdefault(site, []).append(place)
    survivors: list[Site] = []
    lines = []
    for site in call_sites():
        seen = ""
        with monkeypatch.context() as patch:
            take_away(patch, site)
            for place in _refused_first(heard_by.get(site, []), before):
                if seen := _differ(before[place], probes[place].ask()):
                    seen = f"{probes[place].who}, {probes[place].what}: {seen}"
                    break
        verdict = "red" if seen else "second wall" if site.is_second_wall else "GREEN"
        lines.append(f"{verdict:<12} {site}  {seen}")
        if not seen and not site.is_second_wall:
            survivors.append(site)
    print("\n" + "\n".join(lines))
    red = sum(line.startswith("red") for line in lines)
    print(
        f"{red} of {len(lines)} calls: taken away, an answer changes; the others are second walls"
    )
    assert survivors == []


def _refused_first(places: list[int], before: list[Any]) -> list[int]:
    """Refusals show a door left open soonest."""
    return sorted(places, key=lambda place: before[place][0] in ("found", "done"))


def test_every_call_is_found_and_can_be_taken_away() -> None:
    sites = call_sites()
    assert len(sites) >= 50
    assert {"scope", "decide", "fields", "readable", "get_demand"} <= {site.name for site in sites}
    assert {site.path.partition("/")[0] for site in sites} >= {
        "register",
        "portal",
        "backoffice",
        "observatory",
    }
