"""The applicant changes her own declaration, at any time while her demand lives (R441-2-15).

What she says is a source of its own (arrêté du 23 mars 2015); the civil status of those who are
recorded is changed at a counter alone, from a document.
"""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from register import access
from register.access import Action, FieldRights
from register.errors import Conflict, NotAllowed
from register.form.answers import MAX_PEOPLE
from register.form.definition import CO_APPLICANT, OTHERS, SHARERS, TAX_INCOMES, tells_an_income
from register.form.single import as_kept, mark
from register.form.together import AskedTogether, everything_asked, named
from register.models import ChangeSource, Demand, Document, Event, FlatSharer
from register.principals import Principal, PrincipalKind
from register.selectors.given_answers import may_modify, may_write
from register.selectors.household_lists import ROLES, list_asked_on, names_on
from register.services.application import FlatSharerData, PersonData
from register.services.changes import Change, begin_change
from register.services.modification import (
    Proposed,
    Turned,
    Written,
    check_is_live,
    count_from_today,
    tell_changes,
    write_answer,
)
from register.services.submission import save_person
from register.text import is_storable

MINE = ChangeSource.APPLICANT


@transaction.atomic
def modify(
    *, principal: Principal, demand: Demand, proposed: Mapping[str, Proposed]
) -> list[Event]:
    """Write the answers of a page that its applicant changed, by ref; no step when none is new.

    A helper whose mandate says it changes what she may write, never what is the applicant's alone.
    One that she left as she saw it stays as it is today, whoever changed it meanwhile. Raises
    NotAllowed, Conflict when somebody else changed one that she changed too (neither is lost),
    TransitionRefused once the demand has ended, ValidationError by the field. An income is of the
    years that count today: those of years gone move to their place first.
    """
    change, rights = _begin(principal, demand, Action.MODIFY)
    own = change.mandate is None
    told = [ref for ref, mine in proposed.items() if mine.answer is not None]
    turned = count_from_today(change) if tells_an_income(told) else Turned()
    asked = {each.ref: each for each in everything_asked(change.demand)}
    written = []
    for ref, mine in proposed.items():
        if ref not in asked:
            raise Conflict(_("This person is no longer in your demand."))
        if not may_modify(rights, asked[ref], own=own):
            raise NotAllowed(_("You cannot do this with this demand."))
        if mark(as_kept(asked[ref].question, mine.answer)) != mine.seen:
            written.append(write_answer(change, asked[ref], mine, source=MINE))
    events = tell_changes(change, turned.written, source=MINE, tax_years=turned.years)
    return [*events, *tell_changes(change, [each for each in written if each], source=MINE)]


@transaction.atomic
def add_person(
    *, principal: Principal, demand: Demand, page: str, person: PersonData | FlatSharerData
) -> Event:
    """Somebody comes to the household, or to share the home; `page` is the list that asks of her.

    For the applicant alone, since civil status comes with it. A co-applicant is told once, then
    the others. Incomes that come with her are of the years that count today, and move the others
    to those years. ValidationError for somebody who is there already, or when the list is full;
    else as `modify`.
    """
    change = _begin_people(principal, demand, page)
    turned = count_from_today(change) if _brings_an_income(person) else Turned()
    before = names_on(change.demand, page)
    comes = named(person.first_names, _last_name(person), person.birth_date)  # type: ignore[arg-type]
    if comes in before:
        raise ValidationError({"birth_name": _("This person is already in your demand.")})
    if len(before) >= MAX_PEOPLE or (page == CO_APPLICANT and before):
        raise ValidationError(_("The list is full: a counter can help you."))
    if not is_storable(person):
        raise ValidationError(_("An answer contains characters that cannot be kept."))
    if isinstance(person, FlatSharerData):
        last = change.demand.flat_sharers.aggregate(last=Max("position"))["last"] or 0
        row = FlatSharer(demand=change.demand, position=last + 1, **vars(person))
        row.full_clean(exclude=["demand"])
        row.save(force_insert=True)
    else:
        same = change.demand.persons.filter(role=ROLES[page])
        last = same.aggregate(last=Max("position"))["last"] or 0
        save_person(change.demand, person, last + 1)
    tell_changes(change, turned.written, source=MINE, tax_years=turned.years)
    return _tell(change, page, before)


@transaction.atomic
def remove_person(*, principal: Principal, demand: Demand, page: str, key: int) -> Event | None:
    """Somebody leaves the household, or shares the home no more; None when she has left already.

    A co-applicant leaves at a counter, where a separation keeps the seniority of both: NotAllowed.
    """
    if page in (CO_APPLICANT, OTHERS):
        raise NotAllowed(_("A co-applicant leaves the demand at a counter."))
    change = _begin_people(principal, demand, page)
    before = names_on(change.demand, page)
    if page == SHARERS:
        change.demand.flat_sharers.filter(pk=key).delete()
    else:
        Document.objects.filter(demand=change.demand, person=key).update(person=None)
        change.demand.persons.filter(pk=key, role=ROLES[page]).delete()
    return _tell(change, page, before) if names_on(change.demand, page) != before else None


def _begin(principal: Principal, demand: Demand, action: Action) -> tuple[Change, FieldRights]:
    if principal.kind is not PrincipalKind.APPLICANT:
        raise NotAllowed(_("You cannot do this with this demand."))
    change = begin_change(principal=principal, demand=demand, action=action)
    check_is_live(change)
    return change, access.fields(principal, change.demand)


def _begin_people(principal: Principal, demand: Demand, page: str) -> Change:
    change, rights = _begin(principal, demand, Action.EDIT)
    if not may_write(rights, AskedTogether(list_asked_on(page), change.demand)):
        raise NotAllowed(_("You cannot do this with this demand."))
    return change


def _brings_an_income(person: PersonData | FlatSharerData) -> bool:
    return any(getattr(person, name, None) is not None for name in TAX_INCOMES)


def _tell(change: Change, page: str, before: list[str]) -> Event:
    written = Written(list_asked_on(page), before, names_on(change.demand, page))
    [event] = tell_changes(change, [written], source=MINE)
    return event


def _last_name(person: PersonData | FlatSharerData) -> str:
    return getattr(person, "used_name", "") or person.birth_name
