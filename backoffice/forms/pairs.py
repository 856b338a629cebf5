"""What an agent answers about two demands that may be one person's."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DifferentForm(forms.Form):
    """Why these are two people."""

    reason = forms.CharField(
        label=_("How you know"),
        help_text=_("Kept with the pair, for those who will review it again. Facts only."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write a few words.")},
    )
