"""The unique registration number: 18 characters fixed by the arrêté of 7 November 2000.

Department on 3, month and year of the first deposit (MMYY), sequence on 6, counter on 5:
`021` `1126` `000042` `GDPUB`. It carries no check digit and is never derived back into facts.
For an association a continuous numbering of its demands completes it, kept beside it (ADR 0025).
"""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from register.models import AssociationCounter, NumberCounter

NUMBER_PATTERN = re.compile(
    r"(?P<territory>0\d{2}|02[AB]|97\d|111)"
    r"(?P<period>(?:0[1-9]|1[0-2])\d{2})"
    r"(?P<sequence>\d{6})"
    r"(?P<counter>[A-Z0-9]{5})",
    re.ASCII,
)
LAST_SEQUENCE = 999_999


def is_number(text: str) -> bool:
    """True if `text` has exactly the legal shape."""
    return NUMBER_PATTERN.fullmatch(text) is not None


def clean_number(text: str) -> str:
    """Fold what people type (spaces, lower case) into a number; ValidationError if it is none."""
    number = "".join(text.split()).upper()
    if not is_number(number):
        raise ValidationError(
            _("A registration number has 18 characters, for example 021 1126 000042 GDPUB."),
            code="number",
        )
    return number


def allocate_number(*, department_prefix: str, counter_code: str, received_on: date) -> str:
    """Give the next number of the department and month.

    One counter row is locked until the surrounding transaction ends, so take it last: two
    submissions never get the same sequence, and an abandoned one leaves no reusable number.
    Raises RuntimeError outside a transaction, ValidationError when the month is exhausted.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is only given inside the transaction that uses it")
    period = f"{received_on:%m%y}"
    NumberCounter.objects.get_or_create(territory=department_prefix, period=period)
    counter = NumberCounter.objects.filter(territory=department_prefix, period=period)
    if not counter.filter(last__lt=LAST_SEQUENCE).update(last=F("last") + 1):
        raise ValidationError(_("All registration numbers of this month are used."))
    sequence = counter.values_list("last", flat=True).get()
    number = f"{department_prefix}{period}{sequence:06d}{counter_code}"
    if not is_number(number):
        raise ValidationError(_("The counter code cannot end a registration number."))
    return number


def next_rank(*, siren: str, department_prefix: str) -> int:
    """Give the rank of one more demand of an association in a department, from 1, without a gap.

    The counter row is locked until the surrounding transaction ends, and never deleted: the rank of
    an erased demand is not given again. Raises RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a rank is only given inside the transaction that uses it")
    AssociationCounter.objects.get_or_create(siren=siren, territory=department_prefix)
    counter = AssociationCounter.objects.filter(siren=siren, territory=department_prefix)
    counter.update(last=F("last") + 1)
    return counter.values_list("last", flat=True).get()
