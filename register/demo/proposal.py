"""A change of the charter on its way: the demonstration's partners find something to sign.

A proposal of the project, adopted by nobody: ten points for a single parent where there are five.
"""

import copy
from typing import Any

from register.demo.accounts import EDITOR, STATE_LEAD
from register.models import User
from register.principals import member_principal
from register.services import charter
from rules import drafts, registry
from rules.life import Actor
from rules.models import OPEN_STATES, RuleModuleVersion

MODULE = "scoring-demo-21"
CRITERION, POINTS = "single-parent", 10
# What the test cases in which a single parent scores must answer then.
ANSWERS = {
    "un parent isolé dans un secteur essentiel": "20 (10)",
    "les sections s’additionnent": "110",
}


def propose() -> None:
    """Write the draft as the editor, send it for review, sign it as the State; once only."""
    if RuleModuleVersion.objects.filter(module__code=MODULE, state__in=OPEN_STATES).exists():
        return
    editor = User.objects.get(email=EDITOR)
    author = Actor(name=str(editor), person=editor.pk)
    with registry.remembered():
        draft = drafts.open_draft(MODULE, author)
        body = copy.deepcopy(draft.body)
        _criterion(body)["points"] = POINTS
        tests = [
            {**case, "expect": ANSWERS.get(case["name"], case["expect"])} for case in draft.tests
        ]
        written = drafts.save_draft(draft, body=body, tests=tests, author=author)
        sent = drafts.submit_for_review(written, author)
    signer = member_principal(User.objects.get(email=STATE_LEAD))
    assert signer is not None  # noqa: S101 - `ensure_accounts` made it
    charter.sign(principal=signer, version=sent, fingerprint=sent.content_hash)


def _criterion(body: dict[str, Any]) -> dict[str, Any]:
    criteria = (each for section in body["sections"] for each in section["criteria"])
    found: dict[str, Any] = next(each for each in criteria if each["code"] == CRITERION)
    return found
