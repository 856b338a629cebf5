"""Two people move one version of the rules at the same moment: one wins, nothing is half done."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from rules import drafts, moves, registry, signatures
from rules.errors import MoveRefused, RuleError
from rules.life import Actor
from rules.models import RuleModuleVersion, RuleVersionMove, VersionState
from tests.faults.crowd import together
from tests.register.test_charter import CODE, EDITOR, changed, signed

pytestmark = pytest.mark.usefixtures("register")
MANAGERS = [Actor(f"M{n}", n, f"m{n}", "manager") for n in range(4)]


def refused(answers: list[Any]) -> list[Any]:
    return [answer for answer in answers if isinstance(answer, RuleError)]


def in_force() -> list[RuleModuleVersion]:
    return list(RuleModuleVersion.objects.filter(module__code=CODE, state=VersionState.IN_FORCE))


def test_of_four_publishers_one_publishes_and_the_others_are_told() -> None:
    version = signed(changed())
    answers = together([lambda by=by: drafts.put_in_force(version, by) for by in MANAGERS])
    assert len(refused(answers)) == 3
    assert all(isinstance(each, MoveRefused) for each in refused(answers))
    assert [each.pk for each in in_force()] == [version.pk]
    assert RuleVersionMove.objects.filter(move="publish").count() == 1


def test_two_signatures_of_one_organisation_are_one_and_of_two_are_two() -> None:
    version = changed()
    landlord = Actor("L", 9, "l", "landlord")
    answers = together([lambda: drafts.sign(version, landlord)] * 2)
    assert len(refused(answers)) == 1
    answers = together([lambda by=by: drafts.sign(version, by) for by in MANAGERS[:2]])
    assert refused(answers) == []
    current = RuleModuleVersion.objects.get(pk=version.pk)
    assert len(signatures.given(current)) == 3
    assert signatures.missing(current) == ()


def test_a_signature_and_a_change_at_once_never_leave_a_signed_text_that_nobody_read() -> None:
    for round_ in range(4):
        version = changed(20 + round_)
        together(
            [
                lambda version=version: drafts.sign(version, MANAGERS[0]),
                lambda version=version: drafts.save_draft(
                    version, manifest=version.manifest | {"author": "Autre"}, author=EDITOR
                ),
            ]
        )
        current = RuleModuleVersion.objects.get(pk=version.pk)
        assert current.state == VersionState.DRAFT
        again = drafts.submit_for_review(current, EDITOR)
        assert signatures.given(again) == []
        drafts.withdraw(again, EDITOR, "Suivante")


def test_two_workers_write_down_once_that_the_day_has_come(monkeypatch: Any) -> None:
    day = timezone.localdate() + timedelta(days=3)
    version = drafts.schedule(signed(changed()), day, MANAGERS[0])
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    entered = together([moves.come_into_force] * 3)
    assert sorted(len(each) for each in entered) == [0, 0, 1]
    assert [each.pk for each in in_force()] == [version.pk]
    assert registry.get(CODE).version_id == version.pk


def test_two_editors_open_one_draft() -> None:
    opened = together([lambda: drafts.open_draft(CODE, EDITOR)] * 3)
    assert len({each.pk for each in opened}) == 1
