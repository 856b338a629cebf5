"""The calendar's round: what delays bring about by themselves, and what stops it.

A round that would touch many files at once, or that runs at a strange hour, does nothing and waits
for a person: a wrong clock or a wrong rule must not end demands by the hundred (R22).
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from register import clock
from register.errors import Conflict, NotAllowed
from register.models import Held, Round, RoundStep
from register.principals import Principal
from register.selectors.renewals import Candidate
from register.selectors.rounds import FINDERS, limits, strange_clock
from register.services import erasure, renewal_notices
from register.services.notices import call_instead_of_letters
from register.services.rounds import confirmed, open_round
from register.text import without_unstorable

logger = logging.getLogger(__name__)

ACTS: Mapping[RoundStep, Callable[[Candidate], Any]] = {
    RoundStep.ANNOUNCE: renewal_notices.announce,
    RoundStep.REMIND: renewal_notices.remind,
    RoundStep.STRIKE_OFF: renewal_notices.strike_off_lapsed,
    RoundStep.UNANSWERED: renewal_notices.strike_off_unanswered,
    RoundStep.ERASE: erasure.erase,
}


def keep_calendar() -> list[Round]:
    """Take every step for today; running again goes on where it stopped, and repeats nothing.

    Whoever no printed letter has told is to be called first, and is not struck off.
    """
    if not strange_clock():
        call_instead_of_letters()
    return [_take(step) for step in FINDERS]


def resume_allowed() -> list[Round]:
    """Go on with the rounds of today that the manager allowed since they were held."""
    return [_take(RoundStep(each.step)) for each in confirmed().filter(step__in=FINDERS)]


@transaction.atomic
def allow(*, principal: Principal, round_id: int, because: str) -> Round:
    """Let a held round of today go on, once, for at most the files that it had found.

    The manager's alone. ValidationError without a reason, or when it is no longer held today.
    """
    if not principal.is_manager or principal.observer is not None:
        raise NotAllowed("")
    held = Round.objects.select_for_update().filter(pk=round_id, day=clock.today()).first()
    if held is None or not held.held or held.allowed is not None:
        raise ValidationError("held")
    held.allowed, held.allowed_by, held.allowed_at = held.found, principal.user, clock.now()
    held.allowed_because = without_unstorable(because).strip()
    held.full_clean()
    held.save()
    return held


def _take(name: RoundStep) -> Round:
    waiting = FINDERS[name](clock.today())
    current = open_round(name, len(waiting), _too_many)
    if current.held and current.allowed is None:
        logger.warning("calendar: %s held, %s files found", name, current.found)
        return current
    if current.allowed is not None:
        waiting = waiting[: max(current.allowed - current.done, 0)]
    for candidate in waiting:
        _act(ACTS[name], candidate, current)
    current.refresh_from_db()
    return current


def _too_many(current: Round) -> str:
    most_files, most_share = limits(current.day)
    if current.found > most_files:
        return Held.FILES
    return Held.SHARE if current.found * 100 > most_share * current.live else ""


def _act(act: Callable[[Candidate], Any], candidate: Candidate, current: Round) -> None:
    """One file, whole or not at all; what stops one stops no other, and is tried again tomorrow."""
    try:
        with transaction.atomic():
            act(candidate)
            Round.objects.filter(pk=current.pk).update(done=F("done") + 1)
    except Conflict:
        logger.info("calendar: demand %s changed meanwhile", candidate.demand_id)
    except Exception:
        logger.exception("calendar: %s failed on demand %s", current.step, candidate.demand_id)
