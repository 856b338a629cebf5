"""A version that cannot be read leaves the one before in force, says so, and harms no other."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from rules import drafts, moves, registry
from rules.errors import RuleError
from rules.installation import Change
from rules.life import Actor
from rules.models import RuleModuleVersion
from rules.reading import FactSheet
from rules.rights import decide
from rules.vocabulary import Vocabulary

from .modules import GUARD, deadline, deliver, grant, in_force, install_from, manifest, write
from .world import TODAY, VOCABULARY

pytestmark = pytest.mark.django_db

EDITOR = Actor("Editor")


@pytest.fixture(autouse=True)
def _tiny_vocabulary(monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "_vocabulary", VOCABULARY)


def rewrite(version: RuleModuleVersion, body: Any) -> None:
    """What no service does: somebody edits the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rules_rulemoduleversion SET body = %s WHERE id = %s",
            [json.dumps(body), version.pk],
        )
    registry.loading.load.cache_clear()


def values() -> list[tuple[str, int]]:
    return [(m.code, m.body.get("answer").value) for m in registry.in_force("deadlines")]


@pytest.mark.parametrize(
    "body",
    [{"deadlines": []}, {"deadlines": "none"}, 7, None],
    ids=["altered", "malformed", "no object", "null"],
)
def test_a_version_whose_content_was_altered_leaves_the_one_before_in_force(
    tmp_path: Any, caplog: Any, body: Any
) -> None:
    write(tmp_path, manifest("other"), {"deadlines": []})
    deliver_both(tmp_path)
    rewrite(in_force(), body)
    with caplog.at_level(logging.ERROR, "rules"):
        assert [m.code for m in registry.in_force("deadlines")] == ["other", "tiny"]
    assert registry.get("tiny").body.get("answer").value == 1
    (problem,) = registry.problems()
    assert (problem.code, problem.number, problem.kept) == ("tiny", 2, 1)
    assert "tiny" in caplog.text
    # It is mended like any other version: by a newer one.
    deliver_both(tmp_path, start=3)
    assert registry.problems() == ()
    assert registry.get("tiny").number == 4


def deliver_both(root: Any, start: int = 1) -> None:
    for number in (start, start + 1):
        write(root, manifest(version=number), {"deadlines": [deadline(number)]})
        install_from(root)


def test_a_fact_that_no_longer_exists_is_told_by_its_name(tmp_path: Any, monkeypatch: Any) -> None:
    write(tmp_path, manifest(kind="rights"), {"grants": [grant()]})
    install_from(tmp_path)
    without = [fact for fact in VOCABULARY if fact.code != "row.state"]
    monkeypatch.setattr(registry, "_vocabulary", Vocabulary(without, VOCABULARY.relations))
    assert registry.in_force("rights") == ()
    (problem,) = registry.problems()
    assert "row.state" in problem.reason
    assert problem.kept is None


def test_a_guard_that_can_no_longer_be_read_closes_everything_it_may_have_closed(
    tmp_path: Any, monkeypatch: Any
) -> None:
    write(tmp_path, manifest("open"), {"deadlines": []})
    write(tmp_path, manifest("grants", kind="rights"), {"grants": [grant()]})
    write(tmp_path, manifest("guards", kind="rights"), {"grants": [], "guards": [GUARD]})
    install_from(tmp_path)
    facts = [f for f in VOCABULARY if f.code not in ("row.urgent", "row.spare")]
    row = {"row.state": "open", "row.urgent": False}
    assert allowed(row)
    monkeypatch.setattr(registry, "_vocabulary", Vocabulary(facts, VOCABULARY.relations))
    assert not allowed(row)
    assert [p.code for p in registry.problems()] == ["guards"]
    assert [m.code for m in registry.in_force("deadlines")] == ["open"]


def allowed(row: dict[str, Any]) -> bool:
    bodies = [m.body for m in registry.in_force("rights")]
    bindings = {"principal.kind": "a"}
    sheet = FactSheet(row)
    return decide(bodies, registry.vocabulary(), bindings, "view", sheet, TODAY).allowed


def test_a_scheduled_version_that_cannot_be_read_on_its_day_stays_scheduled(
    tmp_path: Any, monkeypatch: Any
) -> None:
    deliver(tmp_path)
    draft = drafts.save_draft(
        drafts.open_draft("tiny", EDITOR), body={"deadlines": [deadline(2)]}, author=EDITOR
    )
    day = timezone.localdate() + timedelta(days=2)
    scheduled = drafts.schedule(drafts.submit_for_review(draft, EDITOR), day, EDITOR)
    rewrite(scheduled, {"deadlines": []})
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    assert values() == [("tiny", 1)]
    assert moves.come_into_force() == []
    assert [p.number for p in registry.problems()] == [2]
    with pytest.raises(RuleError):
        registry.version(scheduled.pk)
    assert drafts.withdraw(scheduled, EDITOR).state == "withdrawn"
    assert registry.problems() == ()


def test_installing_again_mends_nothing_that_is_not_newer(tmp_path: Any) -> None:
    deliver(tmp_path)
    rewrite(in_force(), {"deadlines": []})
    assert deliver(tmp_path) is Change.UNCHANGED
    assert registry.in_force("deadlines") == ()
    assert deliver(tmp_path, 1, 2, author="Repair") is Change.INSTALLED
    assert values() == [("tiny", 1)]
