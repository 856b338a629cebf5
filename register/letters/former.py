"""What is written to whoever gave her demand over, and to her guardians: at their own addresses.

The demand is the heir's by then, and so is how it is reached: the effect itself bears the address,
until it was sent. It tells nothing of the heir.
"""

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register.models import Demand, Event, Outbox
from rules.letters import Filled, FilledBlock, Words

# In an effect: where the former applicant is reached, and whether her request for notes waited.
FORMER = "former"
EMAIL, PHONE, LINES, ASKED_NOTES = "email", "phone", "lines", "asked_notes"


def is_to_former(effect: Outbox) -> bool:
    """True for what is told to whoever gave the demand over."""
    return FORMER in effect.payload


def sentences(effect: Outbox, event: Event) -> list[str]:
    """What happened, what it changes for her and what she may do, in the demand’s language."""
    with translation.override(effect.demand.language):
        told = [
            _(
                "On %(day)s, this demand for social housing was given over to its co-applicant, as"
                " its applicant had asked in writing."
            )
            % {"day": date_format(event.at, "DATE_FORMAT")},
            _("The former applicant no longer follows it, and is told nothing more of it."),
            _(
                "If the former applicant did not ask for this, tell any counter at once, with an"
                " identity document."
            ),
            _(
                "A new demand can be made at any time; its waiting time begins on that day. The"
                " former applicant may still ask for the data kept about her or him."
            ),
        ]
        if effect.payload[FORMER].get(ASKED_NOTES):
            told.append(
                _(
                    "The request to read the notes of agents was not answered: ask again in"
                    " writing, and the manager of the shared file answers within a month."
                )
            )
        return told


def letter(effect: Outbox, event: Event) -> Filled:
    """The same as a letter."""
    with translation.override(effect.demand.language):
        subject, greeting = _("A demand for social housing was given over"), _("Hello,")
    told = [greeting, *sentences(effect, event)]
    return Filled("handed_over", subject, tuple(FilledBlock(((Words(each),),)) for each in told))


def text_message(demand: Demand) -> str:
    """The same in a text message: no name, no number, no place."""
    with translation.override(demand.language):
        return _(
            "Your demand for a home was given over to its co-applicant, as you asked in writing. If"
            " you did not ask for it, tell a counter."
        )
