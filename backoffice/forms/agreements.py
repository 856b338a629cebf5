"""What the manager writes of an agreement, and the reason of each step."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from register.models import Agreement, AgreementPurpose, Commune
from register.models.agreement import usual_data_classes
from register.selectors.agreements import (
    departments_known,
    epcis_known,
    organisations_known,
    quarters_known,
)
from register.selectors.communes import commune_in_full, communes_named
from register.services.agreements import AgreementTerms
from rules.publication.words import FIELD_SETS

MOST_COMMUNES = 200


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    picker = forms.DateInput(attrs={"type": "date", "class": "width-10"}, format="%Y-%m-%d")
    messages = {"required": _("Give a date.")}
    return forms.DateField(label=label, widget=picker, required=required, error_messages=messages)


def _boxes(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one answer at least.")},
    )


class ReadTerms(forms.Form):
    """A form about terms that were read: another generation of them is another agreement."""

    generation = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def read_again(self, agreement: Agreement) -> None:
        """Keep what was typed, now about the terms as they stand."""
        self.data = self.data.copy()
        self.data["generation"] = agreement.generation


class AgreementForm(ReadTerms):
    """The terms of an agreement; its territory is places of one level, or of several."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation to which it opens demands"),
        queryset=None,
        empty_label=_("Choose an organisation"),
        error_messages={"required": _("Choose an organisation.")},
    )
    co_signers = forms.ModelMultipleChoiceField(
        label=_("Organisations that sign with it"),
        help_text=_("They gain no right over demands; they read the signed document."),
        queryset=None,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )
    purpose = forms.CharField(
        label=_("Object of the agreement"),
        max_length=200,
        error_messages={"required": _("Write a few words.")},
    )
    purposes = _boxes(_("Purposes"), AgreementPurpose.choices)
    departments = forms.ModelMultipleChoiceField(
        label=_("Whole departments"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    epcis = forms.ModelMultipleChoiceField(
        label=_("Intercommunalities"),
        queryset=None,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    communes = forms.CharField(
        label=_("Communes"),
        help_text=_("One per line, by name or INSEE code."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    quarters = forms.ModelMultipleChoiceField(
        label=_("Quarters"),
        help_text=_(
            "They open the demands that name the quarter, and those for the whole commune."
        ),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    data_classes = _boxes(
        _("Groups of data that it may open"),
        [(name.value, text) for name, text in FIELD_SETS.items()],
        _("At most: rules may show less, never more."),
    )
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"), required=False)
    reason = forms.CharField(
        label=_("Why it changes"),
        max_length=300,
        error_messages={"required": _("Say why: it stays in the journal.")},
    )

    def __init__(self, *args: Any, agreement: Agreement | None = None, **kwargs: Any) -> None:
        if agreement is not None:
            kwargs.setdefault("initial", _initial(agreement))
        else:
            kwargs.setdefault("initial", {"data_classes": usual_data_classes()})
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_known()
        self.fields["co_signers"].queryset = organisations_known()
        self.fields["departments"].queryset = departments_known()
        self.fields["epcis"].queryset = epcis_known()
        self.fields["quarters"].queryset = quarters_known()
        if agreement is None or agreement.status == "draft":
            del self.fields["reason"]
        if agreement is None:
            del self.fields["generation"]
        else:
            self.fields["organisation"].disabled = True

    def clean_communes(self) -> list[Commune]:
        """Communes as typed, each found without doubt."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["communes"].splitlines())):
            named = communes_named(line)
            if not named:
                text = _("No commune is called “%(name)s”.") % {"name": line[:80]}
                raise forms.ValidationError(text)
            if len(named) > 1:
                text = _("Several communes are called “%(name)s”. Write one of: %(choices)s.") % {
                    "name": line[:80],
                    "choices": ", ".join(map(commune_in_full, named)),
                }
                raise forms.ValidationError(text)
            found += named
        if len(found) > MOST_COMMUNES:
            raise forms.ValidationError(_("Name an intercommunality rather than so many communes."))
        return found

    def clean(self) -> dict[str, Any]:
        """An agreement has a territory and does not end before it starts."""
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("An agreement cannot end before it starts."))
        if not any(data.get(name) for name in ("departments", "epcis", "communes", "quarters")):
            self.add_error("departments", _("Name a territory."))
        return data

    def terms(self) -> AgreementTerms:
        """What was written, for the service."""
        about = ("reason", "generation")
        return AgreementTerms(
            **{name: value for name, value in self.cleaned_data.items() if name not in about}
        )


class StepForm(forms.Form):
    """The reason of a suspension, a resumption or an end."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It stays in the journal of the agreement."),
        max_length=300,
        error_messages={"required": _("Say why: it stays in the journal.")},
    )


class SignForm(ReadTerms):
    """The signed document."""

    signed_file = forms.FileField(
        label=_("Signed document (PDF)"),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": _("Choose the signed document.")},
    )


def _initial(agreement: Agreement) -> dict[str, Any]:
    return {
        "generation": agreement.generation,
        "organisation": agreement.organisation_id,
        "co_signers": agreement.co_signers.all(),
        "purpose": agreement.purpose,
        "purposes": agreement.purposes,
        "departments": agreement.departments.all(),
        "epcis": agreement.epcis.all(),
        "communes": "\n".join(map(commune_in_full, agreement.communes.order_by("name"))),
        "quarters": agreement.quarters.all(),
        "data_classes": agreement.data_classes,
        "starts_on": agreement.starts_on,
        "ends_on": agreement.ends_on,
    }


def step_label(step: str) -> str:
    """What the button of a step says."""
    return {
        "suspendre": gettext("Suspend this agreement"),
        "retablir": gettext("Resume this agreement"),
        "terminer": gettext("End this agreement"),
    }[step]
