"""Changes one answer of the declaration, from one of the three legal sources, and keeps both.

The number and the date stay; no certificate is given (arrêté du 23 mars 2015).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from register import access
from register.access import Action
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.form.single import COMMUNES, DEMAND, HOME_TYPES, REASONS, Asked, as_kept, find, mark
from register.models import (
    ChangeSource,
    Commune,
    Document,
    Event,
    EventKind,
    FieldChange,
    Income,
    Person,
    Reason,
    WishedCommune,
    WishedType,
)
from register.models import Demand as DemandRow
from register.principals import Principal
from register.selectors.given_answers import kept_answer
from register.services.acts import clean_text
from register.services.changes import Change, begin_change
from register.text import is_storable, search_key


@dataclass(frozen=True)
class Proposed:
    """An answer as the form read it, and the `mark` of the one that its writer was looking at."""

    answer: Any
    seen: str


@transaction.atomic
def rectify(
    *,
    principal: Principal,
    demand: DemandRow,
    ref: str,
    proposed: Proposed,
    source: str,
    text: str,
    document: int | None = None,
) -> Event:
    """A body that may write this answer changes it, and says in words from where it comes.

    From a document of the file, from the applicant, or from somebody else when she agrees; civil
    status from a document alone. Raises NotAllowed, Conflict when the answer changed meanwhile,
    ValidationError by the field.
    """
    change = begin_change(principal=principal, demand=demand, action=Action.EDIT)
    asked = find(change.demand, ref)
    if asked is None or principal.organisation is None:
        raise NotAllowed(_("You cannot do this with this demand."))
    rights = access.fields(principal, change.demand)
    can_read = all(map(rights.can_read, asked.question.told_by))
    if not (can_read and rights.can_write(asked.question.part)):
        raise NotAllowed(_("You cannot do this with this demand."))
    if source not in ChangeSource.values:
        raise ValidationError({"source": _("Choose an answer of the list.")})
    proof = _proof(change.demand, source, document, rights)
    words = clean_text(text, required=True)
    event = write_answer(change, asked, proposed, source=source, text=words, document=proof)
    if event is None:
        raise ValidationError({asked.question.name: _("This is the answer that is kept already.")})
    return event


def write_answer(
    change: Change,
    asked: Asked,
    proposed: Proposed,
    *,
    source: str,
    text: str,
    document: Document | None = None,
    **details: Any,
) -> Event | None:
    """Write an answer in the transaction of a caller who may; None when it says nothing new.

    Raises Conflict when it is no longer the one that was looked at: neither is lost (R15);
    TransitionRefused once the demand has ended, ValidationError by the field.
    """
    if asked.question.is_civil_status and source != ChangeSource.DOCUMENT:
        raise ValidationError({"source": _("Civil status is changed from a document alone.")})
    before, after = kept_answer(asked), as_kept(asked.question, proposed.answer)
    if after == before or (not after and not before and after is not False):
        return None
    if not change.demand.is_live:
        raise TransitionRefused(_("This demand has ended: its declaration changes no more."))
    if proposed.seen != mark(before):
        raise Conflict(_("Somebody changed this answer since you opened it."))
    if not is_storable(proposed.answer):
        told = _("Some characters cannot be kept. Type this answer again without them.")
        raise ValidationError({asked.question.name: told})
    try:
        _write(asked, proposed.answer)
    except ValidationError as refusal:
        raise ValidationError({asked.question.name: refusal.messages}) from None
    event = change.commit(
        EventKind.MODIFIED,
        reason=asked.question.part,
        text=text,
        details={"question": asked.question.key, "source": source, **details},
    )
    FieldChange.objects.create(
        demand=change.demand,
        event=event,
        question=asked.question.key,
        person=asked.person,
        before=before,
        after=kept_answer(asked),
        source=source,
        document=document,
    )
    return event


def _proof(
    demand: DemandRow, source: str, document: int | None, rights: access.FieldRights
) -> Document | None:
    if source != ChangeSource.DOCUMENT:
        return None
    found = demand.documents.filter(pk=document).first() if document else None
    if found is None or not rights.can_read_document(found.kind):
        raise ValidationError({"document": _("Choose the document that says so.")})
    return found


def _write(asked: Asked, value: Any) -> None:
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
    else:
        row = asked.person or (
            demand if question.whose == DEMAND else getattr(demand, question.whose)
        )
        _write_column(row, question.column, value)


def _write_reasons(demand: DemandRow, codes: Iterable[str]) -> None:
    """Those that stay keep their place; new ones come after."""
    kept = [reason.code for reason in demand.reasons.all() if reason.code in codes]
    demand.reasons.all().delete()
    Reason.objects.bulk_create(
        Reason(demand=demand, code=code, position=place)
        for place, code in enumerate(dict.fromkeys([*kept, *codes]), start=1)
    )


def _write_communes(demand: DemandRow, insee: Iterable[str]) -> None:
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


def _write_income(asked: Asked, amount: Any) -> None:
    incomes = Income.objects.filter(person=asked.person, kind=asked.question.income)
    if amount is None:
        incomes.delete()
        return
    row = incomes.first() or Income(person=asked.person, kind=asked.question.income)
    row.amount = amount
    row.full_clean(exclude=["person"])
    row.save()


def _write_column(row: Model, column: str, value: Any) -> None:
    field: Any = row._meta.get_field(column)
    if value in (None, "") and not (field.null or field.blank):
        value = field.get_default()
    setattr(row, column, value)
    written = [column]
    if isinstance(row, Person):
        row.search_name = search_key(row.listed_name)[:220]
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
