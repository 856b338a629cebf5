"""How somebody whose file is sealed is reached, as she told it to an agent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import ActForm
from backoffice.forms.words import Words
from register.access import Action, FieldSet
from register.models import Demand, SafeWay
from register.principals import Principal
from register.services.preferences import choose_safe_way


def safe_way_field(label: Any, help_text: Any, *, required: bool) -> forms.ChoiceField:
    """One way, none chosen beforehand."""
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        required=required,
        choices=[("", _("Choose a way")), *SafeWay.choices],
        error_messages={"required": _("Choose an answer of the list.")},
    )


def safe_words_field() -> Words:
    """What whoever reaches her must know."""
    return Words(
        label=_("What should whoever reaches her know?"),
        help_text=_("At what hours, through whom, what not to say. 200 characters at most."),
        required=False,
        max_length=200,
    )


class SafeWayForm(ActForm):
    """The one way by which she is reached, whatever there is to tell."""

    code, icon = "safe-way", "shield-lock"
    title, button = _("Safe way to reach her"), _("Record the safe way")
    hint = _("This way only is used from now on; the applicant reads it in her space.")
    done = _("The safe way is recorded.")
    action, writes = Action.EDIT, FieldSet.CONTACT
    service = staticmethod(choose_safe_way)

    way = safe_way_field(_("How may she be reached without danger?"), _("Ask her."), required=True)
    words = safe_words_field()

    @classmethod
    def is_timely(cls, principal: Principal, demand: Demand) -> bool:
        """For a sealed file alone."""
        return demand.is_sealed
