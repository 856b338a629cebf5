"""Changes answers of the declaration, from one of the three legal sources, and keeps both.

The number and the date stay; no certificate is given (arrêté du 23 mars 2015).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import access
from register.access import Action
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.form.definition import TAX_INCOMES, Question, tells_an_income
from register.form.single import Asked, as_kept, asked_of, find, mark
from register.form.tax_years import tax_years, years_passed
from register.models import ChangeSource, Demand, Document, Event, EventKind, FieldChange, Person
from register.principals import Principal
from register.selectors.given_answers import kept_answer, may_write
from register.services.acts import clean_text
from register.services.answer_rows import write_row
from register.services.changes import Change, begin_change
from register.services.outbox import tell_applicant
from register.text import is_storable


@dataclass(frozen=True)
class Proposed:
    """An answer as the form read it, and the `mark` of the one that its writer was looking at."""

    answer: Any
    seen: str


@dataclass(frozen=True)
class Written:
    """An answer that was changed: what it was and what it is, as the register keeps them."""

    question: Question
    before: Any
    after: Any
    person: Person | None = None


@dataclass(frozen=True)
class Turned:
    """Incomes that moved to the place of their year, and N-2 as it was and as it is."""

    written: list[Written] = field(default_factory=list)
    years: tuple[int, int] | None = None


def count_from_today(change: Change) -> Turned:
    """Once the year has turned, N-1 is N-2 and the new N-1 waits to be told; else nothing changes.

    In the transaction of a caller who may change the incomes, before it writes one of the new
    years; it keeps both values (order of 29 July 1987: N-2, or N-1 when it is lower by 10 %).
    """
    demand, passed = change.demand, years_passed(change.demand)
    if not passed:
        return Turned()
    check_is_live(change)
    written = []
    for asked in asked_of(demand):
        if asked.question.column not in TAX_INCOMES:
            continue
        before = kept_answer(asked)
        # N-2 is asked before N-1, from which it is taken.
        is_older = asked.question.column == TAX_INCOMES[0]
        write_row(asked, asked.person.tax_income_n1 if is_older and passed == 1 else None)
        after = kept_answer(asked)
        if after != before:
            written.append(Written(asked.question, before, after, asked.person))
    now = tax_years()[0]
    demand.tax_year = now
    demand.save(update_fields=["tax_year"])
    return Turned(written, (now - passed, now))


@transaction.atomic
def rectify(
    *,
    principal: Principal,
    demand: Demand,
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
    rights = access.fields(principal, change.demand)
    if asked is None or principal.organisation is None or not may_write(rights, asked):
        raise NotAllowed(_("You cannot do this with this demand."))
    if source not in ChangeSource.values:
        raise ValidationError({"source": _("Choose an answer of the list.")})
    proof = _proof(change.demand, source, document, rights)
    words = clean_text(text, required=True)
    turned = count_from_today(change) if tells_an_income([ref]) else Turned()
    written = write_answer(change, find(change.demand, ref) or asked, proposed, source=source)
    if written is None and not turned.written:
        raise ValidationError({asked.question.name: _("This is the answer that is kept already.")})
    why: dict[str, Any] = {"source": source, "text": words, "document": proof}
    events = tell_changes(change, turned.written, tax_years=turned.years, **why)
    events += tell_changes(change, [written] if written else [], **why)
    # Somebody else wrote it: she may have it put right again (GDPR, art. 16 and 19).
    tell_applicant(change.demand, events[-1])
    return events[-1]


def write_answer(
    change: Change, asked: Asked, proposed: Proposed, *, source: str
) -> Written | None:
    """Write an answer in the transaction of a caller who may; None when it says nothing new.

    Raises Conflict when it is no longer the one that was looked at: neither is lost (R15);
    TransitionRefused once the demand has ended, ValidationError by the field.
    """
    if asked.question.is_civil_status and source != ChangeSource.DOCUMENT:
        raise ValidationError({"source": _("Civil status is changed from a document alone.")})
    before, after = kept_answer(asked), as_kept(asked.question, proposed.answer)
    if after == before or (not after and not before and after is not False):
        return None
    check_is_live(change)
    if proposed.seen != mark(before):
        raise Conflict(_("Somebody changed this answer since you opened it."))
    if not is_storable(proposed.answer):
        told = _("Some characters cannot be kept. Type this answer again without them.")
        raise ValidationError({asked.question.name: told})
    try:
        write_row(asked, proposed.answer)
    except ValidationError as refusal:
        raise ValidationError({asked.question.name: refusal.messages}) from None
    now = kept_answer(asked)
    return Written(asked.question, before, now, asked.person) if now != before else None


def check_is_live(change: Change) -> None:
    """Raises TransitionRefused for a demand that has ended."""
    if not change.demand.is_live:
        raise TransitionRefused(_("This demand has ended: its declaration changes no more."))


def tell_changes(
    change: Change,
    written: Sequence[Written],
    *,
    source: str,
    text: str = "",
    document: Document | None = None,
    **details: Any,
) -> list[Event]:
    """Save what was written, with one step for each group of data: it decides who reads of it."""
    events = []
    for part in dict.fromkeys(each.question.part for each in written):
        same = [each for each in written if each.question.part == part]
        keys = list(dict.fromkeys(each.question.key for each in same))
        named = {"question": keys[0]} if len(keys) == 1 else {"questions": keys}
        event = change.commit(
            EventKind.MODIFIED,
            reason=part,
            text=text,
            details={**named, "source": source, **details},
        )
        keep_changes(event, same, source=source, document=document)
        events.append(event)
    return events


def keep_changes(
    event: Event, written: Iterable[Written], *, source: str, document: Document | None = None
) -> None:
    """Keep both values of each answer that a step changed (CCH R441-2-15)."""
    FieldChange.objects.bulk_create(
        FieldChange(
            demand_id=event.demand_id,
            event=event,
            question=each.question.key,
            person=each.person,
            before=each.before,
            after=each.after,
            source=source,
            document=document,
        )
        for each in written
    )


def _proof(
    demand: Demand, source: str, document: int | None, rights: access.FieldRights
) -> Document | None:
    if source != ChangeSource.DOCUMENT:
        return None
    found = demand.documents.filter(pk=document).first() if document else None
    if found is None or not rights.can_read_document(found.kind):
        raise ValidationError({"document": _("Choose the document that says so.")})
    return found
