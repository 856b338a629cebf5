"""Requests to correct, as the applicant reads them in her story and among what she has to do."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.space.steps import Step, Told
from portal.space.words import label_of
from register.access import Action
from register.models import ChangeSource, CorrectedPart, Correction, CorrectionOutcome, Demand
from register.selectors.step_reasons import question_words


def asked(told: Told) -> Step:
    """An organisation asked, or the applicant did."""
    part = _subject(told)
    if not told.by_organisation:
        sentence = _("On %(day)s, you asked for a correction: %(part)s.")
        step = Step(told.fill(sentence, part=part), "pencil", quote=told.event.text)
        return step.then(_("The counter that registered your demand answers, with its reasons."))
    sentence = _("On %(day)s, %(who)s asked you to correct your declaration: %(part)s.")
    step = Step(told.fill(sentence, part=part), "pencil", "warning", quote=told.event.text)
    step.then(
        _("Change what you declared, or say why not: the organisation then ends the request.")
    )
    return _to_request(told, step, _("Answer this request"))


def answered(told: Told) -> Step:
    """The applicant answered, or her helper."""
    part = _subject(told)
    sentence = (
        _("On %(day)s, %(who)s answered a request to correct: %(part)s.")
        if told.helper
        else _("On %(day)s, you answered a request to correct: %(part)s.")
    )
    return Step(told.fill(sentence, part=part), "chat-left-text", quote=told.event.text)


def modified(told: Told) -> Step:
    """An answer of the declaration changed, by her or by somebody else, from a legal source."""
    sentence = (
        _("On %(day)s, %(who)s changed your declaration: %(part)s.")
        if told.by_somebody_else
        else _("On %(day)s, you changed your declaration: %(part)s.")
    )
    step = Step(told.fill(sentence, part=_subject(told)), "pencil", quote=told.event.text)
    if told.by_organisation:
        source = label_of(ChangeSource, told.event.details.get("source", ""))
        step.answers(_("Where this comes from"), source)
    return told.offer(step, "history", _("What it was, and what it is"))


def closed(told: Told) -> Step:
    """The organisation ended the request, with its reasons."""
    part = _subject(told)
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


def _subject(told: Told) -> str:
    """The very question, or the part of the declaration for a helper who does not read it."""
    return question_words(told.event) or label_of(CorrectedPart, told.event.reason)


def _to_request(told: Told, step: Step, text: str) -> Step:
    key = told.event.details.get("correction")
    # The words are withheld from a helper who does not read the part that is meant.
    opens = told.own or (Action.ANSWER in told.may and told.event.text)
    return step.link(address(told.demand, key), text) if opens and key else step
