"""Acts that lengthen, resume or end a demand, received at a counter or by post."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import ActForm, text_field
from register import clock
from register.access import Action
from register.models import Demand, Event
from register.principals import Principal
from register.selectors.next_dates import may_renew, resumption
from register.services.reactivation import reactivate_demand
from register.services.renewal import renew_demand
from register.services.strike_off import withdraw_in_writing
from rules.formatting import day


class RenewForm(ActForm):
    """A renewal received at a counter or by post (CCH R441-2-7)."""

    code, icon, move, action = "renewal", "arrow-repeat", "renew", Action.RENEW
    title, button = _("Renew the demand"), _("Renew for one year")
    done = _("The demand is renewed for one year. The applicant is told by e-mail.")
    service = staticmethod(renew_demand)

    @classmethod
    def is_timely(cls, demand: Demand) -> bool:
        """From the notice of renewal on."""
        return may_renew(demand)


class ResumeForm(ActForm):
    """A demand that was struck off for want of renewal or of news, and comes back in time."""

    code, icon, action = "resume", "arrow-counterclockwise", Action.RENEW
    title, button = _("Resume the demand"), _("Resume with its first date")
    done = _("The demand is live again, with its number and its seniority.")
    service = staticmethod(reactivate_demand)

    @classmethod
    def is_timely(cls, demand: Demand) -> bool:
        """Until the last day that the delays give."""
        found = resumption(demand)
        return found is not None and clock.today() <= found.last_day

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """With the last day to do it, and what it changes."""
        if found := resumption(demand):
            self.hint = _(
                "Possible until %(day)s. The demand keeps its number and its first date, and is"
                " valid for one year from today."
            ) % {"day": day(found.last_day)}
        return self


class WithdrawForm(ActForm):
    """A demand that its applicant gave up in writing (CCH R441-2-8 b)."""

    code, icon, move, action = "withdrawal", "slash-circle", "strike_off", Action.WITHDRAW
    title, button = _("Record a withdrawal"), _("End the demand")
    done = _("The demand is struck off. The applicant is told by e-mail.")
    service = staticmethod(withdraw_in_writing)

    text = text_field(
        _("The applicant’s writing"),
        _("Date and form of the writing: the applicant can read it."),
    )
    is_written = forms.BooleanField(
        label=_("I hold a writing of the applicant that says so"),
        error_messages={"required": _("Only a writing of the applicant ends a demand.")},
    )

    def record(self, *, principal: Principal, demand: Demand) -> Event:
        """The writing itself is held by the agent: what is kept says which one it is."""
        self.cleaned_data.pop("is_written")
        return super().record(principal=principal, demand=demand)
