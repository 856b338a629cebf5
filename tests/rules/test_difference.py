"""What changes between two versions, in words and in data; local changes are never lost."""

from typing import Any

import pytest
from django.core.management import CommandError
from hypothesis import given
from hypothesis import strategies as st

from rules import drafts, registry, versions
from rules.difference import Change, compare, values
from rules.errors import RuleError
from rules.installation import Change as Installing
from rules.life import Actor
from rules.models import Origin, RuleModuleVersion, VersionState
from rules.moves import package_of

from .modules import answer_in, case, deadline, deliver, in_force, install_from, manifest, write
from .test_installation import command
from .world import VOCABULARY

pytestmark = pytest.mark.django_db
EDITOR = Actor("Editor")


@pytest.fixture(autouse=True)
def _tiny_vocabulary(monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "_vocabulary", VOCABULARY)


def write_here(value: int, tests: Any = ()) -> RuleModuleVersion:
    """A version of the tiny module written on this installation, in force."""
    draft = drafts.open_draft("tiny", EDITOR)
    draft = drafts.save_draft(draft, body=answer_in(value), tests=list(tests), author=EDITOR)
    return drafts.put_in_force(drafts.submit_for_review(draft, EDITOR), EDITOR)


def test_a_difference_is_told_in_published_sentences_test_cases_and_paths() -> None:
    before = package_of(manifest(), answer_in(1), [case(1)])
    body = {"deadlines": [deadline(2), deadline(code="later", value=5)]}
    after = package_of(manifest(version=9), body, [case(2)])
    found = compare(before, after, VOCABULARY)
    assert [(each.change, each.title) for each in found.sentences] == [
        (Change.CHANGED, "Réponse"),
        (Change.ADDED, "Réponse"),
    ]
    changed = found.sentences[0]
    assert set(changed.before) - set(changed.after) != set()
    assert found.tests == ((Change.REMOVED, "1 months"), (Change.ADDED, "2 months"))
    assert [v.path for v in found.values][:2] == [
        "body.deadlines[answer].value",
        "body.deadlines[later]",
    ]
    assert compare(before, before, VOCABULARY).is_empty
    assert not compare(None, before, VOCABULARY).is_empty


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from("ab"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner),
    max_leaves=8,
)


@given(before=json_values, after=json_values)
def test_two_pieces_of_data_differ_somewhere_exactly_when_they_are_not_equal(
    before: Any, after: Any
) -> None:
    assert (list(values({"d": before}, {"d": after})) == []) == (before == after)


def test_a_newer_delivered_version_never_replaces_what_was_written_here(tmp_path: Any) -> None:
    deliver(tmp_path)
    here = write_here(7)
    assert deliver(tmp_path, 3, 2) is Installing.BESIDE
    assert deliver(tmp_path, 3, 2) is Installing.UNCHANGED
    assert in_force().pk == here.pk
    waiting = RuleModuleVersion.objects.get(state=VersionState.DELIVERED)
    assert (waiting.number, waiting.manifest["version"], waiting.body) == (3, 2, answer_in(3))
    assert deliver(tmp_path, 4, 3) is Installing.BESIDE
    assert RuleModuleVersion.objects.get(state=VersionState.DELIVERED).body == answer_in(4)
    assert in_force().pk == here.pk


def test_somebody_merges_or_adopts_what_was_delivered(tmp_path: Any) -> None:
    deliver(tmp_path)
    write_here(7)
    deliver(tmp_path, 3, 2)
    delivered = RuleModuleVersion.objects.get(state=VersionState.DELIVERED)
    draft = drafts.open_draft("tiny", EDITOR, merging=delivered)
    assert (draft.body, draft.based_on) == (answer_in(7), delivered)
    draft = drafts.save_draft(draft, body=answer_in(8), author=EDITOR)
    drafts.put_in_force(drafts.submit_for_review(draft, EDITOR), EDITOR)
    delivered = RuleModuleVersion.objects.get(pk=delivered.pk)
    assert delivered.state == VersionState.WITHDRAWN
    deliver(tmp_path, 9, 3)
    drafts.adopt(RuleModuleVersion.objects.get(state=VersionState.DELIVERED), EDITOR)
    assert (in_force().origin, in_force().body) == (Origin.SHIPPED, answer_in(9))
    assert deliver(tmp_path, 10, 4) is Installing.INSTALLED


def test_a_local_mend_that_was_taken_over_needs_no_merging(tmp_path: Any) -> None:
    deliver(tmp_path)
    write_here(7)
    assert deliver(tmp_path, 7, 2) is Installing.INSTALLED
    assert in_force().origin == Origin.SHIPPED


def test_other_test_cases_for_the_same_rules_are_taken_over_and_nothing_else(
    tmp_path: Any,
) -> None:
    deliver(tmp_path)
    before = in_force()
    assert deliver(tmp_path, tests=[case(1)]) is Installing.TESTS
    assert in_force().tests == [case(1)]
    assert (in_force().content_hash, in_force().number) == (before.content_hash, 1)
    with pytest.raises(RuleError):
        deliver(tmp_path, tests=[case(5)])


def test_the_command_compares_what_waits_with_what_is_in_force(tmp_path: Any) -> None:
    deliver(tmp_path, tests=[case(1)])
    assert "rien" in command("diff", "tiny", "1", "1")
    write_here(7, [case(7)])
    told = command("diff", "tiny", "--language", "en")
    assert "tiny 1: Superseded, Delivered with the software" in told
    assert "~ Answer" in told
    assert "- Delay: 1 month" in told
    assert "+ Delay: 7 months" in told
    assert "~ body.deadlines[answer].value: 1 → 7" in told
    assert "+ 7 months" in told
    write(tmp_path, manifest(version=2), answer_in(3))
    write(tmp_path, manifest("other"), {"deadlines": []})
    assert "merged" in command("install", "--modules", str(tmp_path))
    assert "tiny 3: Livrée, à fusionner" in command("diff", "tiny")
    assert command("diff", "tiny", "1") == command("diff", "tiny", "1", "2")
    with pytest.raises(CommandError, match="99"):
        command("diff", "tiny", "99")
    with pytest.raises(CommandError, match="nothing"):
        command("diff", "nothing")


def test_the_command_tells_every_mistake_at_its_place(tmp_path: Any) -> None:
    write(tmp_path, manifest("one", version=0), answer_in(1))
    write(tmp_path, manifest("two"), {"deadlines": [{"code": "answer"}]})
    write(tmp_path, manifest("three"), answer_in(1), [case(2), {"name": "x"}])
    with pytest.raises(CommandError) as refusal:
        command("check", "--modules", str(tmp_path))
    told = str(refusal.value)
    for place in ("one: manifest.version", "two: deadlines[0]", "three: tests[1]", "2 months"):
        assert place in told


def test_what_is_exported_is_what_is_in_force_with_its_test_cases(tmp_path: Any) -> None:
    deliver(tmp_path, tests=[case(1)])
    write_here(7, [case(7)])
    command("export", str(tmp_path / "out"))
    assert install_from(tmp_path / "out") == [Installing.INSTALLED]
    assert (in_force().body, in_force().tests) == (answer_in(7), [case(7)])


def test_the_public_reads_versions_that_are_or_were_in_force_and_no_other(tmp_path: Any) -> None:
    deliver(tmp_path)
    write_here(7)
    drafts.open_draft("tiny", EDITOR)
    assert [v.number for v in versions.published_history()] == [2, 1]
    second, first = versions.published_history()
    assert versions.before(second) == first
    assert versions.before(first) is None
