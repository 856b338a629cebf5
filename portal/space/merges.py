"""Two demands made one, and two again: told to whoever asked for a home."""

from datetime import date

from django.utils.translation import gettext as _

from portal.space.steps import Step, Told
from portal.space.words import day_of
from register.access import FieldSet
from register.selectors.merges import lost_by
from register.selectors.not_kept import titles
from register.selectors.step_reasons import carried_words


def merged(told: Told) -> Step:
    """The demand is closed, and goes on under another number."""
    step = Step(
        told.fill(_("On %(day)s, %(who)s merged this demand into another one of yours.")),
        "people",
        "info",
    )
    then = _("The other demand goes on, with the oldest of the two dates.")
    if lost := _not_kept(told):
        also = _(
            "It does not keep what this one alone said: %(what)s. You can tell it again there."
        )
        then = f"{then} {also % {'what': lost}}"
    return _made_one(step, told, then)


def joined(told: Told) -> Step:
    """This demand goes on for both."""
    step = Step(
        told.fill(_("On %(day)s, %(who)s merged another demand of yours into this one.")),
        "people",
        "success",
    )
    then = _("Your waiting time is the longer of the two.")
    if lost := _not_kept(told):
        also = _(
            "This demand keeps its own answers. The other one said something else, which was not"
            " kept: %(what)s. Check them, and correct what is wrong."
        )
        then = f"{then} {also % {'what': lost}}"
    elif lost is not None:
        then = _("Your waiting time is the longer of the two. You have nothing to do.")
    return _made_one(step, told, then)


def taken_over(told: Told) -> Step | None:
    """The identity document was checked for the demand merged with this one; None otherwise."""
    if "merge" not in told.event.details:
        return None
    sentence = _(
        "On %(day)s, the check of your identity document was taken over from your other demand."
    )
    return Step(told.fill(sentence), "check-lg", "success").why(carried_words(told.event))


def parted(told: Told) -> Step:
    """The merge was a mistake."""
    step = Step(
        told.fill(_("On %(day)s, %(who)s separated two demands that had been merged by mistake.")),
        "arrow-counterclockwise",
        "info",
    )
    return step.then(_("Each demand has its number and its date again."))


def _not_kept(told: Told) -> str | None:
    """The titles of what the merge left aside; None when nobody knows any more.

    Disability is not named: helpers read this too.
    """
    keys = lost_by(told.event.details.get("merge"))
    return None if keys is None else "; ".join(titles(keys, frozenset({FieldSet.HEALTH})))


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
