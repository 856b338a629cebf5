"""Test cases of deadlines modules: the value of one delay, or the day on which it ends.

`{"deadline": "validity", "expect": "12 months"}`, or with the day it runs from
`{"deadline": "offer_answer", "from": "2026-02-02", "expect": "2026-02-12"}`; `"department"` says
where, when it is not the module's own territory.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rules.deadlines import end
from rules.errors import RuleError
from rules.kinds.deadlines import Deadlines
from rules.kinds.parts import mapping
from rules.vocabulary import Vocabulary


def answer(
    body: Deadlines, case: Any, path: str, vocabulary: Vocabulary, today: date
) -> str | None:
    """What the rules give when it is not what the case expects."""
    mapping(case, path, {"name", "deadline", "expect"}, {"from", "department"})
    known = {item.code: item.within(case.get("department", "")) for item in body.deadlines}
    found = ""
    if deadline := known.get(case["deadline"]):
        found = f"{deadline.value} {deadline.unit}"
        if "from" in case:
            found = end(deadline, _day(case["from"], f"{path}.from")).isoformat()
    return None if found == case["expect"] else found


def _day(value: Any, path: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise RuleError(path, _("a date is expected here: “2026-02-28”")) from None
