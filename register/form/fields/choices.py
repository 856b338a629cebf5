"""Questions answered by yes or no, where saying nothing is a third answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

YES, NO = "oui", "non"


class YesNoField(forms.TypedChoiceField):
    """True, False, or None when it was not answered."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[(YES, _("Yes")), (NO, _("No"))],
            coerce=lambda value: value == YES,
            empty_value=None,
            widget=forms.RadioSelect,
            **options,
        )
