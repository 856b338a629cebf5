"""What an agent answers about two demands that may be one person's."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.forms.words import ReadAgain, Words
from register.models import Demand, DuplicatePair
from register.selectors.pairs import Choice
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


class OneOfTwo(forms.RadioSelect):
    """Two demands, of which one may be refused: it is shown with its reason, and not offered."""

    refused: frozenset[int] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option, closed when it is refused."""
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.refused:
            option["attrs"]["disabled"] = True
        return option


class MergeForm(ReasonForm):
    """Which of two demands of one person goes on. `versions` are those that the agent looked at."""

    field_order = ("kept", "reason")
    kept = forms.TypedChoiceField(
        label=_("The demand that goes on"),
        help_text=_("With its household, its wishes and its papers. The other stays readable."),
        coerce=int,
        widget=OneOfTwo,
        error_messages={"required": _("Choose the demand that goes on.")},
    )
    versions = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, pair: DuplicatePair, *args: Any, **kwargs: Any) -> None:
        demands = (pair.first, pair.second)
        seen = "-".join(str(demand.version) for demand in demands)
        super().__init__(*args, initial={"versions": seen}, **kwargs)
        self.pair = pair
        self._offer({demand.pk: _number(demand) for demand in demands})

    def tell(self, choices: Sequence[Choice]) -> None:
        """Say of each demand what is not kept if it goes on, or why it may not.

        The one that loses least is chosen beforehand, the oldest of two that lose as much.
        """
        possible = [each for each in choices if not each.refusal]
        self.is_possible = bool(possible)
        self.fields["kept"].widget.refused = frozenset(  # type: ignore[attr-defined]
            each.demand.pk for each in choices if each.refusal
        )
        self._offer({each.demand.pk: _with_loss(each) for each in choices})
        least = min(
            possible,
            key=lambda each: (each.count, each.demand.received_on, each.demand.pk),
            default=None,
        )
        self.initial["kept"] = least.demand.pk if least else None

    def _offer(self, words: Mapping[int, str]) -> None:
        self.fields["kept"].choices = list(words.items())  # type: ignore[attr-defined]

    def clean_versions(self) -> dict[int, int]:
        """The versions by key of the demands."""
        told = self.cleaned_data["versions"].split("-")
        if len(told) != 2 or not all(part.isdecimal() for part in told):
            raise forms.ValidationError(_("Open the pair again."))
        return dict(zip((self.pair.first_id, self.pair.second_id), map(int, told), strict=True))


def _number(demand: Demand) -> str:
    return gettext("%(number)s, received on %(day)s") % {
        "number": number_spaced(demand.number),
        "day": date_long(demand.received_on),
    }


def _with_loss(choice: Choice) -> str:
    loss = ngettext(
        "%(count)s answer of the other one is not kept",
        "%(count)s answers of the other one are not kept",
        choice.count,
    ) % {"count": choice.count}
    told = loss if choice.count else gettext("Nothing of the other one is lost.")
    return format_html("{} <small>{}</small>", _number(choice.demand), choice.refusal or told)
