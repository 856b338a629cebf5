"""A counter looks for the person before it enters her demand, within its own rights only."""

from datetime import date
from typing import Any

import pytest
from django.db.models import Q

from register import access
from register.principals import Principal
from register.selectors.likeness import Alike, people_alike
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

BORN = date(1985, 5, 17)  # as `make_demand` writes it
ASKED: dict[str, Any] = {
    "department": "21",
    "birth_name": "Aubert",
    "first_names": "Camille",
    "birth_date": BORN,
}


@pytest.fixture
def counter() -> Principal:
    body = make_organisation(kind="commune", with_agreement=True)
    return principal_of(make_member(body, "agent"))


def _registered(counter: Principal, **changes: Any) -> str:
    told = {"last_name": "Aubert", **changes}
    return str(make_demand(registered_by=counter.organisation, **told).number)


def _numbers(found: list[Alike]) -> list[str]:
    return [each.number for each in found]


def test_somebody_registered_here_is_found_whatever_was_slipped_in_typing(
    counter: Principal,
) -> None:
    number = _registered(counter)
    _registered(counter, last_name="Zola", first_names="Émile")
    (found,) = people_alike(counter, **ASKED)
    assert found.number == number
    assert found.likelihood > 0.95
    assert found.agreements["birth_date"] == "equal"
    assert _numbers(people_alike(counter, **{**ASKED, "birth_name": "AUBERTT"})) == [number]
    slipped = {**ASKED, "birth_date": date(1985, 5, 16)}
    assert _numbers(people_alike(counter, **slipped)) == [number]


def test_a_demand_beyond_the_reader_s_rights_is_not_told_at_all(counter: Principal) -> None:
    make_demand(last_name="Aubert")
    outside = make_organisation(kind="commune", with_agreement=False)
    stranger = principal_of(make_member(outside, "agent"))
    assert people_alike(stranger, **ASKED) == []


def test_a_demand_whose_identity_is_masked_to_the_reader_is_not_told_either(
    counter: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    _registered(counter)
    monkeypatch.setattr(access, "read_in_all", lambda *_asked: frozenset())
    monkeypatch.setattr(access, "readable", lambda *_asked: Q(pk__in=[]))
    assert people_alike(counter, **ASKED) == []


def test_another_department_another_person_and_no_birth_date_find_nobody(
    counter: Principal,
) -> None:
    _registered(counter)
    assert people_alike(counter, **{**ASKED, "department": "58"}) == []
    assert people_alike(counter, **{**ASKED, "first_names": "Bruno"}) == []
    assert people_alike(counter, **{**ASKED, "birth_date": None}) == []


def test_a_demand_that_ended_stands_in_nobody_s_way(counter: Principal) -> None:
    _registered(
        counter, state="struck_off", struck_off_on=date(2026, 1, 5), strike_off_reason="RADABA"
    )
    assert people_alike(counter, **ASKED) == []
