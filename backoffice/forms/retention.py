"""A demand that must not be erased."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.words import ReadAgain, Words
from register.numbers import clean_number


class HoldForm(ReadAgain):
    """The demand and why it is held."""

    number = forms.CharField(
        label=_("Registration number"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "width-20"}),
        error_messages={"required": _("Type the registration number.")},
    )
    reason = Words(
        label=_("Why its data must be kept"),
        help_text=_("The dispute or the inquiry, and its reference."),
        max_length=300,
        error_messages={"required": _("Say why its data must be kept.")},
    )

    def clean_number(self) -> str:
        """The number without the spaces that make it readable."""
        return clean_number(self.cleaned_data["number"])
