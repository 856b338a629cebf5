"""Steps of the story that are about documents."""

from datetime import date

from django.utils.translation import gettext as _

from portal.space.steps import Step, Told
from portal.space.words import day_of, label_of
from register import codes
from register.selectors.identity import WITHDRAWN


def verified(told: Told) -> Step:
    """Somebody checked a document."""
    return Step(
        told.fill(
            _("On %(day)s, %(who)s checked a document: %(document)s."),
            document=_document(told),
        ),
        "file-earmark-check",
        "success",
    )


def refused(told: Told) -> Step:
    """A document cannot be used; another is to be sent."""
    step = Step(
        told.fill(
            _("On %(day)s, %(who)s could not use a document you sent: %(document)s."),
            document=_document(told),
        ),
        "file-earmark-x",
        "warning",
        quote=told.event.text,
    )
    step.then(_("Send another one. Your registration date does not change."))
    if WITHDRAWN in told.event.details:
        step.then(
            _(
                "Your identity was checked with this document. Until another one is checked, no"
                " landlord can propose you for another home."
            )
        )
    return told.offer(step, "documents", _("Send a document"))


def unlisted(told: Told) -> Step:
    """A document is none of the limitative list: nothing is sent in its place."""
    step = Step(
        told.fill(
            _("On %(day)s, %(who)s set aside a document that nobody may ask of you: %(document)s."),
            document=_document(told),
        ),
        "file-earmark-x",
        quote=told.event.text,
    )
    return step.then(_("It is not used. You have nothing to send in its place."))


def obsolete(told: Told) -> Step:
    """The last day of a document has passed."""
    step = Step(
        told.fill(
            _("Since %(day)s, a document of your file is no longer valid: %(document)s."),
            document=_document(told),
        ),
        "hourglass-split",
    )
    return step.then(_("Prepare a newer one: an organisation may ask you for it."))


def added(told: Told) -> Step:
    """A document came in: by a counter, by a helper, or sent by her."""
    if received := told.event.details.get("received_on"):
        by_post = told.event.details.get("came_by") == codes.ContactChannel.LETTER
        sentence = (
            _(
                "On %(day)s, %(who)s put in your file a document that you had sent by post"
                " on %(received)s: %(document)s."
            )
            if by_post
            else _(
                "On %(day)s, %(who)s put in your file a document that you had brought"
                " on %(received)s: %(document)s."
            )
        )
        day = day_of(date.fromisoformat(received))
        words = told.fill(sentence, document=_document(told), received=day)
        return Step(words, "file-earmark-arrow-up")
    sentence = (
        _("On %(day)s, %(who)s added a document to your file: %(document)s.")
        if told.by_somebody_else
        else _("On %(day)s, you sent a document: %(document)s.")
    )
    return Step(told.fill(sentence, document=_document(told)), "file-earmark-arrow-up")


def form_kept(told: Told) -> Step:
    """The paper form that she signed was scanned at a counter."""
    step = Step(
        told.fill(_("On %(day)s, %(who)s kept a copy of the paper form that you signed.")),
        "file-earmark-text",
    )
    return told.offer(step, "documents", _("See the copy"))


def asked_for(told: Told) -> Step:
    """An organisation asked for a paper of the list."""
    step = Step(
        told.fill(
            _("On %(day)s, %(who)s asked you for a document: %(document)s."),
            document=told.names.papers.get(told.event.reason, ""),
        ),
        "paperclip",
        "warning",
        quote=told.event.text,
    )
    step.then(_("Send it as soon as you can: a complete file can be proposed for a home."))
    return told.offer(step, "documents", _("Send a document"))


def _document(told: Told) -> str:
    return label_of(codes.DocumentKind, told.event.reason)
