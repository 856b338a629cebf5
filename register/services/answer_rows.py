"""Where the register keeps an answer of the form, written in the transaction of who may."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from register.form.asked_locally import AskedLocally
from register.form.definition import COMMUNES, HOME_TYPES, INCOME, NEEDS, QUARTERS, REASONS
from register.form.definition import DEMAND as OF_DEMAND
from register.form.single import Asked
from register.models import (
    Association,
    Commune,
    Demand,
    Income,
    Need,
    Person,
    Quarter,
    Reason,
    WishedCommune,
    WishedType,
)
from register.services.answers import put_answer
from register.text import search_key


def write_row(asked: Asked, value: Any) -> None:
    """Write an answer as its form read it. Raises ValidationError when it cannot be kept."""
    demand, question = asked.demand, asked.question
    if question.name == REASONS:
        _write_reasons(demand, value)
    elif question.name == HOME_TYPES:
        demand.wished_types.all().delete()
        WishedType.objects.bulk_create(WishedType(demand=demand, code=code) for code in value)
    elif question.name == COMMUNES:
        _write_communes(demand, value)
    elif question.income:
        _write_income(asked, value)
    elif question.name == INCOME:
        _write_incomes(asked, value)
    elif question.name == NEEDS:
        _write_needs(asked, value)
    elif question.name == QUARTERS:
        _write_quarters(demand, value)
    elif isinstance(asked, AskedLocally):
        put_answer(demand=demand, local=asked.local, value=value)
    else:
        row = asked.person or (
            demand if question.whose == OF_DEMAND else getattr(demand, question.whose)
        )
        _write_column(row, question.column, value)


def _write_reasons(demand: Demand, codes: Iterable[str]) -> None:
    """Those that stay keep their place; new ones come after."""
    kept = [reason.code for reason in demand.reasons.all() if reason.code in codes]
    demand.reasons.all().delete()
    Reason.objects.bulk_create(
        Reason(demand=demand, code=code, position=place)
        for place, code in enumerate(dict.fromkeys([*kept, *codes]), start=1)
    )


def _write_communes(demand: Demand, insee: Iterable[str]) -> None:
    """A commune that stays keeps the quarter wished in it; all are of the demand's department."""
    wanted = list(dict.fromkeys(insee))
    known = Commune.objects.filter(pk__in=wanted, department=demand.department_id)
    if known.count() != len(wanted):
        raise ValidationError(_("All wished communes must be in the same department."))
    quarters = dict(demand.wished_communes.values_list("commune_id", "quarter_id"))
    demand.wished_communes.all().delete()
    WishedCommune.objects.bulk_create(
        WishedCommune(demand=demand, commune_id=code, quarter_id=quarters.get(code), position=place)
        for place, code in enumerate(wanted, start=1)
    )


def _write_quarters(demand: Demand, codes: Iterable[str]) -> None:
    """The quarter preferred in each wished commune; the whole of it where none is."""
    listed = dict(Quarter.objects.filter(pk__in=codes).values_list("commune_id", "pk"))
    for wish in demand.wished_communes.all():
        wish.quarter_id = listed.get(wish.commune_id)
        wish.save(update_fields=["quarter"])


def _write_income(asked: Asked, amount: Any) -> None:
    incomes = Income.objects.filter(person=asked.person, kind=asked.question.income)
    if amount is None:
        incomes.delete()
        return
    row = incomes.first() or Income(person=asked.person, kind=asked.question.income)
    row.amount = amount
    row.full_clean(exclude=["person"])
    row.save()


def _write_incomes(asked: Asked, lines: Iterable[str]) -> None:
    """All that somebody receives, each as "SAL 450.00"."""
    Income.objects.filter(person=asked.person).delete()
    for line in lines:
        kind, _space, amount = line.partition(" ")
        row = Income(person=asked.person, kind=kind, amount=amount)
        row.full_clean(exclude=["person"])
        row.save(force_insert=True)


def _write_needs(asked: Asked, needs: Iterable[str]) -> None:
    """The annex of somebody, each answer as "equipment:4"."""
    Need.objects.filter(person=asked.person).delete()
    for each in needs:
        topic, _colon, code = each.partition(":")
        row = Need(person=asked.person, topic=topic, code=code)
        row.full_clean(exclude=["person"], validate_unique=False)
        row.save(force_insert=True)


def _write_column(row: Model, column: str, value: Any) -> None:
    field: Any = row._meta.get_field(column)
    if value in (None, "") and not (field.null or field.blank):
        value = field.get_default()
    setattr(row, column, value)
    written = [column]
    if isinstance(row, Person | Association):
        named = row.listed_name if isinstance(row, Person) else row.name
        row.search_name = search_key(named)[:220]
        written.append("search_name")
    if column == "phone" and not value:
        # Nobody is sent text messages without a telephone.
        row.accepts_sms = False  # type: ignore[attr-defined]
        written.append("accepts_sms")
    row.clean_fields(exclude={each.name for each in row._meta.fields} - {column})
    if field.max_length and value:
        # Django limits a long text in forms only.
        MaxLengthValidator(field.max_length)(value)
    row.save(update_fields=written)
