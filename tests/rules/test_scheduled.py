"""A scheduled version never undoes, on its day, what came into force after it was scheduled."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import bases, drafts, moves, registry
from rules.errors import MoveRefused, RuleError
from rules.installation import Change
from rules.life import Actor
from rules.models import RuleModule, RuleModuleVersion, RuleVersionMove, VersionState

from .modules import answer_in, deliver, in_force, manifest
from .world import VOCABULARY

pytestmark = pytest.mark.django_db
EDITOR = Actor("Editor", person=7)
MANAGER = Actor("Manager", person=1, organisation="ush", party="manager")
SIGNED = ["manager"]


@pytest.fixture(autouse=True)
def _tiny_vocabulary(monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "_vocabulary", VOCABULARY)


def months(days: int = 0) -> list[int]:
    """What the register executes today, or so many days later."""
    on = timezone.localdate() + timedelta(days=days) if days else None
    return [m.body.get("answer").value for m in registry.in_force("deadlines", on)]


def signed(value: int) -> RuleModuleVersion:
    draft = drafts.open_draft("tiny", EDITOR)
    draft = drafts.save_draft(draft, body=answer_in(value), author=EDITOR)
    return drafts.sign(drafts.submit_for_review(draft, EDITOR), MANAGER)


def scheduled(value: int, days: int) -> RuleModuleVersion:
    return drafts.schedule(signed(value), timezone.localdate() + timedelta(days=days), MANAGER)


def stored(version: RuleModuleVersion) -> RuleModuleVersion:
    return RuleModuleVersion.objects.select_related("module").get(pk=version.pk)


def _publish(_root: Path) -> None:
    drafts.put_in_force(signed(5), MANAGER)


def _roll_back(_root: Path) -> None:
    drafts.roll_back("tiny", 1, MANAGER, "Erreur")


def _adopt(root: Path) -> None:
    assert deliver(root, 5, 2, signatures=SIGNED) is Change.BESIDE
    drafts.adopt(RuleModuleVersion.objects.get(state=VersionState.DELIVERED), MANAGER)


def _deliver_the_same(root: Path) -> None:
    assert deliver(root, 9, 2, signatures=SIGNED) is Change.INSTALLED


OVERTAKING: dict[str, Callable[[Path], None]] = {
    "published": _publish,
    "put back in force": _roll_back,
    "delivered and adopted": _adopt,
    "delivered": _deliver_the_same,
}


@pytest.mark.parametrize("how", list(OVERTAKING))
def test_what_came_into_force_after_it_was_scheduled_is_not_undone(
    tmp_path: Path, monkeypatch: Any, how: str
) -> None:
    deliver(tmp_path, signatures=SIGNED)
    if how == "put back in force":
        drafts.put_in_force(signed(4), MANAGER)
    version = scheduled(9, days=3)
    OVERTAKING[how](tmp_path)
    kept = in_force()
    returned = stored(version)
    assert (returned.state, returned.effective_from) == (VersionState.IN_REVIEW, None)
    assert returned.moves.last().move == "send_back"
    assert bases.given_back() == [version]
    assert bases.written_by(version) == {EDITOR.person}
    assert months(days=3) == months()
    day = timezone.localdate() + timedelta(days=3)
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    assert moves.come_into_force() == []
    assert in_force() == kept


def test_it_is_compared_and_signed_again_before_it_is_in_force(tmp_path: Path) -> None:
    deliver(tmp_path, signatures=SIGNED)
    version = scheduled(9, days=3)
    _publish(tmp_path)
    for act in (drafts.put_in_force, drafts.sign):
        with pytest.raises(MoveRefused, match="comparez"):
            act(stored(version), MANAGER)
    draft = drafts.rebase(stored(version), EDITOR)
    assert (draft.state, draft.based_on, draft.body) == ("draft", in_force(), answer_in(9))
    again = drafts.submit_for_review(draft, EDITOR)
    with pytest.raises(MoveRefused, match="signatures"):
        drafts.put_in_force(again, MANAGER)
    drafts.put_in_force(drafts.sign(again, MANAGER), MANAGER)
    assert months() == [9]
    assert bases.given_back() == []


def test_while_another_draft_is_open_it_waits_and_governs_no_day(
    tmp_path: Path, monkeypatch: Any
) -> None:
    deliver(tmp_path, signatures=SIGNED)
    drafts.put_in_force(signed(4), MANAGER)
    version = scheduled(9, days=3)
    draft = drafts.open_draft("tiny", EDITOR)
    _roll_back(tmp_path)
    assert stored(version).state == VersionState.SCHEDULED
    assert bases.given_back() == [version]
    day = timezone.localdate() + timedelta(days=3)
    assert months(days=3) == [1]
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    assert months() == [1]  # though no worker wrote anything down
    assert moves.come_into_force() == []
    with pytest.raises(MoveRefused):
        drafts.put_in_force(stored(version), MANAGER)
    drafts.withdraw(draft, EDITOR)
    assert stored(version).state == VersionState.IN_REVIEW
    assert (months(), bases.given_back()) == ([1], [version])


def test_of_two_scheduled_versions_the_first_day_wins_and_the_other_goes_back(
    tmp_path: Path, monkeypatch: Any
) -> None:
    deliver(tmp_path, signatures=SIGNED)
    today = timezone.localdate()
    late, early = scheduled(7, days=7), scheduled(3, days=3)
    assert (months(days=3), months(days=9)) == ([3], [3])
    monkeypatch.setattr(timezone, "localdate", lambda *_: today + timedelta(days=30))
    assert months() == [3]  # as if it had been written down each day
    assert moves.come_into_force() == [early]
    assert (stored(late).state, months()) == (VersionState.IN_REVIEW, [3])
    assert in_force().effective_from == today + timedelta(days=3)


def test_nothing_is_scheduled_behind_a_version_that_it_would_undo(tmp_path: Path) -> None:
    deliver(tmp_path, signatures=SIGNED)
    scheduled(3, days=3)
    version = signed(7)
    for days in (3, 7):
        with pytest.raises(RuleError, match="effective_from"):
            drafts.schedule(version, timezone.localdate() + timedelta(days=days), MANAGER)
    assert stored(version).state == VersionState.IN_REVIEW


def test_what_nothing_overtook_comes_into_force_on_its_day(
    tmp_path: Path, monkeypatch: Any
) -> None:
    deliver(tmp_path, signatures=SIGNED)
    version = scheduled(9, days=3)
    drafts.open_draft("tiny", EDITOR)
    day = timezone.localdate() + timedelta(days=3)
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    assert moves.come_into_force() == [version]
    assert (months(), bases.given_back()) == ([9], [])


ACTS = ("publish", "roll back", "schedule", "draft", "compare", "withdraw", "two days", "night")


@settings(max_examples=40)
@given(st.lists(st.sampled_from(ACTS), min_size=6, max_size=12))
def test_whatever_happens_a_version_replaces_only_what_it_was_compared_with(
    acts: list[str],
) -> None:
    """Read with or without a worker: what governs is in force, or was scheduled after it came."""
    code = f"tiny-{RuleModule.objects.count()}"
    start = timezone.localdate()
    with pytest.MonkeyPatch.context() as patch:
        clock = [start]
        patch.setattr(timezone, "localdate", lambda *_: clock[0])
        first = drafts.start_module(manifest=manifest(code), body=answer_in(1), author=EDITOR)
        drafts.put_in_force(drafts.submit_for_review(first, EDITOR), EDITOR)
        for act in acts:
            if act == "two days":
                clock[0] += timedelta(days=2)
            elif act == "night":
                moves.come_into_force()
            else:
                _try(act, code, clock[0])
            governing = stored(RuleModuleVersion(pk=registry.get(code).version_id))
            if governing.state != VersionState.IN_FORCE:
                assert bases.overtaken_by(governing) is None
            _a_worker_agrees(code, governing)
        _each_replaced_what_it_was_compared_with(code)


def _a_worker_agrees(code: str, governing: RuleModuleVersion) -> None:
    """What it would write down now is what is read without it."""
    with transaction.atomic():
        moves.come_into_force()
        assert registry.get(code).version_id == governing.pk
        transaction.set_rollback(True)
    registry.forget()


def _try(act: str, code: str, today: Any) -> None:
    try:
        if act == "roll back":
            old = RuleModuleVersion.objects.filter(module__code=code, state="superseded").first()
            drafts.roll_back(code, old.number if old else 0, EDITOR, "Erreur")
            return
        draft = drafts.open_draft(code, EDITOR)
        if act == "compare":
            drafts.rebase(draft, EDITOR)
        elif act == "withdraw":
            drafts.withdraw(draft, EDITOR)
        elif act != "draft":
            if draft.state == VersionState.DRAFT:
                draft = drafts.save_draft(draft, body=answer_in(draft.number), author=EDITOR)
                draft = drafts.submit_for_review(draft, EDITOR)
            if act == "publish":
                drafts.put_in_force(draft, EDITOR)
            else:
                drafts.schedule(draft, today + timedelta(days=2), EDITOR)
    except RuleError:
        return


def _each_replaced_what_it_was_compared_with(code: str) -> None:
    """From the journal alone: between comparing and entering, nothing else entered."""
    entering = {"publish", "come_into_force", "roll_back"}
    journal = list(RuleVersionMove.objects.filter(version__module__code=code))
    for place, move in enumerate(journal):
        if move.move in {"publish", "come_into_force"}:
            compared = max(
                at
                for at, each in enumerate(journal[:place])
                if each.version_id == move.version_id
                and each.move in {"open", "rebase", "schedule"}
            )
            assert not [each for each in journal[compared:place] if each.move in entering]
