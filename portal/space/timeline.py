"""A demand's events told to its applicant: who, why, what next, by when, and the recourse."""

from collections.abc import Callable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.space import account, consents, corrections, helpers, merges, papers, renewals
from portal.space.household import (
    death_taken_back,
    department_changed,
    separated,
    transferred,
)
from portal.space.renewals import sent_words
from portal.space.steps import Step, Told
from portal.space.words import day_of, home, in_commune, label_of
from register import codes, deadlines
from register.access import Action
from register.letters import texts
from register.models import Demand, Event, EventKind
from register.papers import kind_of
from register.selectors.space import Names
from register.selectors.strike_off_warnings import letter_words, warned_by
from register.templatetags.shell import number_spaced


def tell(
    events: list[Event],
    demand: Demand,
    names: Names,
    *,
    own: bool,
    may: frozenset[Action] = frozenset(),
) -> list[Step]:
    """The steps in the order of the events, the latest first.

    `own` is False for a helper, and `may` is what she may do.
    """
    steps = []
    for place, event in enumerate(events):
        teller = TELLERS.get(event.kind)
        if teller is None:
            continue
        step = teller(Told(event, demand, names, own, may))
        if not step.when:  # the day it was told would be that of the step
            step.sent(", ".join(map(sent_words, names.sendings.get(event.pk, ()))))
        step.at = event.at
        if any(_settles(later, event) for later in events[:place]):
            step.settle()
        steps.append(step)
    return steps


SETTLED_BY: dict[str, frozenset[str]] = {
    EventKind.SUBMITTED: frozenset({EventKind.IDENTITY_VERIFIED}),
    EventKind.TRANSFERRED: frozenset({EventKind.IDENTITY_VERIFIED}),
    EventKind.DOCUMENT_REFUSED: frozenset({EventKind.DOCUMENT_ADDED}),
    EventKind.PIECE_REQUESTED: frozenset({EventKind.DOCUMENT_ADDED}),
    EventKind.MERGED: frozenset({EventKind.PARTED}),
    EventKind.JOINED: frozenset({EventKind.PARTED}),
    EventKind.RENEWAL_ANNOUNCED: frozenset({EventKind.RENEWED}),
    EventKind.RENEWAL_REMINDED: frozenset({EventKind.RENEWED}),
    EventKind.CANDIDATE_PROPOSED: frozenset(
        {EventKind.CANDIDATE_REFUSED, EventKind.OFFER_DECLINED}
    ),
}


def _settles(later: Event, event: Event) -> bool:
    """True if `later` is what `event` announced; an end, or another applicant, settles all."""
    if later.kind in (EventKind.STRUCK_OFF, EventKind.MERGED, EventKind.TRANSFERRED):
        return True
    if later.kind not in SETTLED_BY.get(event.kind, ()):
        return False
    if event.kind == EventKind.PIECE_REQUESTED:
        named = later.details.get("paper", event.reason)
        return named == event.reason and later.reason == kind_of(event.reason)
    return later.kind != EventKind.DOCUMENT_ADDED or later.reason == event.reason


def _submitted(told: Told) -> Step:
    step = Step(
        told.fill(
            _("On %(day)s, your demand was registered under the number %(number)s."),
            number=number_spaced(told.demand.number),
        ),
        "flag",
        "success",
    )
    if told.event.reason == codes.DemandOrigin.SEPARATION:
        step.why(
            _("Your couple separated: your waiting time still runs from %(day)s.")
            % {"day": day_of(told.demand.received_on)}
        )
    if not told.demand.is_association:
        step.then(
            _("A counter checks your identity document. You have nothing to do while you wait.")
        )
    return told.offer(step, "attestation", _("Download the certificate of registration"))


def _identity_verified(told: Told) -> Step:
    sentence = _("On %(day)s, %(who)s checked your identity document: everything is in order.")
    step = merges.taken_over(told) or Step(told.fill(sentence), "check-lg", "success")
    return step.then(
        _(
            "Your demand is active: the social landlords of the department "
            "can propose you for a home."
        )
    )


def _contacted(told: Told) -> Step:
    how = {
        codes.ContactChannel.PHONE: _("On %(day)s, %(who)s spoke with you by telephone."),
        codes.ContactChannel.COUNTER: _("On %(day)s, %(who)s received you at the counter."),
        codes.ContactChannel.LETTER: _("On %(day)s, %(who)s sent you a letter."),
        codes.ContactChannel.EMAIL: _("On %(day)s, %(who)s wrote to you by e-mail."),
    }
    sentence = how.get(told.event.reason, _("On %(day)s, %(who)s was in touch with you."))
    return Step(told.fill(sentence), "telephone", quote=told.event.text)


def _message_sent(told: Told) -> Step:
    sentence = (
        _("On %(day)s, %(who)s wrote to you.")
        if told.by_organisation
        else _("On %(day)s, you wrote to the organisations that follow your demand.")
    )
    step = Step(told.fill(sentence), "chat-left-text")
    return step.link(told.page("messages"), _("Read the messages"))


