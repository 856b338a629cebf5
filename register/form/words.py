"""An answer of the form as it is read."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from register.form.fields.business import BusinessNumberField
from register.form.fields.codes import ListedMixin, flat
from register.form.fields.dates import FIRST_DAY
from register.form.fields.phone import PhoneField
from register.form.steps.base import StepForm
from register.templatetags.shell import NO_BREAK, date_long, euros, phone_spaced, siren_spaced


def in_words(form: StepForm, name: str, value: Any) -> Any:
    """The value of a field in words, in the active language: a text, or one for each choice."""
    if (told := form.in_words(name, value)) is not None:
        return told
    return said(form.fields[name], value, form.units.get(name, ""))


def said(field: forms.Field, value: Any, unit: str | Promise = "") -> Any:
    """The same for a field outside of its page; `unit` is what a number counts."""
    if value and isinstance(field, ListedMixin):
        return (
            [field.words(each) for each in value] if isinstance(value, list) else field.words(value)
        )
    choices = dict(flat(getattr(field, "choices", ())))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return [choices.get(each, each) for each in value]
    if isinstance(value, date):
        is_month = getattr(field, "month_is_enough", False) and value.day == FIRST_DAY
        return date_format(value, "F Y") if is_month else date_long(value)
    if isinstance(value, Decimal):
        # The unit begins with the sign that the amount ends with: "€ per month".
        return f"{euros(value)}{str(unit).removeprefix('€')}"
    if value is None:
        return ""
    if isinstance(field, PhoneField):
        return phone_spaced(value)
    if isinstance(field, BusinessNumberField):
        return siren_spaced(value)
    if isinstance(value, int) and unit:
        return f"{value}{NO_BREAK}{unit}"
    return choices.get(value, value) if choices and value else value
