"""Whose rights the manager looks into, on which file, and why."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register.models import Membership
from register.selectors.oversight import members_in_force


class MemberField(forms.ModelChoiceField):
    """A member in force, named by organisation, role and person."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            queryset=None,
            label=label,
            empty_label=_("Choose a person"),
            error_messages={"required": _("Choose a person.")},
        )

    def label_from_instance(self, obj: Membership) -> str:
        """Organisation first: that is how people are looked for."""
        return f"{obj.organisation.short_name} – {obj.get_role_display()} – {obj.user}"


class LookForm(forms.Form):
    """What these forms share: people are read when the form is shown, not when it is loaded."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, MemberField):
                field.queryset = members_in_force()


class ExplainForm(LookForm):
    """One person and one file."""

    prefix = "explain"
    member = MemberField(_("Whose access?"))
    number = forms.CharField(
        label=_("Number of the demand"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "width-20"}),
        error_messages={"required": _("Give the number of the demand.")},
    )

    def clean_number(self) -> str:
        """Without the spaces that make it readable."""
        return re.sub(r"\s", "", self.cleaned_data["number"].replace("\x00", "")).upper()


class CompareForm(LookForm):
    """Two people."""

    prefix = "compare"
    member = MemberField(_("First person"))
    other = MemberField(_("Second person"))


class SeeAsForm(LookForm):
    """One person, and why."""

    prefix = "see"
    member = MemberField(_("As whom?"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It stays in the journal."),
        max_length=300,
        error_messages={"required": _("Say why: it stays in the journal.")},
    )
