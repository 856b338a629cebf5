"""By what a simulation tells who gains and who loses: household, age, sex, commune, channel."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When

from register.deadlines import add_months

YEAR = 12
AGE_BANDS = (25, 35, 50, 65)
WHOLE = ""
HOUSEHOLD, AGE, SEX, COMMUNE, CHANNEL = "household", "age", "sex", "commune", "channel"

Expression = Callable[[date], Any]


def _household(_today: date) -> Any:
    """Alone, alone with children, adults together with or without children; an association."""
    with_children = Q(facts__children__gt=0)
    return Case(
        When(Q(is_association=True), then=Value("association")),
        When(Q(facts__single_parent=True), then=Value("single_parent")),
        When(Q(facts__adults__lte=1), then=Value("alone")),
        When(with_children, then=Value("family")),
        default=Value("adults"),
        output_field=CharField(),
    )


def _age(today: date) -> Any:
    """The applicant's age band: "-25", "25-34"… "65+"."""
    column = "facts__applicant_birth_date"
    # An association has none.
    whens = [When(is_association=True, then=Value(""))]
    for place, limit in enumerate(AGE_BANDS):
        label = f"-{limit}" if place == 0 else f"{AGE_BANDS[place - 1]}-{limit - 1}"
        younger = add_months(today, -limit * YEAR)
        whens.append(When(Q(**{f"{column}__gt": younger}), then=Value(label)))
    return Case(*whens, default=Value(f"{AGE_BANDS[-1]}+"), output_field=CharField())


DIMENSIONS: Mapping[str, Expression] = {
    WHOLE: lambda _today: Value("", output_field=CharField()),
    HOUSEHOLD: _household,
    AGE: _age,
    SEX: lambda _today: F("facts__applicant_title"),
    COMMUNE: lambda _today: F("facts__first_commune"),
    CHANNEL: lambda _today: F("channel"),
}
