"""Steps of the story that are about the account from which a demand is reached."""

from django.utils.translation import gettext as _

from portal.space.steps import Step, Told


def offered(told: Told) -> Step:
    """A counter gave a code."""
    sentence = _("On %(day)s, %(who)s gave you a code to follow your demand online.")
    return Step(told.fill(sentence), "person-check")


def linked(told: Told) -> Step:
    """Somebody typed it, with the number and the date of birth."""
    step = Step(
        told.fill(_("On %(day)s, your demand was opened to the account of whoever had the code.")),
        "person-check",
        "accent",
    )
    return step.then(_("It was not you? Tell a counter at once."))
