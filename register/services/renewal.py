"""Renews a demand: same number, same seniority, one more year (CCH R441-2-7)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from register import clock, deadlines
from register.access import Action
from register.codes import PersonRole
from register.deadlines import DelayInForce
from register.models import (
    Demand,
    DemandState,
    EffectKind,
    Event,
    EventKind,
    Merge,
    Person,
    RenewalNotice,
)
from register.one_time_codes import WRONG_CODES_ALONE
from register.principals import SYSTEM, Principal, PrincipalKind, applicant_principal
from register.renewal_codes import is_code_of, of_same_end
from register.services.changes import begin_change
from register.services.decisions import record_delay
from register.services.facts import Touched
from register.services.outbox import enqueue
from register.templatetags.shell import number_spaced


@transaction.atomic
def renew_demand(
    *, principal: Principal, demand: Demand, expected_version: int | None = None
) -> Event:
    """Extend validity to one year from today; the first date and the number are kept.

    Whoever renewed it, the applicant receives the new certificate. Raises NotAllowed without the
    right, TransitionRefused when the demand is no longer live, Conflict when it changed meanwhile.
    """
    # The register renews for somebody without an account who typed the code that she received.
    is_system = principal.kind is PrincipalKind.SYSTEM
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.RECORD_ACT if is_system else Action.RENEW,
        expected_version=expected_version,
    )
    current = change.demand
    delay = extend(current)
    event = change.commit(EventKind.RENEWED, moved="renew", touched=Touched.LIFE)
    record_delay(
        demand=current, delay=delay, start=clock.today(), end=current.expires_on, event=event
    )
    enqueue(
        kind=EffectKind.REGISTRATION_EMAIL,
        key=f"renewed:{event.pk}",
        demand=current,
        payload={"event": event.pk},
    )
    return event


class WrongCode(ValidationError):
    """The code typed is not that of the announcement, or there is no announcement."""

    def __init__(self) -> None:
        super().__init__(_("This is not the code of the message: type its eight digits."))


class BirthDateNeeded(ValidationError):
    """The right code of an announcement whose code was typed wrong too often to be believed alone.

    Only who typed the right one reads it: nobody else learns that the number was announced.
    """

    def __init__(self) -> None:
        super().__init__(_("This code was typed wrong too often: write your date of birth too."))


def renew_by_code(*, notice: RenewalNotice, typed: str, birth_date: date | None = None) -> Demand:
    """Renew the demand of an announcement for whoever types the code that it carried.

    The code of the first notice renews after its reminder too, and the reverse. Once renewed,
    typing it again changes nothing and gives the same answer. WrongCode for any other, always in
    the same words: nobody learns which numbers were announced. After ten wrong ones, whoever typed
    them, the code renews with the applicant's date of birth: BirthDateNeeded without, WrongCode
    with another; an association has none, and goes on with its code. ValidationError when the end
    that was announced is no more.
    """
    if not is_code_of(notice, typed):
        raise _wrong(notice)
    if _typed_wrong(notice) >= WRONG_CODES_ALONE:
        _check_birth_date(notice, birth_date)
    with transaction.atomic():
        demand = Demand.objects.select_related("account").get(pk=notice.demand_id)
        if demand.state == DemandState.MERGED:
            goes_on = Merge.objects.select_related("kept").get(other=demand, undone_at=None).kept
            raise ValidationError(
                _("This demand goes on under the number %(number)s: renew that one in your space.")
                % {"number": number_spaced(goes_on.number)}
            )
        if not demand.is_live or demand.expires_on < notice.expires_on:
            raise ValidationError(
                _("This demand is no longer valid: a counter can tell you whether it can resume.")
            )
        if demand.expires_on == notice.expires_on:
            account = demand.account
            renew_demand(
                principal=applicant_principal(account) if account else SYSTEM,
                demand=demand,
                expected_version=demand.version,
            )
            demand.refresh_from_db()
    return demand


def _wrong(notice: RenewalNotice) -> WrongCode:
    RenewalNotice.objects.filter(pk=notice.pk, wrong_codes__lt=WRONG_CODES_ALONE).update(
        wrong_codes=F("wrong_codes") + 1
    )
    return WrongCode()


def _typed_wrong(notice: RenewalNotice) -> int:
    """How often, with any announcement of this end: a reminder gives a guesser no more tries."""
    count: int = of_same_end(notice).aggregate(total=Sum("wrong_codes"))["total"] or 0
    return count


def _check_birth_date(notice: RenewalNotice, birth_date: date | None) -> None:
    applicant = Person.objects.filter(demand=notice.demand_id, role=PersonRole.APPLICANT).first()
    if applicant is None:
        return
    if birth_date is None:
        raise BirthDateNeeded
    if birth_date != applicant.birth_date:
        raise WrongCode


def extend(demand: Demand) -> DelayInForce:
    """Put the dates of a renewal of today in a demand, whose act saves it; by which delay."""
    today = clock.today()
    delay = deadlines.find("validity", demand.department_id)
    demand.last_renewed_on = today
    demand.expires_on = deadlines.add(today, delay.deadline)
    return delay
