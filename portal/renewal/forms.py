"""What is typed to renew in one step."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register.form.fields import DatePartsField
from register.numbers import clean_number


class CodeForm(forms.Form):
    """The code of an announcement whose link was opened."""

    code = forms.CharField(
        label=_("Code of the message"),
        help_text=_("Eight digits, in the e-mail, the letter or the text message."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "width-10"}
        ),
        error_messages={"required": _("Type the code of the message.")},
    )

    birth_date = DatePartsField(
        label=_("Your date of birth"),
        help_text=_("If the page asks for it."),
        birthday=True,
        required=False,
    )

    def __init__(self, *args: Any, is_tried: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked from the second try on, of every number alike: the first is one code to type.
        if not is_tried:
            del self.fields["birth_date"]


class LetterForm(CodeForm):
    """The same from a letter: the number tells which demand."""

    number = forms.CharField(
        label=_("Registration number"),
        help_text=_("18 characters, at the foot of the letter."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "width-20"}),
        error_messages={"required": _("Type the registration number of the letter.")},
    )
    field_order = ("number", "code", "birth_date")

    def clean_number(self) -> str:
        """The number without the spaces that make it readable."""
        return clean_number(self.cleaned_data["number"])
