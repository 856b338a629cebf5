"""An answer of the form that is hidden by a rule is in no cell of an export."""

from typing import Any

import pytest

from backoffice.exported_answers import KEY
from register.form.definition import FORM
from register.selectors.exported_answers import MOST_ANSWERS, column_key
from tests.partition.canaries import flat, found_in
from tests.partition.test_canaries import Marked, marked  # noqa: F401  (fixture)

TAXES = {"Person.tax_income_n1", "Person.tax_income_n2"}


def exported(client: Any) -> str:
    """Every answer of the form, asked for whether it is offered or not, in words and in codes."""
    text = ""
    keys = [column_key(each) for each in FORM]
    for first in range(0, len(keys), MOST_ANSWERS):
        session = client.session
        session[KEY] = {"keys": keys[first : first + MOST_ANSWERS], "codes": True}
        session.save()
        answer = client.get("/bureau/export/csv/")
        text += b"".join(answer.streaming_content).decode()
    return flat(text.encode(), "text/csv")


@pytest.mark.parametrize(
    ("role", "reads_taxes"), [("landlord agent", True), ("commune inside", False)]
)
def test_an_answer_hidden_by_a_rule_is_in_no_cell(
    marked: Marked,  # noqa: F811
    role: str,
    reads_taxes: bool,
) -> None:
    text, own = exported(marked.world.client(role)), marked.tokens["own"]
    assert found_in(text, marked.hidden_from(role)) == []
    seen = {place.partition("#")[0] for place in found_in(text, own)}
    assert seen >= {"Person.birth_name", "Contact.address", "Contact.phone"}
    assert bool(seen & TAXES) == reads_taxes
