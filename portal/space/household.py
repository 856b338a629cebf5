"""Steps of a household told to its applicant: a separation, a transfer, another department."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.space.steps import Step, Told
from portal.space.words import label_of
from register import codes
from register.models import DemandState


def separated(told: Told) -> Step:
    """Each of the couple has a demand now; neither who recorded it nor the day is told."""
    month = date_format(told.event.at, "F Y")
    sentence = _("In %(month)s, a counter recorded that your couple separated.") % {"month": month}
    return Step(sentence, "people", when=month).then(
        _(
            "Your demand goes on with its number and its registration date. The other person now "
            "has a demand of her own."
        )
    )


def transferred(told: Told) -> Step:
    """The co-applicant took the demand over."""
    step = Step(
        told.fill(_("On %(day)s, %(who)s transferred this demand to its co-applicant.")),
        "person-check",
        quote=told.event.text,
    )
    step.why(label_of(codes.TransferGround, told.event.reason))
    step.then(_("The registration date and the number do not change."))
    if told.event.to_state != DemandState.AWAITING_CHECK:
        return step
    step.then(
        _(
            "Your own identity document has to be checked before landlords can propose you for a"
            " home: send it, or show it at a counter."
        )
    )
    return told.offer(step, "documents", _("Send a document"))


def death_taken_back(told: Told) -> Step:
    """A death was recorded by mistake: of this applicant, or of whoever asked before her."""
    step = Step(
        told.fill(_("On %(day)s, %(who)s took back a death that was recorded by mistake.")),
        "arrow-counterclockwise",
        "success",
        quote=told.event.text,
    )
    if not told.event.details.get("ended"):
        return step.then(
            _(
                "This demand stays yours. To give it back to the person, declare her or him in it"
                " as your co-applicant, then transfer it in writing at a counter."
            )
        )
    return step.then(
        _(
            "Your demand goes on with its number and its registration date. Nothing was sent to you"
            " meanwhile: read here what happened, and look at the day by which to renew."
        )
    )


def department_changed(told: Told) -> Step:
    """A demand was made in another department too."""
    commune = told.names.communes.get(told.event.details.get("commune", ""), "")
    sentence = _("On %(day)s, %(who)s registered a demand for you in another department: %(town)s.")
    step = Step(told.fill(sentence, town=commune), "geo-alt")
    return step.then(
        _(
            "This demand goes on. If you no longer need it, tell a counter in writing: the waiting "
            "time of one does not count for the other."
        )
    )
