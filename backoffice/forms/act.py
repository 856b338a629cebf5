"""What every act on a demand shares: its form, its fields, the service that records it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.forms.words import ReadAgain, Words
from register import access, clock, code_lists, lifecycle
from register.access import Action, FieldSet
from register.models import Demand, EffectKind, Event, EventKind
from register.principals import Principal
from register.selectors.channels import UNHEARD, matters, way_to_tell

TEXT_LENGTH = 2000
TOLD: Mapping[EffectKind | None, str | Promise] = {
    EffectKind.MESSAGE_EMAIL: _("The applicant is told by e-mail."),
    EffectKind.LETTER: _("The applicant has no e-mail: she is told by post."),
    EffectKind.SMS: _("The applicant has no e-mail: she is told by text message."),
    None: _("The applicant has no e-mail: nobody tells her. Call or write."),
}
TOLD_UNREAD = _("How the applicant is told is part of her contact details, which you do not read.")
# Of a sealed file: by the one way that she called safe.
TOLD_SAFELY = _("The applicant is told by her safe way.")
TOLD_BY_A_BODY = _(
    "Her safe way lets the register send nothing: telling her is a task of the body in charge."
)
UNTOLD_SAFELY = _("Her safe way lets the register send nothing: nobody tells her.")


def how_told(
    principal: Principal, demand: Demand, way: EffectKind | None, *, is_owed: bool
) -> str | Promise:
    """How the applicant knows of a step, for whoever records it.

    By which way is part of her contact details: who may not read these does not read it.
    """
    if not access.fields(principal, demand).can_read(FieldSet.CONTACT):
        return TOLD_UNREAD
    if not demand.is_sealed:
        return TOLD[way]
    if way is None and is_owed:
        return TOLD_BY_A_BODY
    return TOLD_SAFELY if way else UNTOLD_SAFELY


def choice_field(label: Any, choices: type[TextChoices], blank: Any) -> forms.ChoiceField:
    """One answer of a list as it stands today, none chosen beforehand."""
    return forms.ChoiceField(
        label=label,
        choices=lambda: [("", blank), *code_lists.offered(choices, clock.today())],
        error_messages={"required": _("Choose an answer of the list.")},
    )


def text_field(label: Any, help_text: Any = "", *, required: bool = True) -> Words:
    """A few words."""
    return Words(
        label=label,
        help_text=help_text,
        required=required,
        max_length=TEXT_LENGTH,
        rows=4,
        error_messages={"required": _("Write a few words.")},
    )


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day, with the picker of the browser."""
    picker = forms.DateInput(attrs={"type": "date", "class": "width-10"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=picker,
        error_messages={"required": _("Give a date.")},
    )


class ActForm(ReadAgain):
    """One act. `code` names it in addresses; `move` is the transition it needs, if any; `writes`
    the group of data that it changes, for acts that the right to act does not open by itself.

    `action` is the right it takes. `version` is that of the demand the agent was looking at: an
    act decided on a demand that somebody else changed meanwhile is not recorded (R15).
    """

    code = ""
    title: str | Promise = ""
    button: str | Promise = ""
    done: str | Promise = ""
    # The kind of the step of which the applicant is told, if she is.
    tells = ""
    icon = ""
    # The key that opens it on the file's screen, if any.
    key = ""
    # How the applicant will be told, known before it is recorded.
    told: str | Promise = ""
    # What the agent should know before she records it; each demand may have its own.
    hint: str | Promise = ""
    move = ""
    writes = ""
    action = Action.RECORD_ACT
    # The service of the act; each form names its own.
    service: ClassVar[Callable[..., Event]]

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{self.code}_%s", **kwargs)

    @classmethod
    def is_timely(cls, principal: Principal, demand: Demand) -> bool:
        """True when the act makes sense today for her: it is not offered otherwise."""
        return not cls.move or lifecycle.can(demand, cls.move)

    def suit(self, principal: Principal, demand: Demand) -> "ActForm":
        """Adapt what is offered to the reader and the demand; most acts offer the same to all."""
        return self

    def way(self, demand: Demand, usual: EffectKind | None) -> EffectKind | None:
        """How the applicant is told of it; most acts are told the `usual` way."""
        return usual

    @property
    def _reason(self) -> str:
        return str(self.data.get("reason", ""))

    def said(self, principal: Principal, demand: Demand) -> str:
        """What the agent reads once it is done: what was recorded, and how the applicant knows."""
        if not self.tells:
            return str(self.done)
        way = way_to_tell(demand, self.tells, self._reason)
        return f"{self.done} {self._how_told(principal, demand, way)}"

    def foretell(
        self, principal: Principal, demand: Demand, ways: Mapping[bool, EffectKind | None]
    ) -> None:
        """Say beside the button how she will be told, unless that hangs on what is recorded."""
        if self.tells and not any(self.tells == kind for kind, _reason in UNHEARD):
            self.told = self._how_told(principal, demand, ways[matters(self.tells)])

    def _how_told(
        self, principal: Principal, demand: Demand, usual: EffectKind | None
    ) -> str | Promise:
        # A body tells what matters when nothing may be sent, and the new certificate (R441-2-7).
        is_owed = matters(self.tells, self._reason) or self.tells == EventKind.RENEWED
        return how_told(principal, demand, self.way(demand, usual), is_owed=is_owed)

    def record(self, *, principal: Principal, demand: Demand) -> Event:
        """Record the act of a valid form through its service."""
        data = dict(self.cleaned_data)
        expected = data.pop("version")
        return type(self).service(
            principal=principal, demand=demand, expected_version=expected, **data
        )
