"""Online access, offered to somebody who was registered on paper."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AccountCodeForm(forms.Form):
    """A code to print, or also to send to the address given at the counter."""

    by_email = forms.BooleanField(label=_("Send it by e-mail too"), required=False)

    def __init__(self, *args: object, email: str) -> None:
        super().__init__(*args)
        if email:
            self.fields["by_email"].help_text = email
        else:
            del self.fields["by_email"]
