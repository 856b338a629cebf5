"""What became of each notice: by which way, and waiting, sent, arrived or come back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from register.letters.former import is_to_former
from register.models import NOTICES, Delivery, EffectKind, Event, EventKind, Outbox


class Stage(StrEnum):
    """How far a notice came."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    PRINTED = "printed"
    BOUNCED = "bounced"
    NEEDLESS = "needless"
    FAILED = "failed"


STAGES: Mapping[Stage, str | Promise] = {
    Stage.PENDING: pgettext_lazy("notice", "waits to be sent"),
    Stage.SENT: pgettext_lazy("notice", "sent"),
    Stage.DELIVERED: Delivery.DELIVERED.label,
    Stage.PRINTED: Delivery.PRINTED.label,
    Stage.BOUNCED: Delivery.BOUNCED.label,
    Stage.NEEDLESS: Delivery.NEEDLESS.label,
    Stage.FAILED: pgettext_lazy("notice", "could not be sent"),
}
WAYS: Mapping[str, str | Promise] = {
    EffectKind.REGISTRATION_EMAIL: _("E-mail"),
    EffectKind.MESSAGE_EMAIL: _("E-mail"),
    EffectKind.LETTER: _("Letter"),
    EffectKind.SMS: _("Text message"),
}


@dataclass(frozen=True)
class Sending:
    """One notice on its way: how, how far it came, and since when."""

    effect_id: int
    way: str
    stage: Stage
    words: str
    at: datetime
    # To whoever gave the demand over: how she was told is not the heir's to know.
    is_to_former: bool = False

    @property
    def is_lost(self) -> bool:
        """True for what did not arrive."""
        return self.stage in (Stage.BOUNCED, Stage.FAILED)


def sendings_of(events: Sequence[Event]) -> Mapping[int, list[Sending]]:
    """The notices of a demand by the step that each tells, of which these are the demand's.

    The first certificate tells the registration.
    """
    found: dict[int, list[Sending]] = defaultdict(list)
    if not events:
        return found
    registered = next((event.pk for event in events if event.kind == EventKind.SUBMITTED), None)
    notices = Outbox.objects.filter(demand=events[0].demand_id, kind__in=NOTICES)
    for effect in notices.order_by("pk"):
        step = effect.payload.get("event")
        if step is None and effect.key.startswith("registration:"):
            step = registered
        if step is not None:
            found[step].append(_sending(effect))
    return found


def effect_numbered(key: int) -> Outbox | None:
    """The effect of that number; for programs only, which read its demand for nobody."""
    return Outbox.objects.filter(pk=key).first()


def stage_of(effect: Outbox) -> Stage:
    """How far a notice came; a letter is sent once it is printed and posted."""
    if effect.delivery:
        return Stage(effect.delivery)
    if effect.done_at is None:
        return Stage.PENDING
    if effect.last_error:
        return Stage.FAILED
    return Stage.PENDING if effect.kind == EffectKind.LETTER else Stage.SENT


def _sending(effect: Outbox) -> Sending:
    stage = stage_of(effect)
    at = effect.delivery_at or effect.done_at or effect.created_at
    way, to_former = str(WAYS[effect.kind]), is_to_former(effect)
    if to_former:
        way = gettext("%(way)s to the former applicant or her guardian") % {"way": way}
    return Sending(effect.pk, way, stage, str(STAGES[stage]), at, to_former)
