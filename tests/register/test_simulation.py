"""What a version would change is what changes once in force; asking changes nothing."""

import copy
import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from register import access
from register.errors import AskedTooOften
from register.models import Demand, OrganisationKind, Role, Simulation
from register.parameters import parameter_bindings
from register.selectors import due
from register.selectors.simulation import may_read_exactly
from register.services.simulation import MOST_A_DAY, ask_for, run_waiting
from register.simulation import deadlines, rights, scoring
from register.simulation.blur import blurred, least_told
from register.simulation.frame import Bodies, Line, Outcome, Placed, Table, WouldWrite, reading_only
from register.simulation.words import shown
from rules import drafts, registry
from rules.disk import MODULES
from rules.kinds import parse_body
from rules.kinds.rights import Action
from rules.life import Actor
from rules.models import RuleModuleVersion
from tests.factories import (
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.portal.demand import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def _shipped(code: str) -> dict[str, Any]:
    return json.loads((MODULES / code / "body.json").read_text(encoding="utf-8"))


def _bodies(kind: str, code: str, changed: dict[str, Any]) -> Bodies:
    """The modules in force, and the same with the changed body of one."""
    facts = access.vocabulary()
    own = registry.get(code)
    body = parse_body(kind, changed, facts)
    others = [m for m in registry.all_in_force() if m.kind == kind and m.code != code]
    kept = [Placed(m.territory, m.body) for m in others]
    return Bodies(
        before=(*kept, Placed(own.territory, own.body)),
        after=(*kept, Placed(own.territory, body)),
        own_before=own.body,
        own_after=body,
        figures=parameter_bindings(own.territory, timezone.localdate()),
        vocabulary=facts,
        today=timezone.localdate(),
    )


def _run(simulate: Any, bodies: Bodies) -> Outcome:
    outcome = Outcome()
    steps = simulate(bodies, outcome)
    with reading_only():
        for done, total in steps:
            assert 0 <= done <= total
    return outcome


def _line(outcome: Outcome, subject: str, key: str) -> Line:
    table = next(t for t in outcome.tables if t.subject == subject)
    found = [line for line in table.lines if line.key == key]
    return found[0] if found else Line(key, 0, 0, 0, 0)


@pytest.fixture
def demands() -> list[Demand]:
    make_commune("21231", "Dijon")
    make_department("71", "Saône-et-Loire")
    make_commune("71270", "Mâcon", epci="200070308", department="71", postal_code="71000")
    here = [make_demand() for _each in range(3)]
    there = [make_demand(communes=("71270",), department="71") for _each in range(2)]
    return [*here, *there, make_demand(is_sealed=True)]


def test_a_grant_taken_away_loses_exactly_the_files_it_alone_opened(demands: list[Demand]) -> None:
    landlord = make_organisation("bailleur", department="21")
    agent = principal_of(make_member(landlord, Role.AGENT))
    before = set(access.scope(agent, Action.LIST).values_list("pk", flat=True))
    changed = _shipped("rights-r441-2-6")
    changed["grants"] = [g for g in changed["grants"] if g["code"] != "landlords-consult"]

    line = _line(
        _run(rights.simulate, _bodies("rights", "rights-r441-2-6", changed)),
        "bailleur",
        "agent:list",
    )

    assert (line.before, line.after, line.gained, line.lost) == (len(before), 0, 0, len(before))
    assert len(before) == 3


def test_a_wider_grant_gains_what_the_list_would_then_show(demands: list[Demand]) -> None:
    landlord = make_organisation("bailleur", department="21")
    changed = _shipped("rights-r441-2-6")
    for grant in changed["grants"]:
        if grant["code"] == "landlords-consult":
            grant["row"] = {"all": []}

    line = _line(
        _run(rights.simulate, _bodies("rights", "rights-r441-2-6", changed)),
        landlord.code,
        "reader:list",
    )

    assert (line.before, line.after, line.gained, line.lost) == (3, 5, 2, 0)


def test_rules_that_stay_the_same_move_nothing(demands: list[Demand]) -> None:
    make_organisation("bailleur", department="21")
    make_organisation("etat", OrganisationKind.STATE, department="21")
    same = _bodies("rights", "rights-r441-2-6", _shipped("rights-r441-2-6"))
    moved = [
        line
        for table in _run(rights.simulate, same).tables
        for line in table.lines
        if line.gained or line.lost
    ]
    assert moved == []


def test_a_right_that_is_not_always_counted_is_when_the_version_changes_it(
    demands: list[Demand],
) -> None:
    landlord = make_organisation("bailleur", department="21")
    changed = _shipped("rights-r441-2-6")
    for grant in changed["grants"]:
        if grant["code"] == "landlords-consult":
            grant["actions"] = [*grant["actions"], "lapse"]
    moved = _run(rights.simulate, _bodies("rights", "rights-r441-2-6", changed))
    assert _line(moved, landlord.code, "agent:lapse").gained == 3
    assert not [line for t in moved.tables for line in t.lines if line.key == "agent:renew"]


def test_a_group_that_the_agreement_does_not_name_is_gained_by_nobody(
    demands: list[Demand],
) -> None:
    landlord = make_organisation("bailleur", department="21")
    landlord.agreements.update(data_classes=["identity", "resources"])
    changed = _shipped("fields-21")
    for rule in changed["rules"]:
        rule["levels"] |= {"health": "read", "resources": "masked"}

    outcome = _run(rights.simulate_fields, _bodies("fields", "fields-21", changed))

    assert _line(outcome, landlord.code, "agent:resources").lost == 3
    assert _line(outcome, landlord.code, "agent:health").gained == 0


def test_masking_resources_is_counted_for_each_role(demands: list[Demand]) -> None:
    landlord = make_organisation("bailleur", department="21")
    changed = _shipped("fields-21")
    for rule in changed["rules"]:
        rule["levels"] = {
            name: "masked" if name == "resources" and level != "none" else level
            for name, level in rule["levels"].items()
        }

    outcome = _run(rights.simulate_fields, _bodies("fields", "fields-21", changed))

    lost = _line(outcome, landlord.code, "agent:resources")
    assert (lost.before, lost.after, lost.lost) == (3, 0, 3)
    kept = _line(outcome, landlord.code, "agent:identity")
    assert (kept.before, kept.after) == (3, 3)


def test_a_longer_tolerance_keeps_files_from_being_struck_off(demands: list[Demand]) -> None:
    today = timezone.localdate()
    for demand in demands[:2]:
        Demand.objects.filter(pk=demand.pk).update(
            received_on=today - timedelta(days=420), expires_on=today - timedelta(days=55)
        )
    changed = _shipped("deadlines-21")
    for deadline in changed["deadlines"]:
        if deadline["code"] == "strike_off":
            deadline["value"] = 18

    outcome = _run(deadlines.simulate, _bodies("deadlines", "deadlines-21", changed))

    assert due.to_strike_off(today).count() == 2
    whole = next(t for t in outcome.tables if (t.subject, t.dimension) == ("to_strike_off", ""))
    assert whole == Table("due", "", (Line("", 2, 0, 0, 2),), "to_strike_off")
    warned = next(t for t in outcome.tables if (t.subject, t.dimension) == ("to_warn", ""))
    assert warned.lines[0].gained == 2


def test_asking_writes_nothing_at_all(demands: list[Demand]) -> None:
    make_organisation("bailleur", department="21")

    def everything() -> dict[str, list[Any]]:
        models = [m for m in apps.get_app_config("register").get_models() if m._meta.managed]
        return {m.__name__: list(m._default_manager.order_by("pk").values()) for m in models}

    before = copy.deepcopy(everything())
    _run(rights.simulate, _bodies("rights", "rights-r441-2-6", _shipped("rights-r441-2-6")))
    _run(deadlines.simulate, _bodies("deadlines", "deadlines-21", _shipped("deadlines-21")))
    assert everything() == before


def test_a_simulation_that_would_write_is_stopped(demands: list[Demand]) -> None:
    with pytest.raises(WouldWrite), reading_only():
        Demand.objects.filter(pk=demands[0].pk).update(widening=True)


def test_a_criterion_worth_more_moves_ranks_and_the_first_hundred(demands: list[Demand]) -> None:
    changed = _shipped("scoring-demo-21")
    same = _run(scoring.simulate, _bodies("scoring", "scoring-demo-21", changed))
    assert all(not (line.gained or line.lost) for table in same.tables for line in table.lines)
    ranked = next(t for t in same.tables if (t.measure, t.dimension) == ("ranks", ""))
    assert ranked.lines == (Line("", 6, 6, 0, 0),)
    home = next(t for t in same.tables if t.measure == "first_hundred")
    assert [(line.key, line.before) for line in home.lines] == [("21231:T3", 4), ("71270:T3", 2)]


FIGURES = st.lists(st.integers(0, 400), min_size=4, max_size=4)
DAY = timezone.make_aware(datetime(2026, 3, 2, 10))


def _asked(lines: list[Any], dimension: str = "", draft: str = "a", **changes: Any) -> Simulation:
    table = {"measure": "rule", "dimension": dimension, "subject": "", "lines": lines} | changes
    result = {"questions": 6, "tables": [table]}
    return Simulation(content_hash=draft, asked_at=DAY, result=result)


def _told(gained: int, draft: str) -> tuple[int | None, ...]:
    """What an editor reads of a new rule that holds for so many files."""
    tables = shown(_asked([["", 0, gained, gained, 0]], draft=draft), exact=False)
    return tables[0].lines[0].figures if tables and tables[0].lines else ()


@given(st.sampled_from(["", "age", "commune"]), st.dictionaries(st.text("abc"), FIGURES))
def test_an_editor_is_told_of_files_by_fives_and_never_of_few(
    dimension: str, found: dict[str, list[int]]
) -> None:
    asked = _asked([[key, *figures] for key, figures in found.items()], dimension)
    least = least_told(asked)
    assert least >= 20
    for table in shown(asked, exact=False):
        figures = [figure for line in (*table.lines, *table.rest) for figure in line.figures]
        assert all(figure is None or (figure >= least and figure % 5 == 0) for figure in figures)


@pytest.mark.parametrize("files", [1, 5, 50, 60, 500, 1001, 20_000])
def test_one_file_more_is_not_told_from_one_file_less_whatever_pads_the_condition(
    files: int,
) -> None:
    """Of many drafts, how often whoever knows all other files would guess right: hardly a half."""
    drafts = [str(number) for number in range(1500)]
    more, fewer = (Counter(_told(n, draft) for draft in drafts) for n in (files, files - 1))
    guessed = sum(max(more[told], fewer[told]) for told in more.keys() | fewer.keys())
    assert guessed / (2 * len(drafts)) < 0.57


def test_the_same_question_has_the_same_answer_and_another_one_another_chance() -> None:
    """Two drafts true of the same files do not read alike: nobody learns that they are the same."""
    drafts = [str(number) for number in range(200)]
    assert [_told(500, draft) for draft in drafts] == [_told(500, draft) for draft in drafts]
    alike = sum(_told(500, draft) == _told(500, draft + "bis") for draft in drafts)
    assert alike < len(drafts) / 4


def test_writing_a_question_many_times_in_a_draft_tells_no_more_than_once() -> None:
    """The mean of all the answers is no nearer to the truth than one answer."""

    def distance(times: int, draft: str) -> float:
        lines = [[str(n), 0, 20_000, 20_000, 0] for n in range(times)]
        asked = _asked(lines, "home", draft)
        asked.result["questions"] = times
        told = [line[3] for table in blurred(asked) for line in table["lines"]]
        return abs(sum(told) / len(told) - 20_000)

    once, often = (
        sum(distance(times, str(draft)) for draft in range(150)) / 150 for times in (1, 64)
    )
    assert often > once / 2


def test_a_file_that_passes_many_others_is_not_found_in_their_ranks() -> None:
    asked = _asked([["", 900, 900, 1, 899]], measure="ranks")
    assert shown(asked, exact=False) == []
    assert shown(asked, exact=True)[0].lines[0].lost == 899


@pytest.mark.parametrize(
    ("fact", "exact"), [("demand.single_parent", True), ("demand.has_disability", False)]
)
def test_the_manager_reads_exact_figures_unless_the_draft_speaks_of_what_is_masked_to_her(
    rules: None, fact: str, exact: bool
) -> None:
    holder = make_organisation("gestion", OrganisationKind.MANAGER)
    member = make_member(holder, Role.MANAGER)
    make_demand()
    draft = drafts.open_draft("priority-21", Actor("Editor"))
    body = _shipped("priority-21")
    body["priorities"][2]["detect"] = {"fact": fact, "op": "is", "value": True}
    draft = drafts.save_draft(draft, body=body)
    assert may_read_exactly(principal_of(member), draft) is exact


def test_the_manager_reads_no_exact_figure_of_files_beyond_her_agreements(rules: None) -> None:
    member = make_member(make_organisation("gestion", OrganisationKind.MANAGER), Role.MANAGER)
    draft = drafts.open_draft("priority-21", Actor("Editor"))
    make_demand()
    assert may_read_exactly(principal_of(member), draft)
    make_department("71", "Saône-et-Loire")
    make_commune("71270", "Mâcon", epci="200070308", department="71", postal_code="71000")
    make_demand(communes=("71270",), department="71")
    assert not may_read_exactly(principal_of(member), draft)


def test_the_page_and_the_file_of_a_manager_are_moved_by_chance_too(rules: None) -> None:
    member = make_member(make_organisation("gestion", OrganisationKind.MANAGER), Role.MANAGER)
    make_demand()
    body = _shipped("priority-21")
    body["priorities"][2]["detect"] = {"fact": "demand.has_disability", "op": "is", "value": True}
    draft = drafts.save_draft(drafts.open_draft("priority-21", Actor("Editor")), body=body)
    lines = [["", 0, 7, 7, 0]]
    table = {"measure": "rule", "dimension": "", "subject": "dalo", "lines": lines}
    Simulation.objects.create(
        version=draft,
        content_hash=draft.content_hash,
        asked_by=member.user,
        asked_at=timezone.now(),
        finished_at=timezone.now(),
        state="done",
        result={"stock": 9, "questions": 6, "tables": [table]},
    )
    client = signed_in(member.user)
    for name in ("desk:simulation", "desk:simulation_csv"):
        answer = client.get(reverse(name, args=[draft.pk]))
        assert answer.status_code == 200
        assert "DALO" not in answer.content.decode()


def test_what_may_be_asked_for_in_a_day_has_an_end(rules: None) -> None:
    user = make_user()
    version = RuleModuleVersion.objects.get(module__code="deadlines-21", state="in_force")
    for _each in range(MOST_A_DAY):
        ask_for(user=user, version=version)
        run_waiting()
    with pytest.raises(AskedTooOften):
        ask_for(user=user, version=version)
    assert ask_for(user=make_user(), version=version)
    Simulation.objects.filter(asked_by=user).update(asked_at=timezone.now() - timedelta(days=1))
    run_waiting()
    assert ask_for(user=user, version=version)
