"""What came of a call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import choice_field
from backoffice.forms.words import ReadAgain, Words
from register.models import CallOutcome


class CallForm(ReadAgain):
    """How a call about a renewal ended."""

    outcome = choice_field(_("What came of it"), CallOutcome, _("Choose an answer"))
    text = Words(
        label=_("What was said"),
        help_text=_("Facts only: the applicant can read it."),
        required=False,
        max_length=2000,
    )


class AllowForm(forms.Form):
    """Why a held round may go on."""

    because = forms.CharField(
        label=_("Why it may go on"),
        help_text=_("Kept with the round: say what you checked."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why this round may go on.")},
    )
