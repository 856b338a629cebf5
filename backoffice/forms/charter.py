"""What is asked before each move of a version of the rules, in the order of the page."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.charter import CharterAction
from register.principals import Principal
from register.services import charter
from rules.models import RuleModuleVersion

REASON_LENGTH = 2000


class MoveForm(forms.Form):
    """One move. `fingerprint` is that of the content the person was reading."""

    slug = ""
    action: ClassVar[CharterAction]
    title: str | Promise = ""
    hint: str | Promise = ""
    done: str | Promise = ""
    is_dangerous = False
    service: ClassVar[Callable[..., RuleModuleVersion]]

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{self.slug}_%s", **kwargs)

    def move(self, *, principal: Principal, version: RuleModuleVersion) -> RuleModuleVersion:
        """Take the move of a valid form through its service."""
        return type(self).service(principal=principal, version=version, **self.cleaned_data)


class _Reasoned(MoveForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give a reason.")},
    )


class SignForm(MoveForm):
    """One signature per organisation."""

    slug = "signer"
    action = CharterAction.SIGN
    title = _("Sign for my organisation")
    hint = _("You sign the text above, in the name of your organisation. It cannot be undone.")
    done = _("Your organisation has signed.")
    service = staticmethod(charter.sign)


class RefuseForm(_Reasoned):
    """The version goes back to its authors."""

    slug = "refuser"
    action = CharterAction.REFUSE
    title = _("Refuse to sign")
    hint = _("The version goes back to its authors with your reason; signatures are void.")
    done = _("The version went back to its authors.")
    is_dangerous = True
    service = staticmethod(charter.refuse)


class ScheduleForm(MoveForm):
    """The day from which the rules change."""

    slug = "programmer"
    action = CharterAction.SCHEDULE
    title = _("Set the day it comes into force")
    hint = _("On that day, at midnight, the register follows it.")
    done = _("The version is scheduled.")
    service = staticmethod(charter.schedule)

    day = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(attrs={"type": "date", "class": "width-10"}, format="%Y-%m-%d"),
        error_messages={"required": _("Give a date.")},
    )


class PublishForm(MoveForm):
    """Now."""

    slug = "publier"
    action = CharterAction.PUBLISH
    title = _("Put in force now")
    hint = _("The register follows it at the next page.")
    done = _("The version is in force.")
    service = staticmethod(charter.publish)


class AdoptForm(MoveForm):
    """The delivered version instead of the local one."""

    slug = "adopter"
    action = CharterAction.ADOPT
    title = _("Put the delivered version in force")
    hint = _("The version written here stays readable, and can be put back in force.")
    done = _("The delivered version is in force.")
    service = staticmethod(charter.adopt)


class SetAsideForm(_Reasoned):
    """The local version stays."""

    slug = "ecarter"
    action = CharterAction.SET_ASIDE
    title = _("Keep the version written here")
    hint = _("The delivered version is set aside; it stays readable.")
    done = _("The delivered version is set aside.")
    service = staticmethod(charter.set_aside)


class WithdrawForm(_Reasoned):
    """Given up before it was in force."""

    slug = "retirer"
    action = CharterAction.WITHDRAW
    title = _("Withdraw this version")
    hint = _("It will not come into force; it stays readable.")
    done = _("The version is withdrawn.")
    is_dangerous = True
    service = staticmethod(charter.withdraw)


class RollBackForm(_Reasoned):
    """An old content, as a new version."""

    slug = "remettre"
    action = CharterAction.ROLL_BACK
    title = _("Put this version back in force")
    hint = _("A new version takes its content and is in force at once.")
    done = _("A new version with this content is in force.")
    is_dangerous = True
    service = staticmethod(charter.roll_back)


MOVES: dict[str, type[MoveForm]] = {
    form.slug: form
    for form in (
        SignForm,
        RefuseForm,
        PublishForm,
        ScheduleForm,
        AdoptForm,
        SetAsideForm,
        RollBackForm,
        WithdrawForm,
    )
}
