"""Requests to correct, as the applicant reads them in her story and among what she has to do."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.space.steps import Step, Told
from portal.space.words import label_of
from register.models import CorrectedPart, Correction, CorrectionOutcome, Demand


def asked(told: Told) -> Step:
    """An organisation asked, or the applicant did."""
    part = label_of(CorrectedPart, told.event.reason)
    if not told.by_organisation:
        sentence = _("On %(day)s, you asked for a correction: %(part)s.")
        step = Step(told.fill(sentence, part=part), "pencil", quote=told.event.text)
        return step.then(_("The counter that registered your demand answers, with its reasons."))
    sentence = _("On %(day)s, %(who)s asked you to correct your declaration: %(part)s.")
    step = Step(told.fill(sentence, part=part), "pencil", "warning", quote=told.event.text)
    step.then(_("Answer in your own words: the organisation reads them, then closes the request."))
    return _to_request(told, step, _("Answer this request"))


def answered(told: Told) -> Step:
    """The applicant answered."""
    part = label_of(CorrectedPart, told.event.reason)
    sentence = _("On %(day)s, you answered a request to correct: %(part)s.")
    return Step(told.fill(sentence, part=part), "chat-left-text", quote=told.event.text)


def closed(told: Told) -> Step:
    """The organisation ended the request, with its reasons."""
    part = label_of(CorrectedPart, told.event.reason)
    outcome = label_of(CorrectionOutcome, told.event.details.get("outcome", ""))
    step = Step(
        told.fill(_("On %(day)s, %(who)s closed a request to correct: %(part)s."), part=part),
        "check-circle",
        "success",
        quote=told.event.text,
    )
    step.why(outcome)
    return step.recourse(
        _("Write to the organisation or its data-protection officer. You may also ask the CNIL.")
    )


def words_of(correction: Correction) -> str:
    """Where a request stands: open, answered or closed."""
    if correction.closed_at:
        return str(correction.get_outcome_display())
    return _("Answered") if correction.answered_at else _("Open")


def address(demand: Demand, correction: int) -> str:
    """The page of one request: it opens the part that is meant, and nothing else."""
    return reverse("space:correction", args=[demand.number, correction])


def _to_request(told: Told, step: Step, text: str) -> Step:
    key = told.event.details.get("correction")
    return step.link(address(told.demand, key), text) if told.own and key else step
