"""The years of the fiscal reference incomes: N-2, and N-1 when the income fell.

They are counted from the day on which the answers are given, and what is typed stays of the year
that it was typed for: the page carries that year beside the amounts.
"""

from datetime import date

from django.db.models import Q

from register import clock
from register.form.answers import Answers, Raw
from register.models import Demand

# Beside the amounts of a page: the year N-2 that it asked.
TAX_YEAR = "tax_year"
# What a page bears once the year has turned since its amounts were typed.
TURNED = "year_turned"
# The pages that ask them, with the fields of N-2 and of N-1.
_PAGES = {
    "ressources": (("tax_income_n2", "tax_income_n1"), ("co_tax_income_n2", "co_tax_income_n1")),
    "foyer-codemandeurs": (("tax_income_n2", "tax_income_n1"),),
}


def tax_years(day: date | None = None) -> tuple[int, int]:
    """Years N-2 and N-1 of the fiscal reference income, counted from a day: today without one."""
    year = (day or clock.today()).year
    return year - 2, year - 1


def years_passed(demand: Demand) -> int:
    """How many years went by since those that the incomes of a declaration are of."""
    return max(tax_years()[0] - _declared(demand.tax_year, demand.received_on), 0)


def are_of_years_gone(tax_year: int | None, received_on: date) -> bool:
    """True when the incomes of a declaration, whatever they are, are of years that count no more.

    `tax_year` is N-2 as it was asked; None when a paper form or an import said no year.
    """
    return _declared(tax_year, received_on) < tax_years()[0]


def of_years_gone() -> Q:
    """The same as a test of demands."""
    now = tax_years()[0]
    unsaid = Q(tax_year=None, received_on__lt=date(now + 2, 1, 1))
    return Q(tax_year__lt=now) | unsaid


def _declared(tax_year: int | None, received_on: date) -> int:
    return tax_year or tax_years(received_on)[0]


def counted_today(demand: Demand) -> Demand:
    """A declaration as it is asked again today: what was N-1 is N-2, the new N-1 is to be told.

    For a page: the people of `demand` were read with it, and nothing is written.
    """
    passed = years_passed(demand)
    if passed:
        for person in demand.persons.all():
            person.tax_income_n2 = person.tax_income_n1 if passed == 1 else None
            person.tax_income_n1 = None
        demand.tax_year = tax_years()[0]
    return demand


def year_of(answers: Answers, key: str, person: str = "") -> int:
    """The year N-2 that a page was filled in for; of the day the answers were begun by default.

    A page that nobody has filled in asks the years of today.
    """
    if answers.form_data(key, person) is None:
        return tax_years()[0]
    first, last = tax_years(answers.begun_on)[0], tax_years()[0]
    typed = (answers.raw(key, person).get(TAX_YEAR) or [""])[-1]
    return next((year for year in range(first, last + 1) if str(year) == typed), first)


def turn(answers: Answers) -> None:
    """Count the incomes of a draft from today: each amount stays with the year it was typed for.

    Once a year has passed, N-1 is N-2, and the new N-1 is to be asked; the page says so until
    it is saved again. Nothing is changed within the year.
    """
    for key in _PAGES:
        slots = answers.people(key) or [answers.slot(key)]
        for slot in slots:
            person = slot.get("id", "")
            passed = tax_years()[0] - year_of(answers, key, person)
            if passed and "raw" in slot:
                slot["raw"] = _later(slot["raw"], key, passed)
                slot[TURNED] = True
                slot.pop("confirmed", None)
                answers.memo.clear()


def has_turned(answers: Answers) -> bool:
    """True when the years that count are no longer those that some amounts were typed for."""
    slots = (slot for key in _PAGES for slot in (answers.people(key) or [answers.slot(key)]))
    return any(TURNED in slot for slot in slots)


def _later(raw: Raw, key: str, passed: int) -> Raw:
    later = {**raw, TAX_YEAR: [str(tax_years()[0])]}
    for older, latest in _PAGES[key]:
        later[older] = raw.get(latest, []) if passed == 1 else []
        later[latest] = []
    return later