def _residence(name: str) -> str:
    return _("Residence: %(name)s") % {"name": name} if name else ""


def _candidate_proposed(told: Told) -> Step:
    details = told.event.details
    commune = told.names.communes.get(details.get("commune", ""), "")
    words = {"home": home(details.get("home_type", "")), "place": in_commune(commune)}
    step = Step(
        told.fill(
            _("On %(day)s, %(who)s proposed you as a candidate for %(home)s %(place)s."), **words
        ),
        "house-door",
        "success",
        quote=_residence(details.get("residence", "")),
    )
    step.then(
        _(
            "The landlord’s allocation commission compares several candidates and decides. "
            "You will read its decision and its reason here."
        )
    )
    return step.by_when(
        _("The law sets no date for the commission. The landlord can tell you when it meets.")
    )


def _candidate_refused(told: Told) -> Step:
    step = Step(
        told.fill(_("On %(day)s, the commission of %(who)s did not allocate the home to you.")),
        "house",
        "danger",
        quote=told.event.text,
    )
    step.why(label_of(codes.RefusalReason, told.event.reason))
    step.then(
        _(
            "Your demand stays active and keeps its registration date. "
            "You can be proposed for another home at any time."
        )
    )
    return step.recourse(_appeal(told))


def _offer_declined(told: Told) -> Step:
    step = Step(
        told.fill(_("On %(day)s, %(who)s recorded that you did not take the home offered.")),
        "house",
        "warning",
        quote=told.event.text,
    )
    step.why(label_of(codes.DeclineReason, told.event.reason))
    return step.then(
        _(
            "Your demand stays active and keeps its registration date. If this is a mistake, write "
            "to the organisation that recorded it."
        )
    )


def _renewed(told: Told) -> Step:
    sentence = (
        _("On %(day)s, %(who)s renewed your demand for one year.")
        if told.helper
        else _("On %(day)s, your demand was renewed for one year.")
    )
    return Step(told.fill(sentence), "arrow-repeat", "success").then(
        _("Your registration date and your number do not change.")
    )


def _warned(told: Told) -> Step:
    step = Step(
        told.fill(_("On %(day)s, %(who)s warned you that your demand may be ended.")),
        "exclamation-triangle-fill",
        "warning",
        quote=told.event.text,
    )
    if told.event.reason:
        step.why(codes.ending_words(told.event.reason))
        step.sent(letter_words(told.event))
        step.by_when(
            _("You can answer until %(day)s.")
            % {"day": day_of(warned_by(told.event, told.demand).last_day)}
        )
    step.then(_("Answer as soon as you can: your demand goes on as long as it is not ended."))
    return step.link(told.page("messages"), _("Write to the organisation"))


def _struck_off(told: Told) -> Step:
    if told.event.reason == codes.StrikeOffReason.RENOUNCED and not told.event.organisation:
        return _given_up(told)
    step = Step(
        told.fill(_("On %(day)s, %(who)s ended your demand.")),
        "slash-circle",
        "danger",
        quote=told.event.text,
    )
    step.why(codes.ending_words(told.event.reason or told.demand.strike_off_reason))
    step.then(
        _(
            "Your data is erased on %(day)s. "
            "A counter can tell you whether your demand can be resumed."
        )
        % {"day": day_of(_erased_on(told))}
    )
    return step.recourse(_appeal(told))


def _given_up(told: Told) -> Step:
    """From her space, by herself or by who represents her: nobody explains it, nothing resumes."""
    sentence = _("On %(day)s, you gave up your demand.")
    if told.helper:
        sentence = _("On %(day)s, %(who)s gave up your demand.")
    step = Step(told.fill(sentence), "slash-circle", "danger")
    return step.then(
        _(
            "Your data is erased on %(day)s. A demand that was given up is never resumed: a new one"
            " begins its own waiting time."
        )
        % {"day": day_of(_erased_on(told))}
    )


def _reactivated(told: Told) -> Step:
    return Step(
        told.fill(_("On %(day)s, %(who)s resumed your demand, with its first registration date.")),
        "arrow-counterclockwise",
        "success",
    )


def _shared(told: Told) -> Step:
    other = _shared_with(told)
    step = Step(
        told.fill(
            _("On %(day)s, %(who)s exceptionally opened your file to %(other)s."), other=other
        ),
        "people",
        quote=told.event.text,
    )
    until = told.event.details.get("until")
    if until:
        step.by_when(_("Until %(day)s.") % {"day": day_of(date.fromisoformat(until))})
    return told.offer(step, "access", _("Who can see my file"))


