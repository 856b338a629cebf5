"""A paper that came to a counter or by post, and what the agent found in it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import day_field
from backoffice.forms.papers import ListedPaperField, by_stage
from backoffice.forms.scan import KeepsFiles
from register import clock, papers
from register.form.fields.files import attributes, limits
from register.models import Demand
from register.principals import Principal
from register.selectors.people import PersonView
from register.services.received import WAYS, Receipt


class ReceivedForm(KeepsFiles):
    """Which paper of the list, whose, how it came and when, its file; checked at once or later."""

    files_in = "scan"

    version = forms.IntegerField(widget=forms.HiddenInput)
    paper = ListedPaperField(
        label=_("Which document"),
        help_text=_("What is not in this list may not be kept: hand it back."),
        error_messages={"required": _("Choose an answer of the list.")},
    )
    person = forms.TypedChoiceField(
        label=_("Whose it is"), required=False, coerce=int, empty_value=None
    )
    came_by = forms.ChoiceField(
        label=_("How this document came"),
        choices=[(way.value, way.label) for way in WAYS],
        error_messages={"required": _("Choose an answer of the list.")},
    )
    received_on = day_field(_("Day it was received"), _("Its validity counts from this day."))
    scan = forms.FileField(
        label=_("The scan"),
        help_text=limits(_("A document of several pages is one file.")),
        required=False,
        widget=forms.FileInput(attrs=attributes("desk:pieces")),
    )
    conforms = forms.BooleanField(
        label=_("I compared it with the declaration: it conforms"),
        help_text=_("Leave it empty to check it later, or to let a colleague do so."),
        required=False,
    )
    valid_until = day_field(_("Valid until"), _("Empty: as long as the list says."), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        principal: Principal,
        demand: Demand,
        people: list[PersonView],
    ) -> None:
        first = {"version": demand.version, "came_by": WAYS[0], "received_on": clock.today()}
        super().__init__(data, initial=first)
        self.offered = papers.receivable(principal, demand)
        self.named = [(person.key, person.name) for person in people if person.name]
        paper: Any = self.fields["paper"]
        paper.choices = by_stage(self.offered)
        person: Any = self.fields["person"]
        person.choices = [("", _("Not said")), *self.named]
        if len(self.named) == 1:
            person.initial = self.named[0][0]

    def clean(self) -> dict[str, Any]:
        """A paper that several each give says whose it is; only what was checked has a last day."""
        data = super().clean() or {}
        chosen = next((p for p in self.offered if p.code == data.get("paper")), None)
        is_each = chosen is not None and chosen.givers > 1
        if is_each and self.named and data.get("person") is None:
            self.add_error("person", _("Say whose it is: several people each give theirs."))
        if data.get("valid_until") and not data.get("conforms"):
            told = _(
                "This day is for a document that was checked: tick the box above, or empty it."
            )
            self.add_error("valid_until", told)
        return data

    def check(self) -> bool:
        """True when there is a file and nothing is wrong; of several, the last one is meant."""
        self.kept = self.kept[-1:]
        if not self.kept and "scan" not in self.errors:
            self.add_error("scan", _("Choose the file."))
        return not self.errors

    @property
    def receipt(self) -> Receipt:
        """The paper as it came."""
        given = self.cleaned_data
        return Receipt(given["paper"], given["came_by"], given["received_on"], given["person"])

    def read_again(self, demand: Demand) -> None:
        """Take the demand as it is now, all the rest as it was typed."""
        self.data = {**self.data.dict(), "version": demand.version}  # type: ignore[attr-defined]
