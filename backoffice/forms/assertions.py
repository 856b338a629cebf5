"""What the data-protection officer writes: people, demands, and what must never be allowed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register.models import DemandState, OrganisationKind, Role
from rules.publication.words import ACTIONS, FIELD_SETS

EXPECTATIONS = [("never", _("Never allowed")), ("always", _("Always allowed"))]
COUNTER = [
    ("", _("All bodies")),
    ("yes", _("Counters only")),
    ("no", _("Bodies that are no counter")),
]
SEALED = [("", _("All files")), ("yes", _("Sealed files only")), ("no", _("Files not sealed"))]


def _boxes(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=[(str(code), name) for code, name in dict(choices).items()],
        help_text=help_text,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class AssertionForm(forms.Form):
    """An assertion from closed lists: nothing typed is ever evaluated."""

    title_fr = forms.CharField(
        label=_("In French"), max_length=200, error_messages={"required": _("Write a few words.")}
    )
    title_en = forms.CharField(
        label=_("In English"), max_length=200, error_messages={"required": _("Write a few words.")}
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"), max_length=300, error_messages={"required": _("Name the text.")}
    )
    expect = forms.ChoiceField(label=_("What is expected"), choices=EXPECTATIONS)
    kinds = _boxes(_("Kinds of organisation"), OrganisationKind.choices, _("None ticked: all."))
    counter = forms.ChoiceField(label=_("Counters"), choices=COUNTER, required=False)
    roles = _boxes(_("Roles"), Role.choices, _("None ticked: all."))
    sealed = forms.ChoiceField(label=_("Files"), choices=SEALED, required=False)
    states = _boxes(_("States of the demand"), DemandState.choices, _("None ticked: all."))
    but_shared = forms.BooleanField(
        label=_("Except files exceptionally shared with the organisation or the agent"),
        required=False,
    )
    actions = _boxes(_("Actions"), ACTIONS)
    data = _boxes(_("Groups of data read"), FIELD_SETS)

    def clean(self) -> dict[str, Any]:
        """Something is said to be allowed or not."""
        found = super().clean() or {}
        if not found.get("actions") and not found.get("data"):
            self.add_error("actions", _("Choose an action or a group of data."))
        return found

    def body(self) -> dict[str, Any]:
        """The assertion as data, in the shape of `assertions.json`."""
        typed = self.cleaned_data
        return {
            "title": {"fr": typed["title_fr"], "en": typed["title_en"]},
            "legal_basis": typed["legal_basis"],
            "principal": {"all": self._people()},
            "row": {"all": self._rows()},
            "actions": typed["actions"],
            "data": typed["data"],
            "expect": typed["expect"],
        }

    def _people(self) -> list[dict[str, Any]]:
        typed = self.cleaned_data
        people = [{"fact": "principal.kind", "op": "is", "value": "membership"}]
        if typed["kinds"]:
            people.append({"fact": "organisation.kind", "op": "in", "value": typed["kinds"]})
        if typed["roles"]:
            people.append({"fact": "membership.role", "op": "in", "value": typed["roles"]})
        if typed["counter"]:
            is_counter: Any = typed["counter"] == "yes"
            people.append({"fact": "organisation.is_counter", "op": "is", "value": is_counter})
        return people

    def _rows(self) -> list[dict[str, Any]]:
        typed, rows = self.cleaned_data, []
        if typed["sealed"]:
            rows.append({"fact": "demand.sealed", "op": "is", "value": typed["sealed"] == "yes"})
        if typed["states"]:
            rows.append({"fact": "demand.state", "op": "in", "value": typed["states"]})
        if typed["but_shared"]:
            keys = {
                "demand.shares": "principal.share_keys",
                "demand.people_shared_with": "principal.person_share_keys",
            }
            rows += [
                {"fact": fact, "op": "disjoint", "value": {"ref": key}}
                for fact, key in keys.items()
            ]
        return rows


class RetireForm(forms.Form):
    """Why an assertion is no longer checked."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        error_messages={"required": _("Say why: it stays in the journal.")},
    )
