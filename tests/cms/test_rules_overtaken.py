"""A draft that a delivery overtook: the editor says so and shows what came, to be compared."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import ModelLogEntry

from rules import drafts
from rules.disk import MODULES
from rules.life import Actor
from rules.models import RuleModuleVersion, VersionState
from tests import installed

from .rule_pages import posted, sent_for_review, words

DELAYS = "/edition/regles/deadlines-21/"


@pytest.fixture
def draft(db: Any) -> RuleModuleVersion:
    """A draft of the delays, opened before the delivery."""
    installed.load("reference")
    installed.load("rules")
    return drafts.open_draft("deadlines-21", Actor("Editor"))


def state_of(version: RuleModuleVersion) -> str:
    return RuleModuleVersion.objects.get(pk=version.pk).state


def test_a_draft_overtaken_by_a_delivery_says_so_shows_what_came_and_is_compared(
    editor: Client, draft: RuleModuleVersion, tmp_path: Path
) -> None:
    assert "est entrée en vigueur depuis" not in words(editor.get(DELAYS))
    folder = shutil.copytree(MODULES / "deadlines-21", tmp_path / "deadlines-21")
    card = json.loads((folder / "manifest.json").read_text())
    body = json.loads((folder / "body.json").read_text())
    next(each for each in body["deadlines"] if each["code"] == "strike_off")["value"] = 17
    (folder / "manifest.json").write_text(json.dumps(card | {"version": card["version"] + 1}))
    (folder / "body.json").write_text(json.dumps(body))
    (folder / "tests.json").write_text("[]")
    call_command("rules", "install", "--modules", str(tmp_path), verbosity=0)
    assert "est entrée en vigueur depuis" in words(editor.get(DELAYS))
    sent_for_review(editor, DELAYS)
    assert state_of(draft) == VersionState.DRAFT
    compared = words(editor.get(f"{DELAYS}differences/"))
    _before, came = compared.split("Ce qui est entré en vigueur entre-temps")
    meanwhile, of_the_draft = came.split("Le brouillon en tient compte")
    assert meanwhile.index("13 mois") < meanwhile.index("17 mois")
    assert of_the_draft.index("17 mois") < of_the_draft.index("13 mois")
    seen = posted(editor.get(f"{DELAYS}differences/"), f"{DELAYS}comparee/")
    for unseen in ({**seen, "compared": "0"}, {**seen, "token": "another draft"}, {}):
        editor.post(f"{DELAYS}comparee/", unseen)
        assert "est entrée en vigueur depuis" in words(editor.get(DELAYS)), unseen
    assert editor.post(f"{DELAYS}comparee/", seen).status_code == 302
    assert "est entrée en vigueur depuis" not in words(editor.get(DELAYS))
    assert ModelLogEntry.objects.filter(action="rules.rebase").count() == 1
    sent_for_review(editor, DELAYS)
    assert state_of(draft) == VersionState.IN_REVIEW
