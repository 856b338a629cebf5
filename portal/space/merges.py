"""Two demands made one, and two again: told to whoever asked for a home."""

from datetime import date

from django.utils.translation import gettext as _

from portal.space.steps import Step, Told
from portal.space.words import day_of


def merged(told: Told) -> Step:
    """The demand is closed, and goes on under another number."""
    step = Step(
        told.fill(_("On %(day)s, %(who)s merged this demand into another one of yours.")),
        "people",
        "info",
    )
    return _made_one(step, told, _("The other demand goes on, with the oldest of the two dates."))


def joined(told: Told) -> Step:
    """This demand goes on for both."""
    step = Step(
        told.fill(_("On %(day)s, %(who)s merged another demand of yours into this one.")),
        "people",
        "success",
    )
    then = _("Your waiting time is the longer of the two. You have nothing to do.")
    return _made_one(step, told, then)


def parted(told: Told) -> Step:
    """The merge was a mistake."""
    step = Step(
        told.fill(_("On %(day)s, %(who)s separated two demands that had been merged by mistake.")),
        "arrow-counterclockwise",
        "info",
    )
    return step.then(_("Each demand has its number and its date again."))


def _made_one(step: Step, told: Told, then: str) -> Step:
    """Why, what comes next, and until when the applicant may say that it is a mistake."""
    step.why(_("A person can have only one demand in a department."))
    step.then(then)
    until = told.event.details.get("until")
    if until is None:
        return step
    return step.recourse(
        _(
            "If one of these demands is not yours, tell any counter or write to us: they can be "
            "separated until %(day)s."
        )
        % {"day": day_of(date.fromisoformat(until))}
    )
