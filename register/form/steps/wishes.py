"""The home asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register import codes
from register.form.fields import AmountField, CodeField, CodesField, YesNoField

from .base import StepForm

HOME_TYPES = [
    (codes.HomeType.ROOM, _("A room")),
    (codes.HomeType.T1, _("T1: one room")),
    (codes.HomeType.T2, _("T2: a living room and 1 bedroom")),
    (codes.HomeType.T3, _("T3: a living room and 2 bedrooms")),
    (codes.HomeType.T4, _("T4: a living room and 3 bedrooms")),
    (codes.HomeType.T5, _("T5: a living room and 4 bedrooms")),
    (codes.HomeType.T6, _("T6 or larger: 5 bedrooms or more")),
]


class WishedHomeForm(StepForm):
    """Sizes, building, highest cost, and what is accepted besides (G1)."""

    question = _("What home are you looking for?")
    intro = _("Tick all the sizes that would suit you: the wider the choice, the shorter the wait.")
    units = {"max_monthly_cost": _("€ per month")}
    titles = {
        "home_types": _("Size of home"),
        "max_monthly_cost": _("Highest monthly cost, charges included"),
        "accepts_flat_share": _("Accepts a room in a shared flat"),
        "accepts_ground_floor": _("Accepts a ground floor"),
        "accepts_no_lift": _("Accepts a building without a lift"),
        "wants_ownership_news": _("Wants news of homes to buy"),
    }

    home_types = CodesField(
        codes.HomeType,
        arranged=HOME_TYPES,
        label=_("Sizes that suit you"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one size of home.")},
    )
    building_kind = CodeField(
        codes.BuildingKind,
        label=_("Flat or house"),
        arranged=[
            (codes.BuildingKind.EITHER, _("Either one")),
            (codes.BuildingKind.FLAT, _("A flat")),
            (codes.BuildingKind.HOUSE, _("A house")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    max_monthly_cost = AmountField(
        label=_("The most you can pay"),
        help_text=_("Rent and charges, once housing benefit is taken off."),
        maximum=20_000,
        required=False,
    )
    accepts_flat_share = forms.BooleanField(
        label=_("I also accept a room in a shared flat"), required=False
    )
    accepts_ground_floor = forms.BooleanField(label=_("I accept a ground floor"), required=False)
    accepts_no_lift = forms.BooleanField(
        label=_("I accept a building without a lift"), required=False
    )
    wants_ownership_news = forms.BooleanField(
        label=_("I agree to be told about homes to buy at a social price"), required=False
    )

    def build(self) -> None:
        if self.answers.is_association:
            del self.fields["wants_ownership_news"]


class WideningForm(StepForm):
    """Accept a neighbouring commune (mandatory yes or no)."""

    question = _("Would a neighbouring commune suit you too?")
    intro = _(
        "If you answer yes, landlords may also offer you a home in a commune or a district close"
        " to the ones you chose. This can shorten the wait."
    )
    question_is_label = True
    titles = {"widening": _("Neighbouring communes")}

    widening = YesNoField(
        label=_("Would a neighbouring commune suit you too?"),
        error_messages={"required": _("Answer yes or no.")},
    )


class CommunesForm(StepForm):
    """Communes are chosen one by one; the page only checks that there is one."""

    question = _("Where would you like to live?")
    intro = _(
        "Choose up to 8 communes of the same department, the one you prefer first."
        " Each landlord of the department sees your application."
    )
    titles = {"commune_search": _("Communes, in order")}

    commune_search = forms.CharField(label=_("Communes"), required=False)

    def build(self) -> None:
        if self.answers.is_association:
            self.question = _("Where are you looking for homes?")  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.answers.communes:
            self.complain("commune_search", _("Choose at least one commune."), "required")
        return cleaned
