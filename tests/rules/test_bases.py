"""A draft never undoes, unseen, what came into force since it was opened."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from rules import drafts, registry
from rules.bases import overtaken_by
from rules.errors import MoveRefused
from rules.installation import Change
from rules.life import Actor
from rules.models import RuleModuleVersion, VersionState

from .modules import answer_in, deliver, in_force
from .world import VOCABULARY

pytestmark = pytest.mark.django_db
EDITOR = Actor("Editor")
LANDLORD = Actor("Landlord", person=2, organisation="orvitis", party="landlord")


@pytest.fixture(autouse=True)
def _tiny_vocabulary(monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "_vocabulary", VOCABULARY)


def written(months: int) -> RuleModuleVersion:
    draft = drafts.open_draft("tiny", EDITOR)
    return drafts.save_draft(draft, body=answer_in(months), author=EDITOR)


def stored(version: RuleModuleVersion) -> RuleModuleVersion:
    return RuleModuleVersion.objects.select_related("module").get(pk=version.pk)


def test_a_draft_opened_before_a_delivery_goes_no_further_until_it_was_compared(
    tmp_path: Path,
) -> None:
    deliver(tmp_path)
    draft = written(7)
    assert overtaken_by(draft) is None
    assert deliver(tmp_path, 3, 2) is Change.INSTALLED
    assert overtaken_by(stored(draft)) == in_force()
    with pytest.raises(MoveRefused, match=str(in_force().number)):
        drafts.submit_for_review(draft, EDITOR)
    # Saving is no comparison: whoever saves may not know.
    draft = drafts.save_draft(draft, body=answer_in(8), author=EDITOR)
    with pytest.raises(MoveRefused):
        drafts.submit_for_review(draft, EDITOR)
    draft = drafts.rebase(draft, EDITOR)
    assert (draft.body, draft.based_on) == (answer_in(8), in_force())
    assert overtaken_by(draft) is None
    drafts.put_in_force(drafts.submit_for_review(draft, EDITOR), EDITOR)
    assert in_force().body == answer_in(8)


@pytest.mark.parametrize("move", ["sign", "schedule", "publish"])
def test_a_version_in_review_is_stopped_too_and_comparing_it_voids_its_signatures(
    tmp_path: Path, move: str
) -> None:
    deliver(tmp_path, signatures=["landlord"])
    draft = written(7)
    version = drafts.submit_for_review(draft, EDITOR)
    if move != "sign":
        version = drafts.sign(version, LANDLORD)
    deliver(tmp_path, 3, 2, signatures=["landlord"])
    tomorrow = timezone.localdate() + timedelta(days=1)
    acts = {
        "sign": lambda: drafts.sign(version, LANDLORD),
        "schedule": lambda: drafts.schedule(version, tomorrow, EDITOR),
        "publish": lambda: drafts.put_in_force(version, EDITOR),
    }
    with pytest.raises(MoveRefused, match="comparez"):
        acts[move]()
    assert in_force().body == answer_in(3)
    draft = drafts.rebase(stored(version), EDITOR)
    assert draft.state == VersionState.DRAFT
    again = drafts.submit_for_review(draft, EDITOR)
    with pytest.raises(MoveRefused, match="signatures"):
        drafts.put_in_force(again, EDITOR)
    drafts.put_in_force(drafts.sign(again, LANDLORD), EDITOR)
    assert in_force().body == answer_in(7)


def test_a_version_put_back_in_force_meanwhile_counts_as_well(tmp_path: Path) -> None:
    deliver(tmp_path)
    drafts.put_in_force(drafts.submit_for_review(written(5), EDITOR), EDITOR)
    draft = written(6)
    drafts.roll_back("tiny", 1, EDITOR, "Erreur")
    assert overtaken_by(stored(draft)) == in_force()


def test_comparing_a_draft_that_nothing_overtook_changes_nothing(tmp_path: Path) -> None:
    deliver(tmp_path)
    draft = written(7)
    moves = draft.moves.count()
    assert drafts.rebase(draft, EDITOR).moves.count() == moves


def test_a_delivery_never_takes_the_place_of_a_version_that_is_scheduled(tmp_path: Path) -> None:
    """Else the scheduled one would undo the delivery on its day, and nobody would know."""
    deliver(tmp_path)
    tomorrow = timezone.localdate() + timedelta(days=1)
    drafts.schedule(drafts.submit_for_review(written(7), EDITOR), tomorrow, EDITOR)
    assert deliver(tmp_path, 3, 2) is Change.BESIDE
    assert RuleModuleVersion.objects.get(state=VersionState.DELIVERED).body == answer_in(3)


def test_a_draft_that_merges_a_delivery_still_sets_it_aside(tmp_path: Path) -> None:
    deliver(tmp_path)
    drafts.put_in_force(drafts.submit_for_review(written(5), EDITOR), EDITOR)
    deliver(tmp_path, 3, 2)
    delivered = RuleModuleVersion.objects.get(state=VersionState.DELIVERED)
    draft = drafts.open_draft("tiny", EDITOR, merging=delivered)
    drafts.roll_back("tiny", 1, EDITOR, "Erreur")
    draft = drafts.rebase(draft, EDITOR)
    drafts.put_in_force(drafts.submit_for_review(draft, EDITOR), EDITOR)
    assert stored(delivered).state == VersionState.WITHDRAWN
