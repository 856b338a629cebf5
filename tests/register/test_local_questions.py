"""Answers to local questions: what is asked, kept and refused, and how rules read the answers."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register import questions
from register.models import Demand, LocalAnswer
from register.models.answer import COLUMNS
from register.services.application import LocalAnswerData, WishData
from register.vocabulary.filling import WHILE_FILLING, facts_while_filling
from rules import registry
from rules.conditions import Comparison
from rules.explanation import explain_condition
from rules.kinds.parts import Bilingual
from rules.operators import Operator
from rules.parsing import parse_condition
from rules.reading import row_value
from rules.sql import compile_condition
from rules.types import Truth
from tests.factories import make_commune, make_counter, make_demand, make_user
from tests.register.demands import DIJON, NEVERS, QUETIGNY, complete, minimum, submit
from tests.register.question_modules import BASIS, every_type, install_questions, question

TODAY = date(2026, 3, 31)
pytestmark = pytest.mark.django_db


@pytest.fixture
def register(rules: None) -> None:
    make_counter()
    make_commune(DIJON, "Dijon")
    make_commune(QUETIGNY, "Quetigny", postal_code="21800")
    make_commune(NEVERS, "Nevers", department="58", postal_code="58000", epci=None)


def answer(code: str, value: Any) -> LocalAnswerData:
    """An answer under the version in force."""
    asked = {local.code: local for local in questions.in_force()}
    version = asked[code].version_id if code in asked else 0
    return LocalAnswerData(code, version, value)


def test_an_answer_is_kept_with_the_version_that_asked_for_it(register: None) -> None:
    user = make_user()
    given = (answer("parking", True), answer("transport", frozenset({"public", "walk"})))
    demand = submit(user, minimum(user, local_answers=given))
    kept = demand.local_answers.order_by("question", "code")
    assert [(row.question, row.yes_no, row.code) for row in kept] == [
        ("parking", True, None),
        ("transport", None, "public"),
        ("transport", None, "walk"),
    ]
    assert {str(row.version) for row in kept} == {"questions-21 1"}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("parking", "yes"),
        ("transport", frozenset({"helicopter"})),
        ("move_from", date(1999, 1, 1)),
        ("unheard_of", True),
    ],
)
def test_an_answer_its_question_does_not_allow_is_refused_under_its_name(
    register: None, code: str, value: Any
) -> None:
    user = make_user()
    with pytest.raises(ValidationError) as refusal:
        submit(user, minimum(user, local_answers=(answer(code, value),)))
    assert set(refusal.value.message_dict) == {f"question.{code}"}
    assert not Demand.objects.exists(), "nothing of the demand is left behind"


def test_what_was_not_asked_is_not_kept(register: None) -> None:
    """Travel is asked of those who wish the conurbation; the others did not have the question."""
    make_commune("21054", "Beaune", epci="200006682", postal_code="21200")
    user = make_user()
    elsewhere = WishData(home_types=("T3",), communes=("21054",))
    given = (answer("transport", frozenset({"car"})),)
    with pytest.raises(ValidationError):
        submit(user, minimum(user, wish=elsewhere, local_answers=given))


def test_a_question_of_a_department_is_not_asked_in_another(register: None) -> None:
    elsewhere = minimum(make_user(), department="58", wish=WishData(communes=(NEVERS,)))
    asker = questions.Asker(elsewhere.department, lambda: elsewhere)
    asked = asker.asked(questions.in_force())
    assert asked == []


def test_an_answer_never_is_needed_to_register(register: None) -> None:
    assert submit(make_user()).local_answers.count() == 0


def test_what_is_known_while_filling_is_what_the_register_says_afterwards(register: None) -> None:
    user = make_user()
    application = complete(user)
    sheet, demand = facts_while_filling(application), submit(user, application)
    for code in sorted(WHILE_FILLING):
        fact = registry.declared().fact(code)
        assert row_value(fact, sheet, TODAY) == row_value(fact, demand, TODAY), code


def _random_answers(demands: list[Demand]) -> None:
    chance = random.Random(21)  # noqa: S311 - reproducible, not secret
    values: dict[str, list[Any]] = {
        "q_boolean": [True, False],
        "q_integer": [0, 1, 2, 30],
        "q_decimal": [Decimal("0"), Decimal("1.5"), Decimal("2.25")],
        "q_money_month": [Decimal("0"), Decimal("700.5")],
        "q_money_year": [Decimal("0"), Decimal("18400")],
        "q_date": [date(2026, 2, 28), date(2026, 3, 31), date(2025, 3, 31)],
        "q_choice": ["red", "blue"],
        "q_choices": ["red", "blue", "green"],
    }
    version = questions.in_force()[0].version_id
    rows = []
    for demand in demands:
        for local in questions.in_force():
            kind = local.question.type
            if local.code in values and chance.random() < 0.7:
                count = chance.randint(1, 3) if kind == "choices" else 1
                rows += [
                    LocalAnswer(
                        demand=demand,
                        question=local.code,
                        version_id=version,
                        answered_at=demand.received_at,
                        **{COLUMNS[kind]: value},
                    )
                    for value in chance.sample(values[local.code], count)
                ]
    LocalAnswer.objects.bulk_create(rows)


_KNOWLEDGE = st.sampled_from(["is_known", "is_unknown"])
_FIGURE = st.sampled_from(["equals", "at_least", "at_most"])


def _about(code: str, operator: Any, value: Any) -> Any:
    fact = st.just(f"question.{code}")
    return st.fixed_dictionaries({"fact": fact, "op": operator, "value": value})


_DAYS = st.sampled_from(["2026-02-28", "2026-03-31", "2025-03-31", "2024-01-01"])
_CODES = st.lists(st.sampled_from(["red", "blue", "green"]), min_size=1, max_size=2, unique=True)
_AMOUNTS = st.sampled_from([0, "1.5", "2.26", "700.5", 18400])
LEAVES = st.one_of(
    st.fixed_dictionaries(
        {
            "fact": st.sampled_from(
                [f"question.q_{kind}" for kind in COLUMNS if kind not in ("text", "choices")]
            ),
            "op": _KNOWLEDGE,
        }
    ),
    _about("q_boolean", st.just("is"), st.booleans()),
    _about("q_integer", _FIGURE, st.integers(0, 3)),
    _about("q_decimal", _FIGURE, _AMOUNTS),
    _about("q_money_month", _FIGURE, _AMOUNTS),
    _about("q_money_year", _FIGURE, _AMOUNTS),
    _about("q_date", st.sampled_from(["on_or_before", "on_or_after"]), _DAYS),
    _about("q_date", st.just("older_than_months"), st.integers(0, 13)),
    _about("q_choice", st.sampled_from(["is", "is_not"]), st.sampled_from(["red", "blue"])),
    _about("q_choice", st.sampled_from(["in", "not_in"]), _CODES),
    _about("q_choices", st.sampled_from(["overlaps", "disjoint"]), _CODES),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)


def test_lists_and_explanations_agree_on_every_answer_missing_ones_included(rules: None) -> None:
    install_questions("questions-essai", every_type())
    _random_answers([make_demand(with_identity=False) for _one in range(25)])
    demands = list(Demand.objects.prefetch_related("local_answers"))

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(tree=TREES)
    def check(tree: Any) -> None:
        vocabulary = registry.vocabulary()
        condition = parse_condition(tree, vocabulary)
        compiled = compile_condition(condition, vocabulary, {}, TODAY)
        answers = {
            demand.pk: explain_condition(condition, vocabulary, {}, demand, TODAY).truth
            for demand in demands
        }
        for truth, query in ((Truth.TRUE, compiled.is_true), (Truth.FALSE, compiled.is_false)):
            by_sql = set(Demand.objects.filter(query).values_list("pk", flat=True))
            assert by_sql == {pk for pk, found in answers.items() if found is truth}

    check()


def test_a_rule_may_reckon_with_an_answer(rules: None) -> None:
    install_questions("questions-essai", every_type())
    demands = [make_demand(with_identity=False) for _one in range(3)]
    _random_answers(demands)
    more = {"number": {"sum": [{"fact": "question.q_integer"}, {"constant": 1}]}}
    tree = {"fact": "question.q_money_month", "op": "at_least", "value": more}
    vocabulary = registry.vocabulary()
    condition = parse_condition(tree, vocabulary)
    compiled = compile_condition(condition, vocabulary, {}, TODAY)
    for demand in demands:
        truth = explain_condition(condition, vocabulary, {}, demand, TODAY).truth
        found = Demand.objects.filter(compiled.is_true, pk=demand.pk).exists()
        assert found is (truth is Truth.TRUE)


def test_a_retired_question_keeps_its_answers_and_tells_rules_nothing(rules: None) -> None:
    first = install_questions("questions-essai", [question("car", "boolean")])
    demand = make_demand()
    LocalAnswer.objects.create(
        demand=demand, question="car", version=first, yes_no=True, answered_at=demand.received_at
    )
    install_questions("questions-essai", [question("bicycle", "boolean")])
    vocabulary = registry.vocabulary()
    has_car = Comparison("question.car", Operator.IS, True)
    compiled = compile_condition(has_car, vocabulary, {}, TODAY)
    assert compiled.constant is Truth.UNKNOWN
    assert explain_condition(has_car, vocabulary, {}, demand, TODAY).truth is Truth.UNKNOWN
    found = questions.definition("car", first.pk)
    assert found is not None
    assert found.label == Bilingual("Essai car ?", "Test car?")
    assert found.legal_basis == BASIS
