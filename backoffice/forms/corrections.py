"""Acts about requests to correct: asking the applicant, and ending a request with its reasons."""

from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import ActForm, choice_field, text_field
from register import access
from register.models import Correction, CorrectionOutcome, Demand, Event, EventKind
from register.principals import Principal
from register.selectors.corrections import choices_of, title_of, to_close
from register.services import corrections
from register.templatetags.shell import date_long

SHOWN = 80


class AskCorrectionForm(ActForm):
    """Ask the applicant to put one answer or one document right (CCH R441-2-5)."""

    code, icon = "correction", "pencil"
    title, button = _("Ask to correct the declaration"), _("Ask for this correction")
    done = _("The correction was asked for.")
    tells = EventKind.CORRECTION_ASKED
    service = staticmethod(corrections.ask_correction)

    about = forms.ChoiceField(
        label=_("Which answer or which document"),
        help_text=_("The applicant may change this one, and nothing else."),
        error_messages={"required": _("Choose an answer of the list.")},
    )
    text = text_field(_("What is wrong or missing"), _("Simply: the applicant reads it."))

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """The answers and the documents that she may read herself."""
        field: Any = self.fields["about"]
        choices = choices_of(demand, access.fields(principal, demand))
        field.choices = [("", _("Choose an answer or a document")), *choices]
        return self


class CloseCorrectionForm(ActForm):
    """End a request to correct, asked by this organisation or by the applicant."""

    code, icon = "close-correction", "check-circle"
    title, button = _("Close a request to correct"), _("Close the request")
    done = _("The request is closed. The applicant reads your reasons.")
    tells = EventKind.CORRECTION_CLOSED

    correction = forms.ChoiceField(
        label=_("Which request"), error_messages={"required": _("Choose an answer of the list.")}
    )
    outcome = choice_field(_("How it ends"), CorrectionOutcome, _("Choose an answer"))
    text = text_field(
        _("Reasons"), _("What was corrected, or why nothing is: the applicant reads it.")
    )

    @classmethod
    def is_timely(cls, principal: Principal, demand: Demand) -> bool:
        """While a request waits for this organisation."""
        return bool(to_close(principal, demand))

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """The requests that wait for this organisation."""
        self.open = {str(each.pk): each for each in to_close(principal, demand)}
        field: Any = self.fields["correction"]
        field.choices = [(key, _named(each)) for key, each in self.open.items()]
        return self

    def record(self, *, principal: Principal, demand: Demand) -> Event:
        """A request is ended whatever else changed meanwhile in the file."""
        return corrections.close_correction(
            principal=principal,
            correction=self.open[self.cleaned_data["correction"]],
            outcome=self.cleaned_data["outcome"],
            text=self.cleaned_data["text"],
        )


def _named(correction: Correction) -> str:
    """What it is about, who asked and when, and the first words."""
    who = correction.organisation or now("the applicant")
    words = correction.text[:SHOWN]
    return f"{title_of(correction)}, {who}, {date_long(correction.asked_at)} – {words}"
