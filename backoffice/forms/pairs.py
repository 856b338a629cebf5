"""What an agent answers about two demands that may be one person's."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.words import ReadAgain, Words
from register.models import DuplicatePair
from register.templatetags.shell import date_long, number_spaced


class ReasonForm(ReadAgain):
    """An answer and its reason."""

    reason = Words(
        label=_("How you know"),
        help_text=_("Kept with the pair, for those who will review it again. Facts only."),
        max_length=300,
        rows=3,
        error_messages={"required": _("Write a few words.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{type(self).__name__.lower()}_%s", **kwargs)


class DifferentForm(ReasonForm):
    """Why these are two people."""


class PartForm(ReasonForm):
    """Why a merge is undone."""


class MergeForm(ReasonForm):
    """Which of two demands of one person goes on. `versions` are those that the agent looked at."""

    field_order = ("kept", "reason")
    kept = forms.TypedChoiceField(
        label=_("The demand that goes on"),
        help_text=_("With its household, its wishes and its papers. The other stays readable."),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the demand that goes on.")},
    )
    versions = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, pair: DuplicatePair, *args: Any, **kwargs: Any) -> None:
        demands = (pair.first, pair.second)
        seen = "-".join(str(demand.version) for demand in demands)
        oldest = min(demands, key=lambda demand: (demand.received_on, demand.pk))
        super().__init__(*args, initial={"kept": oldest.pk, "versions": seen}, **kwargs)
        self.pair = pair
        self.fields["kept"].choices = [  # type: ignore[attr-defined]
            (
                demand.pk,
                _("%(number)s, received on %(day)s")
                % {"number": number_spaced(demand.number), "day": date_long(demand.received_on)},
            )
            for demand in demands
        ]

    def clean_versions(self) -> dict[int, int]:
        """The versions by key of the demands."""
        told = self.cleaned_data["versions"].split("-")
        if len(told) != 2 or not all(part.isdecimal() for part in told):
            raise forms.ValidationError(_("Open the pair again."))
        return dict(zip((self.pair.first_id, self.pair.second_id), map(int, told), strict=True))
