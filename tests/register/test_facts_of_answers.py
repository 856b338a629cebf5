"""Rules may ask what the form asks of the household, with the same answer in both readings."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from register import bits, codes
from register.figures import where
from register.models import Demand, User
from register.services.application import FlatSharerData, PersonData
from rules import registry
from rules.conditions import Comparison
from rules.explanation import explain_condition
from rules.operators import Operator
from tests.factories import make_commune, make_counter, make_user
from tests.register.demands import DIJON, applicant, minimum, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

TODAY = date(2026, 11, 30)
VISITOR = PersonData(
    role=codes.PersonRole.VISITING_CHILD,
    birth_name="Nguyễn",
    first_names="Noé",
    birth_date=date(2014, 5, 12),
    custody=codes.Custody.VISITING,
)
ASKED = (
    Comparison("demand.long_unemployed", Operator.IS, True),
    Comparison("demand.alimony_paid", Operator.AT_LEAST, Decimal("150")),
    Comparison("demand.flat_sharers", Operator.EQUALS, 1),
    Comparison("demand.custody_kinds", Operator.OVERLAPS, frozenset({"D"})),
    Comparison("demand.wants_ownership_news", Operator.IS, True),
)


@pytest.fixture
def user() -> User:
    make_counter()
    make_commune(DIJON, "Dijon")
    return make_user()


def everything(user: User) -> Any:
    """A declaration that answers yes to each."""
    worker = applicant(
        long_unemployed=True, unemployed_until=date(2026, 1, 5), alimony_paid=Decimal(150)
    )
    asked = minimum(user, persons=(worker, VISITOR))
    sharer = FlatSharerData("Petit", "Luc", date(1990, 2, 1), title="1")
    wish = replace(asked.wish, wants_ownership_news=True)
    return replace(asked, flat_sharers=(sharer,), wish=wish)


def truth(asked: Comparison, demand: Demand) -> str:
    """The answer of the explanation for one demand."""
    vocabulary = registry.vocabulary()
    return explain_condition(asked, vocabulary, {}, demand, TODAY).truth.value


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.fact)
def test_an_answer_of_the_form_is_found_by_a_rule_in_both_readings(
    user: User, asked: Comparison
) -> None:
    demand = submit(user, everything(user))
    submit(other := make_user(), minimum(other))
    assert list(Demand.objects.filter(where(asked, TODAY))) == [demand]
    assert truth(asked, demand) == "true"


def test_whoever_works_after_a_long_unemployment_is_noticed_and_nobody_else(user: User) -> None:
    working = {"long_unemployed": True, "unemployed_until": date(2026, 1, 5)}
    for status, noticed in (("CDI", True), ("", True), ("CHO", False)):
        person = applicant(work_status=status, **working)
        demand = submit(someone := make_user(), minimum(someone, persons=(person,)))
        found = bits.codes_in(demand.facts.detected_priorities, bits.LABELS)
        assert ("back_to_work" in found) is noticed, status


def test_what_nobody_answered_is_not_known_rather_than_no(user: User) -> None:
    demand = submit(user, minimum(user))
    answers = {asked.fact.partition(".")[2]: truth(asked, demand) for asked in ASKED}
    assert answers == {
        "long_unemployed": "unknown",
        "alimony_paid": "unknown",
        "flat_sharers": "false",
        "custody_kinds": "false",
        "wants_ownership_news": "false",
    }
