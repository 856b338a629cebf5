"""What a counter says of the deposit of a paper form, besides what is written on it."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from register.form.boxes import DayBox
from register.form.fields import DatePartsField
from register.form.steps.association import AssociationForm
from register.form.steps.identity import IdentityForm
from register.models import Counter


class HiddenDay(DayBox):
    """The day that was looked for, sent again as one box."""

    input_type = "hidden"


class LookForm(IdentityForm):
    """Who stands at the counter, before a demand is entered for her."""

    def build(self) -> None:
        super().build()
        for name in ("title", "used_name"):
            del self.fields[name]
        self.fields["birth_date"].widget = _day_box()
        self.fields["birth_date"].hidden_widget = HiddenDay  # type: ignore[assignment]
        self.fields["birth_name"].widget.attrs["autofocus"] = True


class AssociationLookForm(AssociationForm):
    """Which association stands at the counter: its SIREN tells, its name may be given too."""

    field_order = ["siren", "name"]

    def build(self) -> None:
        del self.fields["representative"]
        self.fields["name"].required = False
        self.fields["siren"].widget.attrs["autofocus"] = True


class DepositForm(forms.Form):
    """When and where the form was deposited, and what was seen."""

    received_on = DatePartsField(
        label=_("Day of deposit"),
        help_text=_("The day on which the complete form was handed in: seniority counts from it."),
        error_messages={"required": _("Write the day of deposit.")},
    )
    counter = forms.ChoiceField(label=_("Counter"))
    email = forms.EmailField(
        label=_("E-mail of the applicant"),
        help_text=_("The certificate is sent there; without it, by post."),
        required=False,
        widget=forms.EmailInput(attrs={"class": "width-20", "autocomplete": "off"}),
    )
    identity_seen = forms.BooleanField(
        label=_("I have seen the identity or residence document of the applicant"),
        error_messages={
            "required": _(
                "Without an identity or residence document, a demand cannot be registered."
            )
        },
    )

    def __init__(
        self, *args: Any, counters: list[Counter], of_association: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, prefix="depot", **kwargs)
        if of_association:
            # No text names a document that would stand for its identity card.
            del self.fields["identity_seen"]
        self.fields["counter"].choices = [(each.pk, each.name) for each in counters]  # type: ignore[attr-defined]
        self.fields["received_on"].widget = _day_box()
        self.fields["received_on"].initial = f"{timezone.localdate():%d %m %Y}".split()
        if len(counters) == 1:
            self.fields["counter"].widget = forms.HiddenInput()
            self.fields["counter"].initial = counters[0].pk

    @property
    def day(self) -> date | None:
        """The day of deposit, once it was typed and can be read."""
        if not self.is_bound or "received_on" in self.errors:
            return None
        return self.cleaned_data["received_on"]  # type: ignore[no-any-return]


def _day_box() -> DayBox:
    return DayBox(attrs={"class": "width-10", "inputmode": "numeric", "autocomplete": "off"})
