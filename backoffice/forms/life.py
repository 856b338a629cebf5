"""Acts that lengthen, resume or end a demand, received at a counter or by post."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import ActForm, choice_field, day_field, text_field
from backoffice.forms.asked import AskedForm
from register import access, clock, codes
from register.access import Action
from register.models import Demand, EffectKind, Event, EventKind
from register.principals import Principal
from register.selectors.next_dates import may_renew, resumption
from register.selectors.strike_off_warnings import Warned, standing
from register.services.reactivation import reactivate_demand
from register.services.renewal import renew_demand
from register.services.strike_off import record_lease, strike_off, warn, withdraw_in_writing
from rules.formatting import day


class RenewForm(AskedForm):
    """A renewal received at a counter or by post (CCH R441-2-7)."""

    code, icon, move, action = "renewal", "arrow-repeat", "renew", Action.RENEW
    title, button = _("Renew the demand"), _("Renew for one year")
    done = _("The demand is renewed for one year.")
    tells = EventKind.RENEWED
    service = staticmethod(renew_demand)

    @classmethod
    def is_timely(cls, principal: Principal, demand: Demand) -> bool:
        """From the notice of renewal on."""
        return may_renew(demand)

    def way(self, demand: Demand, usual: EffectKind | None) -> EffectKind | None:
        """The certificate is printed for whoever has no e-mail (R441-2-7)."""
        return usual if demand.is_sealed else usual or EffectKind.LETTER


class ResumeForm(AskedForm):
    """A demand that was struck off for want of renewal or of news, and comes back in time."""

    code, icon, action = "resume", "arrow-counterclockwise", Action.RENEW
    title, button = _("Resume the demand"), _("Resume with its first date")
    done = _("The demand is live again, with its number and its seniority.")
    tells = EventKind.REACTIVATED
    service = staticmethod(reactivate_demand)

    @classmethod
    def is_timely(cls, principal: Principal, demand: Demand) -> bool:
        """Until the last day that the delays give."""
        found = resumption(demand)
        return found is not None and clock.today() <= found.last_day

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """With the last day to do it, and what it changes."""
        super().suit(principal, demand)
        if found := resumption(demand):
            self.hint = _(
                "Possible until %(day)s. The demand keeps its number and its first date, and is"
                " valid for one year from today."
            ) % {"day": day(found.last_day)}
        return self


class LeaseForm(ActForm):
    """A lease that the applicant signed, which the landlord records at once (CCH R441-2-8 a)."""

    code, icon, move, action = "lease", "key", "strike_off", Action.CONCLUDE
    title, button = _("Record a signed lease"), _("End the demand: lease signed")
    done = _("The demand is struck off: lease signed.")
    tells = EventKind.STRUCK_OFF
    service = staticmethod(record_lease)

    signed_on = day_field(_("Lease signed on"))
    text = text_field(
        _("The home"),
        _("Identifier in the rental stock, or address: the applicant can read it."),
    )


class WarningForm(ActForm):
    """A letter that warns of a striking off, with its proof of delivery (CCH R441-2-8 c, d)."""

    code, icon, move = "warning", "envelope", "strike_off"
    title, button = _("Record a warning before striking off"), _("Record the warning")
    done = _("The warning was recorded.")
    tells = EventKind.WARNED
    hint = _("The demand goes on. Without answer in time, your organisation may strike it off.")
    service = staticmethod(warn)

    ground = choice_field(_("Ground"), codes.InadmissibleReason, _("Choose a ground"))
    sent_on = day_field(_("Letter sent on"))
    received_on = day_field(
        _("Letter received on"),
        _("The day written on the proof of delivery. Empty: it does not say, or is not back yet."),
        required=False,
    )
    text = text_field(
        _("Proof of delivery"),
        _("For example the number of the registered letter: the applicant can read it."),
    )

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """Silence is for all; what a commission finds of people, for those who may end it so."""
        silence = codes.StrikeOffReason.UNREACHABLE
        field: Any = self.fields["ground"]
        blank, *found = field.choices
        concludes = access.decide(principal, Action.CONCLUDE, demand).allowed
        concludes = concludes and not demand.is_association
        field.choices = [blank, (silence.value, silence.label), *(found if concludes else ())]
        return self


class _WarnedForm(ActForm):
    """The end of a demand whose applicant was warned by the same organisation, in vain."""

    reason: ClassVar[str] = ""
    move = "strike_off"
    done = _("The demand is struck off.")
    tells = EventKind.STRUCK_OFF

    @classmethod
    def warned(cls, principal: Principal, demand: Demand) -> Warned | None:
        """The warning that stands."""
        return standing(demand, principal.organisation, cls.reason)

    @classmethod
    def is_timely(cls, principal: Principal, demand: Demand) -> bool:
        """Once the applicant has had the time to answer."""
        found = cls.warned(principal, demand)
        return super().is_timely(principal, demand) and found is not None and found.is_over

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """With the day of the warning, and until when it could be answered."""
        if found := self.warned(principal, demand):
            self.hint = _("Warned on %(sent)s; the answer was due by %(day)s.") % {
                "sent": day(found.sent_on),
                "day": day(found.last_day),
            }
        return self

    def record(self, *, principal: Principal, demand: Demand) -> Event:
        """The ground and the delay are those of the warning."""
        return strike_off(
            principal=principal,
            demand=demand,
            reason=self.reason,
            expected_version=self.cleaned_data["version"],
        )


class UnansweredForm(_WarnedForm):
    """Nobody answered the letter (CCH R441-2-8 c)."""

    code, icon, reason = "unanswered", "slash-circle", codes.StrikeOffReason.UNREACHABLE
    title, button = _("Strike off: no answer to the warning"), _("End the demand: no answer")


class InadmissibleForm(_WarnedForm):
    """A commission found that the legal conditions are not met (CCH R441-2-8 d)."""

    code, icon, reason = "inadmissible", "slash-circle", codes.StrikeOffReason.INADMISSIBLE
    action = Action.CONCLUDE
    title, button = _("Strike off: legal conditions not met"), _("End the demand: inadmissible")


class WithdrawForm(AskedForm):
    """A demand that its applicant gave up in writing (CCH R441-2-8 b)."""

    code, icon, move, action = "withdrawal", "slash-circle", "strike_off", Action.WITHDRAW
    title, button = _("Record a withdrawal"), _("End the demand")
    done = _("The demand is struck off.")
    tells = EventKind.STRUCK_OFF
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
