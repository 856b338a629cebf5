"""Naming an endpoint of a partner's software."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class EndpointForm(forms.Form):
    """Its name in automatic rules, whose software it is, and its address."""

    code = forms.SlugField(
        label=_("Name in automatic rules"),
        max_length=60,
        help_text=_("Lower case letters, digits and hyphens: it is written in the rules."),
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=None,
        help_text=_("Its software is only told about files that its agents may list."),
    )
    url = forms.URLField(label=_("Address"), max_length=300, assume_scheme="https")

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
