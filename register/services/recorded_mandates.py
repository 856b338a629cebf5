"""Mandates and guardianships that a counter records from a paper, and how they end (ADR 0029).

A signed mandate is the applicant's (Code civil, art. 1984, 2004); a guardian's power is a judge's
(art. 440): it bears the reference of the judgment and its last day, and she does not end it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock, codes, deadlines
from register.access import Action
from register.errors import NotAllowed, TransitionRefused
from register.models import Demand, Event, EventKind, Mandate, MandateKind, Person
from register.principals import SYSTEM, Principal
from register.selectors.mandates import offered_to, past_their_end
from register.selectors.rounds import strange_clock
from register.services import turn
from register.services.acts import clean_text
from register.services.changes import begin_change
from register.services.facts import Touched
from register.services.mandates import replace_given
from register.services.outbox import tell_applicant
from register.services.paper_form import keep_scans

# One year for what an applicant signs, as online; a guardianship lasts 20 years at most
# (Code civil, art. 442).
MOST_MONTHS = {MandateKind.GIVEN: 12}
MOST_MONTHS_OF_A_JUDGE = 240
BATCH = 500


@dataclass(frozen=True)
class HelperData:
    """Who helps, a person or a body, as the paper names her, and how she is reached."""

    name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    postal_code: str = ""
    city: str = ""


class NotHers(ValidationError):
    """What was typed is not what a helper of this person knows."""

    def __init__(self) -> None:
        super().__init__({"birth_date": _("This is not the date of birth that the demand bears.")})


@transaction.atomic
def record_mandate(
    *,
    principal: Principal,
    demand: Demand,
    kind: str,
    scope: str,
    helper: HelperData,
    reference: str,
    starts_on: date,
    ends_on: date,
    files: Sequence[UUID],
) -> Mandate:
    """Write down a signed mandate or a judgment that somebody shows at a counter, with its scan.

    For whoever may put the demand right: she has seen the paper and who shows it, and it opens the
    file as a code of online access does. With an e-mail address, the holder of that account may
    accept it. A new mandate takes the place of the former of the same name. The applicant is told.
    Raises NotAllowed, TransitionRefused for an association or after a merge, ValidationError by the
    field, UploadRefused for the scan.
    """
    change = begin_change(principal=principal, demand=demand, action=Action.EDIT)
    if principal.organisation is None:
        raise NotAllowed(_("You cannot do this with this demand."))
    if change.demand.is_association:
        raise TransitionRefused(_("An association acts by those who represent it."))
    origin = _kind(kind)
    _check_term(origin, starts_on, ends_on)
    if not reference.strip():
        raise ValidationError({"reference": _("Say which paper: its date, or its reference.")})
    if origin is MandateKind.GIVEN:
        replace_given(change.demand, name=helper.name)
    mandate = Mandate(
        demand=change.demand,
        kind=origin,
        scope=_scope(origin, scope),
        recorded_by=principal.organisation,
        reference=reference.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        **{**vars(helper), "email": helper.email.lower()},
    )
    mandate.full_clean()
    mandate.save(force_insert=True)
    keep_scans(change, codes.DocumentKind.MANDATE, files)
    event = change.commit(
        EventKind.MANDATE_GIVEN,
        details={"mandate": mandate.pk, "until": ends_on.isoformat(), "scope": mandate.scope},
        touched=Touched.LIFE,
    )
    tell_applicant(change.demand, event)
    return mandate


@transaction.atomic
def end_recorded(*, principal: Principal, mandate: Mandate, text: str) -> Event | None:
    """End a mandate at a counter, at once; None when it had ended already.

    `text` says on which proof: the applicant's word or writing for what she signed, a judgment or a
    certificate for a guardianship (ValidationError without it). She is told.
    """
    change = begin_change(
        principal=principal, demand=mandate.demand, action=Action.EDIT, of_merged=True
    )
    words = clean_text(text, required=True)
    held = Mandate.objects.filter(pk=mandate.pk, revoked_at=None, ends_on__gte=clock.today())
    ended = held.update(revoked_at=clock.now())
    if not ended:
        return None
    event = change.commit(
        EventKind.MANDATE_REVOKED,
        text=words,
        details={"mandate": mandate.pk},
        touched=Touched.LIFE,
    )
    tell_applicant(change.demand, event)
    return event


def accept_mandate(*, principal: Principal, mandate: Mandate, birth_date: date) -> Demand:
    """Open the demand to the account for whose confirmed address a counter recorded a mandate.

    The helper says when the applicant was born: an address that was mistyped opens nothing. Raises
    NotHers, NotAllowed when it is not offered to this account any more; the applicant is told.
    """
    if mandate not in offered_to(principal.user):
        raise NotAllowed(_("This mandate is no longer offered."))
    born = Person.objects.filter(demand=mandate.demand_id, role=codes.PersonRole.APPLICANT)
    if not born.filter(birth_date=birth_date).exists():
        raise NotHers
    return _accept(principal, mandate)


@transaction.atomic
def _accept(principal: Principal, mandate: Mandate) -> Demand:
    # The register does it for somebody who has no right on the demand before she accepts.
    change = begin_change(principal=SYSTEM, demand=mandate.demand, action=Action.RECORD_ACT)
    open_still = Mandate.objects.filter(pk=mandate.pk, helper=None, revoked_at=None)
    if change.demand.account_id == getattr(principal.user, "pk", None):
        raise NotAllowed(_("This is your own demand."))
    if not open_still.update(helper=principal.user):
        raise NotAllowed(_("This mandate is no longer offered."))
    event = change.commit(
        EventKind.MANDATE_GIVEN,
        details={"mandate": mandate.pk, "accepted": True},
        touched=Touched.LIFE,
    )
    tell_applicant(change.demand, event)
    return change.demand


def take_turn() -> bool:
    """Tell the end of the mandates whose last day has passed; True when some are left.

    Nothing is told while the clock cannot be believed.
    """
    if strange_clock():
        return False
    is_over = turn.begin()
    due = past_their_end(clock.today()).select_related("demand").order_by("pk")
    for mandate in due[:BATCH]:
        _tell_end(mandate)
        if is_over():
            return True
    return False


@transaction.atomic
def _tell_end(mandate: Mandate) -> None:
    """Once, and to the applicant of a demand that goes on: another end tells it all."""
    change = begin_change(
        principal=SYSTEM, demand=mandate.demand, action=Action.RECORD_ACT, of_merged=True
    )
    due = past_their_end(clock.today()).filter(pk=mandate.pk)
    if not due.update(expiry_told_at=clock.now()) or not change.demand.is_live:
        return
    event = change.commit(
        EventKind.MANDATE_REVOKED,
        details={"mandate": mandate.pk, "until": mandate.ends_on.isoformat()},
        touched=Touched.LIFE,
    )
    tell_applicant(change.demand, event)


def _kind(kind: str) -> MandateKind:
    if kind not in MandateKind.values:
        raise ValidationError({"kind": _("Choose an answer of the list.")})
    return MandateKind(kind)


def _scope(kind: MandateKind, scope: str) -> str:
    """The only one of its kind, else the one that the paper gives."""
    if len(kind.scopes) == 1:
        return kind.scopes[0]
    if scope not in kind.scopes:
        raise ValidationError({"scope": _("This paper cannot give so much, or nothing is chosen.")})
    return scope


def _check_term(kind: MandateKind, starts_on: date, ends_on: date) -> None:
    today = clock.today()
    if starts_on > today:
        raise ValidationError({"starts_on": _("Give a day that has come.")})
    if ends_on < today:
        raise ValidationError({"ends_on": _("This paper is no longer in force.")})
    months = MOST_MONTHS.get(kind, MOST_MONTHS_OF_A_JUDGE)
    from_day = today if kind is MandateKind.GIVEN else starts_on
    if ends_on > deadlines.add_months(from_day, months):
        raise ValidationError(
            {
                "ends_on": _("Choose an end date within one year.")
                if kind is MandateKind.GIVEN
                else _("A guardianship lasts 20 years at most.")
            }
        )
