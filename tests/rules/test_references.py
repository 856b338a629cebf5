"""Automatic rules name texts and delays that are in force, and are published with their titles."""

import json
from typing import Any

import pytest
from django.utils.translation import override

from register.services.webhooks import end_endpoint, register_endpoint
from rules import drafts, registry
from rules.disk import MODULES
from rules.errors import RuleError
from rules.life import REGISTER
from rules.moves import package_of
from rules.publication import publish
from tests.factories import make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "rules")]


def body_with(act: dict[str, Any]) -> dict[str, Any]:
    body = json.loads((MODULES / "automation-21" / "body.json").read_text(encoding="utf-8"))
    rule = {**body["rules"][0], "trigger": {"event": "submitted"}, "actions": [act]}
    rule.pop("when", None)
    return {"rules": [rule]}


LETTER = {"do": "letter", "from": "manager"}
TOLD = {"do": "webhook"}
TASK = {"do": "task", "to": "manager", "title": {"fr": "Essai", "en": "Test"}}


def known(kind: str) -> dict[str, str]:
    return {
        item.code: str(item.title)
        for module in registry.in_force(kind)  # type: ignore[call-overload]
        for item in module.body.items
    }


@pytest.mark.parametrize(
    ("act", "place", "kind"),
    [
        ({**LETTER, "letter": "nowhere"}, "letter", "letters"),
        ({**TASK, "due": "nowhere"}, "due", "deadlines"),
    ],
)
def test_a_draft_that_names_what_is_not_in_force_is_refused_beside_its_act(
    act: dict[str, Any], place: str, kind: str
) -> None:
    draft = drafts.open_draft("automation-21", REGISTER)
    with override("fr"), pytest.raises(RuleError) as refusal:
        drafts.save_draft(draft, body=body_with(act), tests=[])
    assert refusal.value.path == f"rules[0].actions[0].{place}"
    assert "nowhere" in str(refusal.value)
    with override("fr"):
        assert all(code in str(refusal.value) for code in known(kind))
    draft.refresh_from_db()
    assert draft.body != body_with(act)


def test_a_draft_that_tells_a_program_nobody_declared_is_refused_beside_its_act() -> None:
    manager = principal_of(make_member(make_organisation(kind="manager"), "manager"))
    declared = register_endpoint(
        principal=manager,
        code="logiciel",
        organisation=make_organisation(),
        url="https://logiciel.example/recu",
    )
    draft = drafts.open_draft("automation-21", REGISTER)
    saved = drafts.save_draft(draft, body=body_with({**TOLD, "endpoint": "logiciel"}), tests=[])
    assert saved.body == body_with({**TOLD, "endpoint": "logiciel"})
    for code in ("nowhere", "logiciel"):
        with override("fr"), pytest.raises(RuleError) as refusal:
            drafts.save_draft(saved, body=body_with({**TOLD, "endpoint": code}), tests=[])
        assert refusal.value.path == "rules[0].actions[0].endpoint"
        assert code in str(refusal.value)
        # One that was ended is told no more.
        declared.refresh_from_db()
        if declared.ended_at is None:
            end_endpoint(principal=manager, endpoint=declared)


def test_published_rules_say_the_titles_of_texts_and_delays() -> None:
    draft = drafts.open_draft("automation-21", REGISTER)
    vocabulary = registry.vocabulary()
    for act, kind in ((LETTER, "letters"), (TASK, "deadlines")):
        key = "letter" if act is LETTER else "due"
        with override("fr"):
            texts = known(kind)
        code = next(iter(texts))
        draft = drafts.save_draft(draft, body=body_with({**act, key: code}), tests=[])
        with override("fr"):
            (told,) = publish(
                "automation",
                package_of(draft.manifest, draft.body, [], number=draft.number).body,
                vocabulary,
            )
            sentence = " ".join(text for _label, text in told.parts)
        assert texts[code] in sentence
        assert f"« {code} »" not in sentence.replace("\u00a0", " ")
