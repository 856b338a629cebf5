"""At whose request an agent acts: the applicant, or a helper whose mandate allows it (ADR 0029)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import ActForm
from register import access
from register.access import FieldRights
from register.models import Demand, Event, Mandate
from register.principals import Principal, at_the_request_of
from register.selectors.mandates import who_may_ask


class AskedForm(ActForm):
    """An act that a helper may ask for at a counter: it then bears both names."""

    asked_by = forms.ChoiceField(label=_("Who asks?"), required=False)
    helpers: dict[str, Mandate]

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """The applicant, then the helpers whose mandate of today goes so far."""
        self.offer_helpers(demand, access.fields(principal, demand))
        return self

    def offer_helpers(self, demand: Demand, rights: FieldRights) -> None:
        """Ask who asks, where somebody may do it for the applicant."""
        self.helpers = {str(m.pk): m for m in who_may_ask(demand, self.action, rights)}
        if not self.helpers:
            del self.fields["asked_by"]
            return
        field: Any = self.fields["asked_by"]
        told = _("%(helper)s (%(kind)s)")
        named = [
            (key, told % {"helper": m.who, "kind": m.get_kind_display()})
            for key, m in self.helpers.items()
        ]
        field.choices = [("", _("The applicant")), *named]

    def asking(self, principal: Principal) -> Principal:
        """The agent, under the mandate of whoever asks."""
        chosen = self.cleaned_data.pop("asked_by", "")
        return at_the_request_of(principal, self.helpers.get(chosen))

    def record(self, *, principal: Principal, demand: Demand) -> Event:
        """The same act, by the same agent, under the mandate of whoever asks for it."""
        return super().record(principal=self.asking(principal), demand=demand)
