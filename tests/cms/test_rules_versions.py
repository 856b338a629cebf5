"""Every version of a module is read where it is listed; what was delivered aside is taken over."""

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from rules import drafts, registry
from rules.disk import MODULES
from rules.editor import shelf
from rules.life import Actor
from rules.models import RuleModuleVersion, VersionState

from .rule_pages import RULES, number_of, words

DELAYS = f"{RULES}deadlines-21/"
EDITOR = Actor("Editor")


def with_delay(body: dict[str, object], months: int) -> dict[str, object]:
    changed = json.loads(json.dumps(body))
    next(each for each in changed["deadlines"] if each["code"] == "strike_off")["value"] = months
    return dict(changed)


def deliver(folder: Path, months: int) -> None:
    """The next delivery of the module, with this delay."""
    copied = shutil.copytree(MODULES / "deadlines-21", folder / "deadlines-21")
    card = json.loads((copied / "manifest.json").read_text())
    body = with_delay(json.loads((copied / "body.json").read_text()), months)
    (copied / "manifest.json").write_text(json.dumps(card | {"version": card["version"] + 1}))
    (copied / "body.json").write_text(json.dumps(body))
    (copied / "tests.json").write_text("[]")
    call_command("rules", "install", "--modules", str(folder), verbosity=0)


@pytest.fixture
def written_here(modules: None) -> RuleModuleVersion:
    """A version of the delays written on this installation, in force."""
    draft = drafts.open_draft("deadlines-21", EDITOR)
    draft = drafts.save_draft(draft, body=with_delay(draft.body, 15), tests=[], author=EDITOR)
    return drafts.put_in_force(drafts.submit_for_review(draft, EDITOR), EDITOR)


def test_a_version_that_cannot_be_read_is_told_with_the_one_that_stays_in_force(
    editor: Client, written_here: RuleModuleVersion
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rules_rulemoduleversion SET content_hash = 'altered' WHERE id = %s",
            [written_here.pk],
        )
    registry.forget()
    page = words(editor.get(RULES))
    assert f"deadlines-21, version {written_here.number}" in page
    assert f"La version {written_here.number - 1} reste en vigueur" in page
    assert editor.get(f"{DELAYS}versions/{written_here.number}/").status_code == 200


def test_each_version_is_read_from_the_list_with_what_it_changed(
    editor: Client, written_here: RuleModuleVersion
) -> None:
    listed = words(editor.get(DELAYS))
    for version in shelf.versions("deadlines-21"):
        address = f"{DELAYS}versions/{version.number}/"
        assert f'href="{address}"' in listed
        assert editor.get(address).status_code == 200
    page = words(editor.get(f"{DELAYS}versions/{written_here.number}/"))
    assert page.index("13 mois") < page.index("15 mois")
    assert "Écrit ici" in page
    assert editor.get(f"{DELAYS}versions/999/").status_code == 404


def test_what_an_upgrade_brings_waits_beside_and_is_taken_over_in_a_draft(
    editor: Client, written_here: RuleModuleVersion, tmp_path: Path
) -> None:
    deliver(tmp_path, 17)
    delivered = RuleModuleVersion.objects.get(state=VersionState.DELIVERED)
    address = f"{DELAYS}versions/{delivered.number}/"
    for page in (RULES, DELAYS):
        assert f'href="{address}"' in words(editor.get(page)), page
    shown = words(editor.get(address))
    assert shown.index("15 mois") < shown.index("17 mois")
    assert editor.post(f"{DELAYS}brouillon/", {"merging": delivered.number}).status_code == 302
    draft = shelf.draft("deadlines-21")
    assert draft is not None
    assert draft.based_on == delivered
    place = number_of(draft, "deadlines", "strike_off")
    assert draft.body["deadlines"][place - 1]["value"] == 15
    assert "Reprendre dans un brouillon" not in words(editor.get(address))
    draft = drafts.save_draft(draft, body=with_delay(draft.body, 17), author=EDITOR)
    drafts.put_in_force(drafts.submit_for_review(draft, EDITOR), EDITOR)
    delivered.refresh_from_db()
    assert delivered.state == VersionState.WITHDRAWN
    assert f'href="{address}"' not in words(editor.get(RULES))