def _shared_with(told: Told) -> str:
    """The organisation, or one agent of it: never the agent's name (R20)."""
    name = told.names.organisations.get(told.event.details.get("organisation", 0), "")
    if told.event.details.get("one_agent"):
        return _("one agent of %(organisation)s") % {"organisation": name}
    return name


def _share_revoked(told: Told) -> Step:
    other = _shared_with(told)
    return Step(
        told.fill(_("On %(day)s, %(who)s closed your file again to %(other)s."), other=other),
        "lock-fill",
    )


def _label_granted(told: Told) -> Step:
    label = label_of(codes.PriorityLabel, told.event.reason)
    step = Step(
        told.fill(
            _("On %(day)s, %(who)s recognised your demand as a priority: %(label)s."), label=label
        ),
        "star",
        "success",
    )
    return step.then(
        _("Organisations that hold homes for priority households see this recognition.")
    )


def _label_refused(told: Told) -> Step:
    label = label_of(codes.PriorityLabel, told.event.reason)
    step = Step(
        told.fill(
            _("On %(day)s, %(who)s did not recognise this priority: %(label)s."), label=label
        ),
        "star",
        quote=told.event.text,
    )
    step.then(_("Your demand stays active and keeps its registration date."))
    return step.recourse(_appeal(told))


def _letter_sent(told: Told) -> Step:
    letter = texts.find(told.event.details.get("letter", ""), told.demand.department_id)
    sentence = _("On %(day)s, %(who)s sent you: %(letter)s.")
    if letter is None:
        return Step(told.fill(_("On %(day)s, %(who)s sent you a letter.")), "envelope")
    return Step(told.fill(sentence, letter=str(letter.title)), "envelope")


def _erased_on(told: Told) -> date:
    ended = told.demand.struck_off_on or timezone.localdate(told.event.at)
    return deadlines.add(ended, deadlines.get("retention", told.demand.department_id))


def _appeal(told: Told) -> str:
    """Ordinary recourse against an administrative decision (R421-1 of the CJA)."""
    last_day = deadlines.add_months(timezone.localdate(told.event.at), 2)
    if last_day < timezone.localdate():
        return _("You may still ask %(who)s to explain its decision.") % {"who": told.who}
    return _(
        "You may ask %(who)s to explain its decision or to look at it again. You may also bring it "
        "before the administrative court of Dijon, free of charge, until %(day)s."
    ) % {"who": told.who, "day": day_of(last_day)}


TELLERS: dict[str, Callable[[Told], Step]] = {
    EventKind.SUBMITTED: _submitted,
    EventKind.IDENTITY_VERIFIED: _identity_verified,
    EventKind.DOCUMENT_VERIFIED: papers.verified,
    EventKind.DOCUMENT_REFUSED: papers.refused,
    EventKind.DOCUMENT_UNLISTED: papers.unlisted,
    EventKind.DOCUMENT_OBSOLETE: papers.obsolete,
    EventKind.DOCUMENT_ADDED: papers.added,
    EventKind.PIECE_REQUESTED: papers.asked_for,
    EventKind.CONTACTED: _contacted,
    EventKind.MESSAGE_SENT: _message_sent,
    EventKind.CANDIDATE_PROPOSED: _candidate_proposed,
    EventKind.CANDIDATE_REFUSED: _candidate_refused,
    EventKind.OFFER_DECLINED: _offer_declined,
    EventKind.RENEWED: _renewed,
    EventKind.WARNED: _warned,
    EventKind.STRUCK_OFF: _struck_off,
    EventKind.REACTIVATED: _reactivated,
    EventKind.SHARED: _shared,
    EventKind.SHARE_REVOKED: _share_revoked,
    EventKind.MANDATE_GIVEN: helpers.given,
    EventKind.MANDATE_REVOKED: helpers.ended,
    EventKind.LABEL_GRANTED: _label_granted,
    EventKind.LETTER_SENT: _letter_sent,
    EventKind.LABEL_REFUSED: _label_refused,
    EventKind.SEPARATED: separated,
    EventKind.TRANSFERRED: transferred,
    EventKind.DEPARTMENT_CHANGED: department_changed,
    EventKind.DEATH_TAKEN_BACK: death_taken_back,
    EventKind.CHANNELS_CHOSEN: consents.chosen,
    EventKind.CORRECTION_ASKED: corrections.asked,
    EventKind.CORRECTION_ANSWERED: corrections.answered,
    EventKind.CORRECTION_CLOSED: corrections.closed,
    EventKind.MODIFIED: corrections.modified,
    EventKind.RENEWAL_ANNOUNCED: renewals.announced,
    EventKind.RENEWAL_REMINDED: renewals.reminded,
    EventKind.MERGED: merges.merged,
    EventKind.JOINED: merges.joined,
    EventKind.PARTED: merges.parted,
    EventKind.ACCOUNT_OFFERED: account.offered,
    EventKind.ACCOUNT_LINKED: account.linked,
    EventKind.FORM_KEPT: papers.form_kept,
}
