"""A mandate or a guardianship shown at a counter, and its end."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import day_field, text_field
from backoffice.forms.words import ReadAgain
from register.models import Mandate, MandateKind, MandateScope
from register.services.recorded_mandates import HelperData


def _line(name: str, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    """One line of the mandate, as its own column names and bounds it."""
    column: Any = Mandate._meta.get_field(name)
    return forms.CharField(
        label=column.verbose_name.capitalize(),
        help_text=help_text,
        max_length=column.max_length,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "width-20"}),
        error_messages={"required": _("Write what the paper says.")},
    )


class MandateForm(forms.Form):
    """Who helps, from whom the power comes, how far it goes and until when."""

    kind = forms.ChoiceField(
        label=_("What does this person show?"),
        choices=MandateKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer of the list.")},
    )
    name = _line("name", _("As the paper names her, him or it."), required=True)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("To act online: the address of an account here, which accepts the mandate."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "width-20"}),
    )
    phone = _line("phone")
    address = _line("address", _("A guardian receives a copy of what matters there, by post."))
    postal_code = _line("postal_code")
    city = _line("city")
    scope = forms.ChoiceField(
        label=_("What may this person do?"),
        help_text=_(
            "As the paper says. A guardian always represents, a curator always assists: nothing to"
            " choose."
        ),
        choices=MandateScope.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    reference = _line(
        "reference",
        _("Date of the signed paper, or court, date and number of the judgment."),
        required=True,
    )
    starts_on = day_field(_("Since"))
    ends_on = day_field(_("Until"), _("A mandate: one year at most. A judgment: its last day."))

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix="mandate")

    def told(self) -> dict[str, Any]:
        """What the service records, of a valid form."""
        data = dict(self.cleaned_data)
        reached = ("name", "email", "phone", "address", "postal_code", "city")
        helper = HelperData(**{name: data.pop(name) for name in reached})
        return {**data, "helper": helper}


class EndMandateForm(ReadAgain):
    """On which proof a mandate ends."""

    text = text_field(
        _("What ends it"),
        _("What the applicant said or wrote, or the judgment: she and her helper can read it."),
    )

    def __init__(self, *args: Any, mandate: Mandate, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"end-{mandate.pk}-%s", **kwargs)
        self.mandate = mandate
