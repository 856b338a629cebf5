"""Why a home is asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from register import codes
from register.form.fields import CodesField, PlainTextField, YesNoField

from .base import StepForm

# Grouped by what people would say first; the codes stay those of the national list and the form.
GROUPS = (
    (_("My home"), "01 13 10 09 03 02 04 05 22"),
    (_("My family"), "12 11 14 15 16 06 F43"),
    (_("My health"), "08 07"),
    (_("My job and the place I live"), "18 19 20 21 17"),
    (_("My situation"), "F46 F47 F48"),
    (_("Something else"), "23"),
)


REASONS = [
    (group, [(code, codes.DemandReason(code).label) for code in members.split()])
    for group, members in GROUPS
]


class ReasonsForm(StepForm):
    """Reasons and free details (case H1)."""

    question = _("Why are you asking for a home?")
    intro = _("Tick everything that applies. Some reasons give priority.")
    titles = {"reasons": _("Reasons for the demand"), "remarks": _("Further details")}

    reasons = CodesField(
        codes.DemandReason,
        arranged=REASONS,
        label=_("Your reasons"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    remarks = PlainTextField(
        label=_("Anything to add?"),
        help_text=_("In your own words, 1,000 characters at most."),
        multiline=True,
        max_length=1000,
        required=False,
    )


class ProtectionForm(StepForm):
    """Withhold the file of a person in danger."""

    question = _("Do you want your file to be protected?")
    intro = _(
        "You ticked violence in the family. A protected file is hidden from everybody except the"
        " few people who must handle it. In danger now: call 17, or send a text message to 114."
        " To be listened to at any hour, free and in confidence: call 3919."
    )
    question_is_label = True
    titles = {"is_sealed": _("Protected file")}

    is_sealed = YesNoField(
        label=_("Do you want your file to be protected?"),
        error_messages={"required": _("Answer yes or no.")},
    )
