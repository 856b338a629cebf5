"""Who edits, what they see, and what the blocks refuse."""

from typing import Any

import pytest
from cms.blocks import BodyBlock
from cms.editorial import EDITORS, REVIEW, WRITERS, set_up_editorial_team
from cms.models import GuidePage
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Workflow


def test_an_editor_enters_and_a_stranger_does_not(editor: Client, stranger: Client) -> None:
    assert editor.get("/edition/").status_code == 200
    assert stranger.get("/edition/").status_code in {302, 404}
    assert Client().get("/edition/").status_code in {302, 404}


def test_the_editing_space_is_in_french_and_says_nothing_outside(editor: Client) -> None:
    html = editor.get("/edition/").content.decode()

    assert '<html lang="fr"' in html
    assert "gravatar" not in html
    assert "R\\u00e9f\\u00e9rentiels" in html


def test_a_writer_needs_a_review_and_an_editor_publishes(site: None, writer: Client) -> None:
    guide = GuidePage.objects.get(slug="renouveler")
    review = Workflow.objects.get(name=REVIEW)

    assert guide.get_workflow() == review
    groups = {name: Group.objects.get(name=name) for name in (EDITORS, WRITERS)}
    rights = {
        name: set(group.page_permissions.values_list("permission__codename", flat=True))
        for name, group in groups.items()
    }
    assert "publish_page" in rights[EDITORS]
    assert rights[WRITERS] == {"add_page", "change_page"}
    assert writer.get(reverse("wagtailadmin_pages:edit", args=[guide.pk])).status_code == 200


def test_setting_the_team_up_again_keeps_the_administrators_choices(db: Any) -> None:
    set_up_editorial_team()
    group = Group.objects.get(name=WRITERS)
    group.page_permissions.all().delete()

    set_up_editorial_team()

    assert not group.page_permissions.exists()
    assert Workflow.objects.filter(name=REVIEW).count() == 1


def test_every_page_form_opens(site: None, editor: Client) -> None:
    from wagtail.models import Page

    seen = set()
    for page in Page.objects.filter(depth__gt=1).specific():
        if type(page) in seen:
            continue
        seen.add(type(page))
        answer = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert answer.status_code == 200, page
    assert len(seen) == 9


def test_a_sub_section_without_its_section_is_refused() -> None:
    block = BodyBlock()
    alone = block.to_python([{"type": "heading", "value": {"text": "Seule", "level": "3"}}])
    under = block.to_python(
        [
            {"type": "heading", "value": {"text": "Partie", "level": "2"}},
            {"type": "heading", "value": {"text": "Dessous", "level": "3"}},
        ]
    )

    with pytest.raises(ValidationError):
        block.clean(alone)
    assert len(block.clean(under)) == 2


def test_a_picture_without_its_words_is_refused() -> None:
    picture = BodyBlock().child_blocks["picture"]
    with pytest.raises(ValidationError):
        picture.child_blocks["alternative"].clean("")


def test_blocks_stay_out_of_the_migrations() -> None:
    from cms.models import GuidePage as Guide

    _name, _path, args, kwargs = Guide._meta.get_field("body").deconstruct()
    assert args == []
    assert "block_lookup" not in kwargs
