"""Lets an applicant registered at a counter reach her demand from an online account.

The counter gives a code, printed or by e-mail, which opens nothing by itself: whoever types it is
signed in, and gives the number and the date of birth too (CNIL 2022-100). See ADR 0028.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from register import access, clock, codes
from register.access import Action
from register.account_codes import is_code_of
from register.errors import NotAllowed, TransitionRefused
from register.models import AccountCode, Demand, EffectKind, Event, EventKind, Person
from register.principals import SYSTEM, Principal
from register.selectors.account_codes import CODE, email_given, usable_codes, why_none
from register.selectors.channels import way_to_tell
from register.services.changes import begin_change
from register.services.facts import Touched
from register.services.outbox import enqueue, tell_applicant

VALID_FOR = timedelta(days=30)
# What the column holds, and no more is worth knowing.
MOST_COUNTED = 10_000


class WrongProof(ValidationError):
    """One of the three is wrong, or there is no such demand: nobody learns which."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "These three do not go together. Check each of them: a counter can give you a new"
                " code if this one is older than 30 days."
            )
        )


@transaction.atomic
def give_code(*, principal: Principal, demand: Demand, by_email: bool = False) -> Event:
    """Give the applicant a code, valid for 30 days; the one she had before is worth nothing more.

    `by_email` sends it to the address that she gave at the counter. For whoever may put the demand
    right: she was seen with her identity document; the address takes the right to read the contact
    details besides. Raises NotAllowed without the right,
    TransitionRefused for a demand that has an account already, that of an association, or one that
    a merge has closed; ValidationError without an address to send to.
    """
    change = begin_change(principal=principal, demand=demand, action=Action.EDIT)
    current = change.demand
    if principal.user is None:
        raise NotAllowed(_("You cannot do this with this demand."))
    if refusal := why_none(current):
        raise TransitionRefused(refusal)
    if by_email and not access.fields(principal, current).can_read(access.FieldSet.CONTACT):
        raise NotAllowed(_("You cannot do this with this demand."))
    if by_email and not email_given(current):
        raise ValidationError({"by_email": _("No e-mail address was given with this demand.")})
    current.account_codes.filter(used_at=None).delete()
    now = clock.now()
    code = AccountCode(
        demand=current,
        given_at=now,
        given_by=principal.user,
        expires_on=clock.today() + VALID_FOR,
    )
    code.full_clean()
    code.save(force_insert=True)
    event = change.commit(EventKind.ACCOUNT_OFFERED, touched=Touched.LIFE)
    if by_email:
        enqueue(
            kind=EffectKind.MESSAGE_EMAIL,
            key=f"account-code:{code.pk}",
            demand=current,
            payload={"event": event.pk, CODE: code.pk},
        )
    return event


def link_account(*, principal: Principal, number: str, birth_date: date, typed: str) -> Demand:
    """Give the demand to the account of whoever proves that it is hers; she is told in writing.

    Raises WrongProof in the same words whatever is wrong, ValidationError when this account has a
    live demand of its own in the department (one per applicant, CCH R441-2-3).
    """
    found = _given(number)
    if found is None or not _proves(found, birth_date, typed):
        if found is not None:
            counted = AccountCode.objects.filter(pk=found.pk, wrong_codes__lt=MOST_COUNTED)
            counted.update(wrong_codes=F("wrong_codes") + 1)
        raise WrongProof
    try:
        return _link(principal, found)
    except (NotAllowed, TransitionRefused):
        raise WrongProof from None
    except IntegrityError:
        raise ValidationError(
            _(
                "This account already has a demand in this department. Ask a counter to make one"
                " of both."
            )
        ) from None


def _given(number: str) -> AccountCode | None:
    """The code that somebody may still type for the demand of this number."""
    return usable_codes().filter(demand__number=number, demand__account=None).first()


def _proves(given: AccountCode, birth_date: date, typed: str) -> bool:
    """Both are looked at, whichever is wrong."""
    asking = Person.objects.filter(demand=given.demand_id, role=codes.PersonRole.APPLICANT)
    is_born = asking.filter(birth_date=birth_date).exists()
    return is_code_of(given, typed) and is_born


@transaction.atomic
def _link(principal: Principal, given: AccountCode) -> Demand:
    # The register does it for somebody who has no right on the demand before it is hers.
    change = begin_change(principal=SYSTEM, demand=given.demand, action=Action.RECORD_ACT)
    demand, unused = change.demand, AccountCode.objects.filter(pk=given.pk, used_at=None)
    if demand.account_id is not None or not unused.update(used_at=clock.now()):
        raise TransitionRefused(_("This demand is reached from an account already."))
    # Where she is written to already: somebody who was not her would not go unseen.
    way = way_to_tell(demand, EventKind.ACCOUNT_LINKED)
    demand.account = principal.user
    demand.save(update_fields=["account"])
    event = change.commit(EventKind.ACCOUNT_LINKED)
    tell_applicant(demand, event, way=way)
    return demand
