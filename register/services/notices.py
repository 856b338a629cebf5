"""Sends a notice by several ways at once, and says what becomes of it; nothing is lost silently."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from register import clock
from register.codes import InadmissibleReason, StrikeOffReason
from register.models import (
    Delivery,
    Demand,
    EffectKind,
    Event,
    EventKind,
    NoticeKind,
    Outbox,
    RenewalNotice,
)
from register.principals import SYSTEM
from register.selectors.channels import WRITTEN
from register.selectors.mandates import GUARDIAN
from register.selectors.renewals import UNPRINTED, effects_of, never_printed
from register.services.journal import record_event
from register.services.outbox import enqueue, tell_guardians
from register.services.safe_telling import hand_over, tell_safely

# Ends that the applicant may not know of: nobody signs a lease or gives a demand up unaware.
_UNAWARE = (
    StrikeOffReason.NOT_RENEWED,
    StrikeOffReason.UNREACHABLE,
    *InadmissibleReason.values,
)
_NAMES = {EffectKind.MESSAGE_EMAIL: "email", EffectKind.LETTER: "post", EffectKind.SMS: "sms"}


def send_by(
    ways: Collection[EffectKind],
    demand: Demand,
    event: Event,
    *,
    key: str,
    letter: str,
    **told: Any,
) -> None:
    """Ask for the same text by each way, once for the same key; guardians get it by post.

    A body tells what nothing written may tell to somebody in danger; an announcement has the call
    list for that.
    """
    payload = {"event": event.pk, "letter": letter, "organisation": demand.registered_by_id, **told}
    for way in ways:
        enqueue(kind=way, key=f"{key}{_NAMES[way]}", demand=demand, payload=payload)
    tell_guardians(demand, key, payload)
    if demand.is_sealed and "notice" not in told and not WRITTEN & set(ways):
        tell_safely(demand, event)


@transaction.atomic
def record_delivery(effect: Outbox, delivery: Delivery) -> None:
    """Keep what was learnt of a notice after it left: delivered, printed, or back again."""
    Outbox.objects.filter(pk=effect.pk).update(delivery=delivery, delivery_at=clock.now())
    if delivery == Delivery.BOUNCED:
        put_on_call_list(effect)


def learn(effect: Outbox, delivery: Delivery) -> None:
    """Keep what a mail server says, once: what came back is not told as delivered afterwards."""
    current = Outbox.objects.filter(pk=effect.pk).values_list("delivery", flat=True).first()
    if current not in (delivery, Delivery.BOUNCED):
        record_delivery(effect, delivery)


@transaction.atomic
def put_on_call_list(effect: Outbox) -> None:
    """Nothing of a renewal's announcement, or of a striking off, arrived: the counter must call.

    Only once no e-mail and no letter of it stands: a text message proves nothing (R441-2-7). What
    else did not arrive at somebody in danger is told by a body.
    """
    hand_over(effect)
    notices = RenewalNotice.objects.select_for_update()
    notice = notices.filter(pk=effect.payload.get("notice"), demand=effect.demand_id).first()
    if notice is None:
        _call_about_the_end(effect)
    elif notice.to_call_at is None and not _stands(notice):
        to_call(notice)


def _call_about_the_end(effect: Outbox) -> None:
    """A demand may still be resumed for months: whoever lost it without knowing is called."""
    ended = Event.objects.filter(
        pk=effect.payload.get("event"),
        demand=effect.demand_id,
        kind=EventKind.STRUCK_OFF,
        reason__in=_UNAWARE,
    ).first()
    if ended is None:
        return
    sent = Outbox.objects.filter(demand=effect.demand_id, payload__event=ended.pk)
    sent = sent.exclude(payload__has_key=GUARDIAN)
    demand = Demand.objects.select_for_update(no_key=True).get(pk=effect.demand_id)
    day = timezone.localdate(ended.at)
    # Of a sealed file, a body tells it already.
    is_over = demand.is_live or demand.is_sealed or demand.struck_off_on != day
    of_this_end: dict[str, Any] = {"kind": NoticeKind.STRUCK_OFF, "expires_on": demand.expires_on}
    told = demand.renewal_notices.filter(announced_on=day, **of_this_end)
    if is_over or told.exists() or _arrived(sent).exists():
        return
    anew: dict[str, Any] = {"announced_on": day, "called_at": None, "called_by": None}
    notice, _created = RenewalNotice.objects.update_or_create(
        demand=demand, **of_this_end, defaults={**anew, "call_outcome": ""}
    )
    to_call(notice)


def call_instead_of_letters() -> None:
    """Put on the call list those whose letter nobody printed before the end that it announces."""
    for letter in never_printed(clock.today()):
        put_on_call_list(letter)


def to_call(notice: RenewalNotice) -> None:
    """Put an announcement on the call list of the counter, and write why in the file."""
    notice.to_call_at = clock.now()
    notice.save(update_fields=["to_call_at"])
    record_event(
        principal=SYSTEM,
        demand=notice.demand,
        kind=EventKind.NOTICE_FAILED,
        details={"notice": notice.pk},
        is_public=False,
    )


def _stands(notice: RenewalNotice) -> bool:
    """True while an e-mail or a letter of the announcement is on its way, or has arrived.

    A letter that nobody has printed when the end comes is no longer on its way.
    """
    found = _arrived(Outbox.objects.filter(key__startswith=effects_of(notice)))
    if notice.expires_on <= clock.today():
        found = found.exclude(UNPRINTED)
    return found.exists()


def _arrived(sent: QuerySet[Outbox]) -> QuerySet[Outbox]:
    """Of some sendings, the e-mails and letters on their way or arrived, as far as one knows."""
    lost = sent.filter(done_at__isnull=False).exclude(last_error="") | sent.filter(
        delivery=Delivery.BOUNCED
    )
    return sent.exclude(kind=EffectKind.SMS).exclude(pk__in=lost.values("pk"))
