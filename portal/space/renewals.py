"""Steps of the yearly renewal, and how each step was told."""

from datetime import date

from django.utils.translation import gettext as _

from portal.space.steps import Step, Told
from portal.space.words import day_of
from register.selectors.deliveries import Sending


def announced(told: Told) -> Step:
    """Told in time that the end is near."""
    written = told.event.details.get("expires_on")
    until = date.fromisoformat(written) if written else told.demand.expires_on
    step = Step(
        told.fill(
            _("On %(day)s, you were told that your demand has to be renewed by %(end)s."),
            end=day_of(until),
        ),
        "envelope",
        "warning",
    )
    step.then(_("Renew it: you keep your number and your waiting time."))
    return told.offer(step, "renewal", _("Renew my demand"))


def reminded(told: Told) -> Step:
    """Told that it is over, and that the striking off comes."""
    step = Step(
        told.fill(_("On %(day)s, you were reminded that your demand is no longer valid.")),
        "envelope",
        "danger",
    )
    step.then(_("Without renewal, it is struck off on the day that the message says."))
    return told.offer(step, "renewal", _("Renew my demand"))


def sent_words(sending: Sending) -> str:
    """One way of telling, and how far it came."""
    return _("%(way)s: %(stage)s on %(day)s") % {
        "way": sending.way,
        "stage": sending.words,
        "day": day_of(sending.at),
    }
