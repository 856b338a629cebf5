"""A letter that the post brought back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from register.numbers import clean_number


class CameBackForm(forms.Form):
    """The demand that the letter is about: its number stands at the foot of each page."""

    number = forms.CharField(
        label=_("Registration number"),
        help_text=_("At the foot of each page of the letter."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "width-20"}),
        error_messages={"required": _("Type the registration number.")},
    )

    def clean_number(self) -> str:
        """The number without the spaces that make it readable."""
        return clean_number(self.cleaned_data["number"])
