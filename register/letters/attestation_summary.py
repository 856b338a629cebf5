"""The demand as declared, in labelled rows: the first annex of the certificate."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from register.codes import SENSITIVE_REASONS, PersonRole
from register.household import Household
from register.models import CurrentHousing, Demand, Person
from register.selectors.answers import answers_of
from register.selectors.wishes import accepted_too
from rules.formatting import day, listed, number
from rules.kinds.fields import FieldSet
from rules.kinds.questions import Sensitivity

from .attestation_data import SummaryGroup

ADULTS = (PersonRole.APPLICANT, PersonRole.CO_APPLICANT)
ORDER = {role: place for place, role in enumerate(PersonRole.values)}
Row = tuple[str, str]


def summary(demand: Demand) -> tuple[SummaryGroup, ...]:
    """Household, current home, resources and wishes; what was not said is left out."""
    persons = sorted(demand.persons.all(), key=lambda p: (ORDER[p.role], p.position))
    housing = CurrentHousing.objects.filter(pk=demand.pk).first()
    groups = (
        SummaryGroup(_("Household"), _said(_household(demand, persons))),
        SummaryGroup(_("Your home today"), _said(_housing(demand, housing))),
        SummaryGroup(_("Resources"), _said(_resources(demand, persons))),
        SummaryGroup(_("The home you ask for"), _said(_wish(demand))),
        SummaryGroup(_("Questions of your department"), _said(_local_answers(demand))),
    )
    return tuple(group for group in groups if group.rows)


def _said(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple((str(label), str(value)) for label, value in rows if str(value))


def _household(demand: Demand, persons: list[Person]) -> Iterable[Row]:
    size = Household(tuple(persons), demand.unborn_count, demand.received_on).size
    yield _("People to be housed"), number(size)
    for person in persons:
        born = pgettext("person", "{name}, born on {date}").format(
            name=person.full_name, date=day(person.birth_date)
        )
        yield person.get_role_display(), born
    if demand.unborn_count:
        yield _("Children to be born"), _unborn(demand)


def _unborn(demand: Demand) -> str:
    if demand.unborn_due_on is None:
        return number(demand.unborn_count)
    return _("{count}, expected on {date}").format(
        count=number(demand.unborn_count), date=day(demand.unborn_due_on)
    )


def _housing(demand: Demand, housing: CurrentHousing | None) -> Iterable[Row]:
    if housing is not None:
        yield _("Current housing"), housing.get_kind_display()
        yield _("Landlord"), housing.landlord_name
        yield _("Size"), housing.get_home_type_display()
        yield (
            _("Surface"),
            _("{surface} m²").format(surface=housing.surface or "") * bool(housing.surface),
        )
        yield _("People living there"), number(housing.occupants) if housing.occupants else ""
        yield _("Rent and charges"), _monthly(housing.monthly_cost)
        yield _("Housing benefit"), _monthly(housing.housing_benefit)
    reasons = [r for r in demand.reasons.all() if r.code not in SENSITIVE_REASONS]
    listed_reasons = [
        f"{place}. {reason.get_code_display()}" for place, reason in enumerate(reasons, start=1)
    ]
    yield _("Reasons for your demand"), " · ".join(listed_reasons)


def _resources(demand: Demand, persons: list[Person]) -> Iterable[Row]:
    for person in persons:
        if person.role in ADULTS:
            yield _work(person)
            yield from _tax_incomes(demand, person)
        for income in person.incomes.all():
            label = _("{kind} – {name}").format(
                kind=income.get_kind_display(), name=person.full_name
            )
            yield label, _monthly(income.amount)
        paid = _("Alimony paid – {name}").format(name=person.full_name)
        yield paid, _monthly(person.alimony_paid)


def _work(person: Person) -> Row:
    parts = [
        person.get_work_status_display(),
        person.occupation,
        person.get_employer_display(),
        person.workplace,
    ]
    return (
        _("Work – {name}").format(name=person.full_name),
        ", ".join(str(part) for part in parts if part),
    )


def _tax_incomes(demand: Demand, person: Person) -> Iterable[Row]:
    for years_later, amount in enumerate((person.tax_income_n2, person.tax_income_n1)):
        if demand.tax_year is not None:
            label = _("Fiscal reference income of {year} – {name}").format(
                year=demand.tax_year + years_later, name=person.full_name
            )
            yield label, _yearly(amount)


def _wish(demand: Demand) -> Iterable[Row]:
    types = [str(wish.get_code_display()) for wish in demand.wished_types.all()]
    wishes = demand.wished_communes.select_related("commune", "quarter")
    communes = [
        f"{place}. {wish.place} ({wish.commune.postal_code})"
        for place, wish in enumerate(wishes, start=1)
    ]
    yield _("Size of home"), listed(types, every=False)
    yield _("Flat or house"), demand.get_building_kind_display()
    yield _("Communes, in your order"), ", ".join(communes)
    yield _("Widen to neighbouring communes"), _("yes") if demand.widening else _("no")
    yield _("Highest monthly cost, charges included"), _monthly(demand.max_monthly_cost)
    yield _("Accepted too"), ", ".join(accepted_too(demand))
    yield _("Further details"), demand.remarks


def _local_answers(demand: Demand) -> Iterable[Row]:
    """Answers that tell little of a person: the certificate is a paper that is shown around."""
    for answer in answers_of(demand):
        question = answer.question
        if question.field_set != FieldSet.HEALTH and question.sensitivity != Sensitivity.HIGH:
            yield str(question.label), answer.words


def _monthly(amount: Decimal | None) -> str:
    return "" if amount is None else _("€{amount} a month").format(amount=number(amount))


def _yearly(amount: Decimal | None) -> str:
    return "" if amount is None else _("€{amount} a year").format(amount=number(amount))
