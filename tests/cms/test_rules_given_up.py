"""A draft is given up as it was on the page, never over what another has just written."""

import pytest
from django.test import Client

from rules import drafts
from rules.life import Actor
from rules.models import RuleModuleVersion, VersionState

from .rule_pages import RULES, posted, stored, words

DELAYS = f"{RULES}deadlines-21/"
GIVING_UP = f"{DELAYS}abandon/"


@pytest.fixture
def draft(modules: None) -> RuleModuleVersion:
    return drafts.open_draft("deadlines-21", Actor("Editor"))


def test_nobody_gives_up_unseen_what_another_has_just_written(
    editor: Client, draft: RuleModuleVersion
) -> None:
    reason = "Deux délais suffisent"
    seen = posted(editor.get(DELAYS), GIVING_UP)
    title = draft.manifest["title"] | {"fr": "Les délais de l’autre"}
    drafts.save_draft(draft, manifest=draft.manifest | {"title": title}, author=Actor("Other"))
    for unseen in (seen, {}):
        again = editor.post(GIVING_UP, {**unseen, "reason": reason})
        assert stored(draft).state == VersionState.DRAFT
        assert "a modifié ce brouillon" in words(again)
        assert reason in words(again), "nothing typed is lost"
    assert "Les délais de l’autre" in words(again)
    now = posted(again, GIVING_UP)
    editor.post(GIVING_UP, {**now, "reason": reason})
    assert stored(draft).state == VersionState.WITHDRAWN
