"""Steps of the story that are about who may act for the applicant."""

from datetime import date

from django.utils.translation import gettext as _

from portal.space.steps import Step, Told
from portal.space.words import day_of, label_of
from register.models import MandateScope


def given(told: Told) -> Step:
    """She chose a helper, a counter recorded one, or the helper accepted."""
    name = told.names.mandates.get(told.event.details.get("mandate", 0), "")
    if told.event.details.get("accepted"):
        sentence = _("On %(day)s, %(name)s began to follow your demand online.")
    elif told.by_organisation:
        sentence = _("On %(day)s, %(who)s wrote down who may act for you: %(name)s.")
    else:
        sentence = _("On %(day)s, you let a person of your choice follow your demand.")
    step = Step(told.fill(sentence, name=name or _("a helper")), "person-plus")
    scope = told.event.details.get("scope", "" if "accepted" in told.event.details else "read")
    if scope:
        step.answers(_("What this person may do"), label_of(MandateScope, scope))
    if until := told.event.details.get("until"):
        step.by_when(_("Until %(day)s.") % {"day": day_of(date.fromisoformat(until))})
    return told.offer(step, "mandates", _("See who helps me"))


def ended(told: Told) -> Step:
    """She ended it, a counter did, or its last day has passed."""
    name = told.names.mandates.get(told.event.details.get("mandate", 0), "")
    if until := told.event.details.get("until"):
        last = day_of(date.fromisoformat(until))
        sentence = _("%(name)s may act for you no more: it was until %(last)s.")
        step = Step(told.fill(sentence, name=name or _("A helper"), last=last), "person-x")
        return told.offer(step, "mandates", _("See who helps me"))
    if told.by_organisation:
        sentence = _("On %(day)s, %(who)s wrote down that %(name)s may act for you no more.")
        words = told.fill(sentence, name=name or _("a helper"))
        return Step(words, "person-x", quote=told.event.text)
    return Step(
        told.fill(_("On %(day)s, you ended the access of a person who helped you.")), "person-x"
    )
