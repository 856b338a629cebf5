"""The life of a version: only the moves of the table, one winner, nothing changed once frozen."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from rules import drafts, moves, registry, signatures
from rules.drafts import start_module
from rules.errors import MoveRefused, RuleError
from rules.installation import Change
from rules.life import MOVES, Actor
from rules.models import RuleModule, RuleModuleVersion, RuleVersionMove, VersionState
from rules.vocabulary import Vocabulary

from .modules import answer_in, case, deliver, grant, in_force, manifest
from .world import VOCABULARY

pytestmark = pytest.mark.django_db

EDITOR = Actor("Editor")
MANAGER = Actor("Manager", person=1, organisation="ush", party="manager")
LANDLORD = Actor("Landlord", person=2, organisation="orvitis", party="landlord")
BOTH_SIGN = ["manager", "landlord"]


@pytest.fixture(autouse=True)
def _tiny_vocabulary(monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "_vocabulary", VOCABULARY)


def months() -> list[int]:
    return [m.body.get("answer").value for m in registry.in_force("deadlines")]


def reviewed(value: int = 2, sign: Any = (MANAGER, LANDLORD)) -> RuleModuleVersion:
    """A version of the tiny module in review, signed."""
    draft = drafts.open_draft("tiny", EDITOR)
    card = draft.manifest | {"signatures": BOTH_SIGN}
    draft = drafts.save_draft(draft, body=answer_in(value), manifest=card, author=EDITOR)
    version = drafts.submit_for_review(draft, EDITOR)
    for signer in sign:
        version = drafts.sign(version, signer)
    return version


def in_state(state: VersionState, root: Any) -> RuleModuleVersion:
    """A version standing in this state, reached by moves alone."""
    deliver(root)
    soon = timezone.localdate() + timedelta(days=3)
    if state == VersionState.IN_FORCE:
        return in_force()
    if state == VersionState.SUPERSEDED:
        old = in_force()
        drafts.put_in_force(reviewed(), MANAGER)
        return RuleModuleVersion.objects.get(pk=old.pk)
    if state == VersionState.DELIVERED:
        drafts.put_in_force(reviewed(), MANAGER)
        assert deliver(root, 5, 2) is Change.BESIDE
        return RuleModuleVersion.objects.get(state=state)
    if state == VersionState.DRAFT:
        return drafts.open_draft("tiny", EDITOR)
    version = reviewed()
    if state == VersionState.SCHEDULED:
        return drafts.schedule(version, soon, MANAGER)
    return drafts.withdraw(version, MANAGER) if state == VersionState.WITHDRAWN else version


ACTS = {
    "edit": lambda v: drafts.save_draft(v, body=answer_in(9), author=EDITOR),
    "submit": lambda v: drafts.submit_for_review(v, EDITOR),
    "sign": lambda v: drafts.sign(v, Actor("Other", 3, "other", "landlord")),
    "refuse": lambda v: drafts.refuse(v, LANDLORD, "Trop court"),
    "schedule": lambda v: drafts.schedule(v, timezone.localdate() + timedelta(days=9), MANAGER),
    "publish": lambda v: drafts.put_in_force(v, MANAGER),
    "withdraw": lambda v: drafts.withdraw(v, MANAGER, "Abandonné"),
    "adopt": lambda v: drafts.adopt(v, MANAGER),
}
REACHED = {
    ("edit", "draft"): "draft",
    ("edit", "in_review"): "draft",
    ("submit", "draft"): "in_review",
    ("sign", "in_review"): "in_review",
    ("refuse", "in_review"): "draft",
    ("schedule", "in_review"): "scheduled",
    ("publish", "in_review"): "in_force",
    ("publish", "scheduled"): "in_force",
    ("withdraw", "draft"): "withdrawn",
    ("withdraw", "in_review"): "withdrawn",
    ("withdraw", "scheduled"): "withdrawn",
    ("withdraw", "delivered"): "withdrawn",
    ("adopt", "delivered"): "in_force",
}


@pytest.mark.parametrize("state", list(VersionState))
@pytest.mark.parametrize("act", list(ACTS))
def test_each_move_is_possible_from_the_states_of_the_table_and_from_no_other(
    tmp_path: Any, act: str, state: VersionState
) -> None:
    version = in_state(state, tmp_path)
    written = RuleVersionMove.objects.count()
    content = version.content_hash
    if (act, state) in REACHED:
        moved = ACTS[act](version)
        assert moved.state == REACHED[act, state]
        assert RuleVersionMove.objects.count() > written
    else:
        with pytest.raises(RuleError):
            ACTS[act](version)
        stored = RuleModuleVersion.objects.get(pk=version.pk)
        assert (stored.state, stored.content_hash) == (state, content)
        assert RuleVersionMove.objects.count() == written


def test_a_version_comes_into_force_when_everybody_has_signed_and_not_before(tmp_path: Any) -> None:
    deliver(tmp_path)
    version = reviewed(sign=[LANDLORD])
    assert signatures.missing(version) == ("manager",)
    with pytest.raises(MoveRefused, match=r"Gestionnaire|Manager"):
        drafts.put_in_force(version, MANAGER)
    assert months() == [1]
    drafts.put_in_force(drafts.sign(version, MANAGER), MANAGER)
    assert months() == [2]


def test_a_change_during_the_review_makes_a_draft_again_and_voids_the_signatures(
    tmp_path: Any,
) -> None:
    deliver(tmp_path)
    version = reviewed()
    draft = drafts.save_draft(version, body=answer_in(3), author=EDITOR)
    assert draft.state == VersionState.DRAFT
    with pytest.raises(MoveRefused):
        drafts.put_in_force(draft, MANAGER)
    again = drafts.submit_for_review(draft, EDITOR)
    assert signatures.missing(again) == ("manager", "landlord")
    with pytest.raises(MoveRefused):
        drafts.sign(version, LANDLORD)  # what she had read is no longer what is there


def test_a_draft_cannot_rid_itself_of_a_signatory(tmp_path: Any) -> None:
    deliver(tmp_path)
    drafts.put_in_force(reviewed(), MANAGER)
    draft = drafts.open_draft("tiny", EDITOR)
    card = draft.manifest | {"signatures": []}
    draft = drafts.save_draft(draft, manifest=card, body=answer_in(9), author=EDITOR)
    version = drafts.submit_for_review(draft, EDITOR)
    assert signatures.missing(version) == ("manager", "landlord")


def test_an_organisation_signs_once_and_only_if_the_module_asks_it(tmp_path: Any) -> None:
    deliver(tmp_path)
    version = reviewed(sign=[LANDLORD])
    with pytest.raises(MoveRefused):
        drafts.sign(version, LANDLORD)
    with pytest.raises(MoveRefused):
        drafts.sign(version, Actor("Town", 4, "dijon", "commune"))
    with pytest.raises(RuleError):
        drafts.refuse(version, LANDLORD, "  ")


def test_a_scheduled_version_is_in_force_on_its_day_even_if_no_worker_runs(
    tmp_path: Any, monkeypatch: Any
) -> None:
    deliver(tmp_path)
    today = timezone.localdate()
    version = drafts.schedule(reviewed(), today + timedelta(days=3), MANAGER)
    assert months() == [1]
    assert [m.number for m in registry.in_force("deadlines", today + timedelta(days=3))] == [2]
    monkeypatch.setattr(timezone, "localdate", lambda *_: today + timedelta(days=3))
    assert months() == [2]
    assert in_force().number == 1  # not written down yet
    assert [v.pk for v in moves.come_into_force()] == [version.pk]
    assert moves.come_into_force() == []
    assert (in_force().number, months()) == (2, [2])
    assert RuleModuleVersion.objects.get(number=1).superseded_on == today + timedelta(days=3)


def test_nothing_comes_into_force_in_the_past_and_today_is_now(tmp_path: Any) -> None:
    deliver(tmp_path)
    version = reviewed()
    with pytest.raises(RuleError, match="effective_from"):
        drafts.schedule(version, timezone.localdate() - timedelta(days=1), MANAGER)
    assert drafts.schedule(version, timezone.localdate(), MANAGER).state == VersionState.IN_FORCE


def test_a_version_names_no_code_that_is_no_longer_given_on_its_day(monkeypatch: Any) -> None:
    today = timezone.localdate()
    last = today + timedelta(days=3)
    ending = [
        replace(fact, retired={"open": last}) if fact.code == "row.state" else fact
        for fact in VOCABULARY
    ]
    known = VOCABULARY
    world = Vocabulary(ending, known.relations, known.territories, known.parameters)
    monkeypatch.setattr(registry, "_vocabulary", world)
    body = {"grants": [grant()], "guards": []}
    draft = start_module(manifest=manifest(kind="rights"), body=body, author=EDITOR)
    version = drafts.submit_for_review(draft, EDITOR)
    with pytest.raises(RuleError, match=last.isoformat()):
        drafts.schedule(version, last, MANAGER)
    assert drafts.schedule(version, last - timedelta(days=1), MANAGER).effective_from < last


def test_rolling_back_is_a_new_version_with_the_old_rules(tmp_path: Any) -> None:
    deliver(tmp_path, tests=[case(1)])
    drafts.put_in_force(_signed_with(2, [case(2)]), MANAGER)
    version = drafts.roll_back("tiny", 1, MANAGER, "Trop long")
    assert (version.number, version.body, version.tests) == (3, answer_in(1), [case(1)])
    assert months() == [1]
    with pytest.raises(MoveRefused):
        drafts.roll_back("tiny", 3, MANAGER, "Déjà en vigueur")
    with pytest.raises(MoveRefused):
        drafts.roll_back("tiny", 99, MANAGER, "Inconnue")


def _signed_with(value: int, tests: Any) -> RuleModuleVersion:
    draft = drafts.open_draft("tiny", EDITOR)
    draft = drafts.save_draft(draft, body=answer_in(value), tests=tests, author=EDITOR)
    return drafts.submit_for_review(draft, EDITOR)


def test_a_draft_that_fails_its_own_test_case_can_be_saved_and_not_submitted(tmp_path: Any) -> None:
    deliver(tmp_path)
    draft = drafts.save_draft(drafts.open_draft("tiny", EDITOR), tests=[case(4)], author=EDITOR)
    with pytest.raises(RuleError, match="4 months"):
        drafts.submit_for_review(draft, EDITOR)
    with pytest.raises(RuleError) as refusal:
        drafts.save_draft(draft, body={"deadlines": [{"code": "answer"}]}, author=EDITOR)
    assert refusal.value.path == "deadlines[0]"
    with pytest.raises(RuleError, match=r"tests\[0\]"):
        drafts.save_draft(draft, tests=["no case"], author=EDITOR)


def test_there_is_one_open_draft_and_saving_over_somebody_s_work_is_refused(tmp_path: Any) -> None:
    deliver(tmp_path)
    first = drafts.open_draft("tiny", EDITOR)
    assert drafts.open_draft("tiny", MANAGER).pk == first.pk
    token = first.edit_token
    drafts.save_draft(first, body=answer_in(2), author=EDITOR, expected=token)
    with pytest.raises(MoveRefused):
        drafts.save_draft(first, body=answer_in(3), author=MANAGER, expected=token)
    with pytest.raises(RuleError):
        drafts.save_draft(first, manifest=first.manifest | {"territory": "58"}, author=EDITOR)


def test_a_new_module_begins_as_a_draft_that_decides_nothing() -> None:
    draft = start_module(manifest=manifest(), body=answer_in(1), author=EDITOR)
    assert months() == []
    drafts.put_in_force(drafts.submit_for_review(draft, EDITOR), MANAGER)
    assert months() == [1]
    with pytest.raises(RuleError):
        start_module(manifest=manifest(), body=answer_in(1), author=EDITOR)
    with pytest.raises(LookupError):
        drafts.open_draft("nothing", EDITOR)


def test_the_journal_of_moves_is_only_ever_added_to(tmp_path: Any) -> None:
    deliver(tmp_path)
    row = RuleVersionMove.objects.get()
    assert (row.move, row.party, row.content_hash) == (
        "deliver",
        "delivery",
        in_force().content_hash,
    )
    for change in (
        row.save,
        row.delete,
        lambda: RuleVersionMove.objects.update(by="Nobody"),
        lambda: RuleVersionMove.objects.all().delete(),
    ):
        with pytest.raises(RuleError):
            change()
    assert {each.move for each in RuleVersionMove.objects.all()} <= set(MOVES)


steps = st.lists(
    st.sampled_from([*ACTS, "open", "roll_back", "deliver", "next day"]), min_size=3, max_size=14
)


@given(taken=steps)
def test_whatever_is_done_one_version_at_most_is_in_force_and_none_changes(
    tmp_path_factory: Any, taken: list[str]
) -> None:
    """Random sequences of moves, allowed or not, over days that pass."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        _play(tmp_path_factory.mktemp("modules"), taken, patch, timezone.localdate())
        transaction.set_rollback(True)


def _play(root: Any, taken: list[str], patch: Any, today: Any) -> None:
    frozen: dict[int, str] = {}
    deliver(root)
    delivered = 1
    for step in taken:
        newest = RuleModuleVersion.objects.order_by("-number").first()
        assert newest is not None
        try:
            if step == "next day":
                today += timedelta(days=5)
                patch.setattr(timezone, "localdate", lambda *_, day=today: day)
            elif step == "open":
                drafts.open_draft("tiny", EDITOR)
            elif step == "roll_back":
                drafts.roll_back("tiny", 1, MANAGER, "Essai")
            elif step == "deliver":
                delivered += 1
                deliver(root, delivered, delivered)
            else:
                ACTS[step](newest)
        except RuleError:
            pass
        shown = months()
        states = VersionState.SCHEDULED, VersionState.IN_FORCE, VersionState.SUPERSEDED
        assert len(shown) == 1
        assert RuleModuleVersion.objects.filter(state=VersionState.IN_FORCE).count() == 1
        for version in RuleModuleVersion.objects.filter(state__in=states):
            assert frozen.setdefault(version.pk, version.edit_token) == version.edit_token
    assert RuleModule.objects.count() == 1
