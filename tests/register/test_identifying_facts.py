"""No rule names one file: what editors simulate never tells what one file holds."""

from typing import Any

import pytest

from register import access
from rules.conditions import to_json
from rules.errors import RuleError
from rules.number_parsing import parse_number
from rules.parsing import parse_condition

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "data",
    [
        {"fact": "demand.number", "op": "is", "value": "021112600000101GDP"},
        {"fact": "demand.number", "op": "not_in", "value": ["021112600000101GDP"]},
        {"not": {"all": [{"fact": "demand.accounts", "op": "overlaps", "value": ["5"]}]}},
        {"fact": "demand.helpers", "op": "disjoint", "value": ["5"]},
        {"fact": "demand.people_shared_with", "op": "overlaps", "value": ["5:7"]},
    ],
)
def test_no_rule_names_one_file_or_one_person_so_that_no_simulation_reads_it(
    data: dict[str, Any],
) -> None:
    with pytest.raises(RuleError) as refusal:
        parse_condition(data, access.vocabulary())
    assert refusal.value.path.endswith("value")


def test_no_number_is_read_by_the_number_of_a_file() -> None:
    table = {"by": "demand.number", "rows": {"021112600000101GDP": {"constant": 1}}}
    data = {"table": table, "otherwise": {"constant": 0}}
    with pytest.raises(RuleError):
        parse_number(data, access.vocabulary())


def test_what_is_ones_own_is_still_compared_with_the_person_who_acts() -> None:
    own = {"fact": "demand.accounts", "op": "overlaps", "value": {"ref": "principal.user_ids"}}
    assert to_json(parse_condition(own, access.vocabulary())) == own
