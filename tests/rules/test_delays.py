"""The day on which each delay of the law ends, and which facts are old enough."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import days, registry
from rules.deadlines import end, latest_start
from rules.disk import MODULES, read_package
from rules.errors import RuleError
from rules.kinds.deadlines import Counting, Deadline, Unit, parse
from rules.kinds.fields import Bilingual

DATES = st.dates(date(2000, 1, 1), date(2050, 12, 31))
NO_TEXT = Bilingual("", "")
COUNTED = [Unit.YEARS, Unit.MONTHS, Unit.WEEKS, Unit.DAYS, Unit.WORKING_DAYS]
# Written by hand from the texts of law: code, the fact, the last day.
ORACLE = """
registration          2026-01-31 2026-02-28
certificate           2024-01-31 2024-02-29
registration_target   2026-04-30 2026-05-11
validity              2024-02-29 2025-02-28
renewal_notice        2026-03-31 2026-02-28
strike_off            2025-01-31 2026-02-28
reactivation          2025-01-31 2026-07-31
withdrawal            2026-05-01 2026-05-01
lease                 2026-05-01 2026-05-01
unreachable_warning   2026-01-31 2026-02-28
unreachable_strike_off 2026-06-30 2026-08-30
unreachable_reactivation 2026-09-30 2027-02-28
inadmissible_warning  2026-05-08 2026-06-08
retention             2024-02-29 2025-02-28
draft_retention       2025-11-30 2026-02-28
upload_retention      2024-02-28 2024-02-29
refused_paper_retention 2024-02-01 2024-03-02
infected_file_retention 2026-03-01 2026-03-31
reading_log_retention 2024-02-29 2025-02-28
account_warning       2024-02-29 2026-02-28
account_retention     2026-01-31 2026-02-28
merge_undo            2024-08-31 2026-02-28
offer_answer          2026-02-02 2026-02-12
offer_answer          2026-02-04 2026-02-16
offer_answer          2026-02-05 2026-02-16
offer_answer          2026-05-04 2026-05-15
offer_answer          2026-12-15 2026-12-28
abnormal_delay        2024-11-24 2026-11-24
mediation_decision    2026-11-30 2027-02-28
prefect_offer         2026-02-28 2026-05-28
shelter_offer         2026-01-01 2026-02-12
shelter_stay          2026-01-15 2026-07-15
transition_stay       2025-01-15 2026-07-15
occupancy_examination 2024-02-29 2027-02-28
state_contingent      2026-03-31 2026-04-30
state_convention      2026-12-31 2027-02-28
state_share_exception 2026-03-01 2027-03-01
reservation_report    2025-12-31 2026-02-27
"""


@pytest.fixture(scope="module")
def body():
    return read_package(MODULES / "deadlines-21", registry.declared()).body


def delay(unit=Unit.MONTHS, value=1, **changes):
    made = Deadline("x", value, unit, NO_TEXT, NO_TEXT, "")
    return replace(made, **changes)


def delays():
    return st.builds(
        delay,
        st.sampled_from(COUNTED),
        st.integers(1, 24),
        counting=st.sampled_from(list(Counting)),
        department=st.sampled_from(["", "67", "974"]),
    )


@pytest.mark.parametrize("line", ORACLE.strip().splitlines())
def test_each_delay_of_the_law_ends_on_its_day(body, line):
    code, start, expected = line.split()
    assert end(body.get(code), date.fromisoformat(start)) == date.fromisoformat(expected)


def test_every_shipped_delay_is_in_the_table(body):
    assert {line.split()[0] for line in ORACLE.strip().splitlines()} == {
        deadline.code for deadline in body.deadlines
    }


TEXT = {"fr": "Texte", "en": "Text"}
WRITTEN = {
    "code": "answer",
    "value": 1,
    "unit": "months",
    "from": "deposit",
    "consequence": "none",
    "title": TEXT,
    "explanation": TEXT,
    "legal_basis": "Article 2",
}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"unit": "at_once"}, "value"),
        ({"unit": "yearly"}, "value"),
        ({"on": "02-28"}, "on"),
        ({"from": "birth"}, "from"),
        ({"consequence": "fine"}, "consequence"),
        ({"minimum": "yes"}, "minimum"),
        ({"counting": "procedural", "before": True}, "counting"),
        (
            {"elsewhere": [{"territories": ["974"], "value": 0, "title": TEXT}]},
            "elsewhere[0].value",
        ),
    ],
)
def test_a_delay_that_means_nothing_is_refused_where_it_is_written(changes, place):
    with pytest.raises(RuleError) as refusal:
        parse({"deadlines": [WRITTEN | changes]}, registry.declared())
    assert refusal.value.path == f"deadlines[0].{place}"


@pytest.mark.parametrize("day", ["02-29", "13-01", 228, None])
def test_a_yearly_date_exists_every_year(day):
    yearly = {"unit": "yearly", "on": day}
    written = {key: value for key, value in WRITTEN.items() if key != "value"} | yearly
    with pytest.raises(RuleError) as refusal:
        parse({"deadlines": [written]}, registry.declared())
    assert refusal.value.path == "deadlines[0].on"


@pytest.mark.parametrize(
    ("code", "department", "months"),
    [
        ("mediation_decision", "21", 3),
        ("mediation_decision", "974", 6),
        ("prefect_offer", "21", 3),
    ],
)
def test_a_delay_may_be_longer_elsewhere(body, code, department, months):
    assert body.get(code).within(department).value == months


def test_the_answer_to_an_offer_may_only_be_longer_and_waits_for_a_working_day(body):
    offer = body.get("offer_answer")
    assert offer.is_minimum
    assert offer.counting is Counting.PROCEDURAL
    # 22 May is a holiday in Martinique: notified on Tuesday 12, answered until Monday 25… Whit
    # Monday, hence Tuesday 26.
    assert end(offer.within("972"), date(2026, 5, 12)) == date(2026, 5, 26)
    assert end(offer.within("21"), date(2026, 5, 12)) == date(2026, 5, 22)


@given(delays(), DATES)
def test_the_day_of_the_fact_never_counts_and_later_facts_never_end_earlier(found, start):
    last = end(found, start)
    assert last > start
    assert end(found, start + timedelta(days=1)) >= last


@given(delays(), DATES)
def test_a_procedural_delay_never_ends_on_a_closed_day(found, start):
    last = end(replace(found, counting=Counting.PROCEDURAL), start)
    assert days.is_working_day(last, found.department)
    assert last >= end(replace(found, counting=Counting.CALENDAR), start)


@given(delays(), DATES, st.booleans())
def test_one_comparison_tells_which_facts_are_old_enough(found, on, is_before):
    asked = replace(found, is_before=is_before)
    if is_before:
        asked = replace(asked, counting=Counting.CALENDAR)
    limit = latest_start(asked, on)
    assert end(asked, limit) <= on < end(asked, limit + timedelta(days=1))
