"""The questions of the simulator: one page, nothing required but the people."""

from typing import Any

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from register import clock, code_lists, codes
from register.form.fields import AmountField, SurfaceField, WholeNumberField, YesNoField
from register.form.steps.resources import PER_MONTH, PER_YEAR
from register.form.tax_years import tax_years

MOST_PEOPLE = 9
MOST_MONTHS = 600
UNITS: dict[str, Any] = {
    "applicant_age": pgettext_lazy("age", "years"),
    "partner_age": pgettext_lazy("age", "years"),
    "income_n2": PER_YEAR,
    "income_n1": PER_YEAR,
    "monthly_income": PER_MONTH,
    "monthly_cost": PER_MONTH,
    "housing_benefit": PER_MONTH,
    "surface": "m²",
    "waiting_months": _("months"),
}


def _people(label: Any, help_text: Any = "") -> WholeNumberField:
    return WholeNumberField(
        label=label, help_text=help_text, min_value=0, max_value=MOST_PEOPLE, required=False
    )


def _today(named: Any) -> list[Any]:
    return code_lists.offered(named, clock.today())


class SimulatorForm(forms.Form):
    """A household, what it lives on and where it lives. Only the applicant's age must be given."""

    use_required_attribute = False

    applicant_age = WholeNumberField(
        label=_("Your age"),
        min_value=16,
        max_value=120,
        error_messages={"required": _("Write your age in figures, for example 35.")},
    )
    partner_age = WholeNumberField(
        label=_("Age of the person you live with as a couple"),
        help_text=_("Leave empty if you apply alone."),
        min_value=16,
        max_value=120,
        required=False,
    )
    other_adults = _people(
        _("Other adults of your household"), _("Who will live with you, without being your couple.")
    )
    young_children = _people(_("Children under 14"))
    older_children = _people(_("Children aged 14 or more"))
    visiting_children = _people(
        _("Children who stay with you at times"),
        _("Shared custody or visits: they count for the size of the home."),
    )
    unborn = _people(_("Children to be born"))
    has_disability = YesNoField(label=_("Is somebody of the household disabled?"), required=False)
    income_n2 = AmountField(maximum=9_999_999, required=False)
    income_n1 = AmountField(maximum=9_999_999, required=False)
    monthly_income = AmountField(
        label=_("What the household receives each month"),
        help_text=_("All together, housing benefit not counted."),
        maximum=99_999,
        required=False,
    )
    housing_kind = forms.ChoiceField(
        label=_("Where you live today"),
        choices=lambda: [("", _("I prefer not to say")), *_today(codes.CurrentHousingKind)],
        required=False,
    )
    occupants = WholeNumberField(
        label=_("People living there"), min_value=1, max_value=30, required=False
    )
    surface = SurfaceField(label=_("Surface"), min_value=1, max_value=999, required=False)
    monthly_cost = AmountField(label=_("Rent and charges"), maximum=99_999, required=False)
    housing_benefit = AmountField(
        label=_("Housing benefit"), help_text=_("APL, ALS or ALF."), maximum=9_999, required=False
    )
    reasons = forms.MultipleChoiceField(
        label=_("Why you want to move"),
        choices=lambda: _today(codes.DemandReason),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    waiting_months = WholeNumberField(
        label=_("For how long your demand has been registered"),
        help_text=_("Leave empty if you have no demand yet."),
        min_value=0,
        max_value=MOST_MONTHS,
        required=False,
    )
    declined = forms.MultipleChoiceField(
        label=_("If you declined a home that was offered to you"),
        help_text=_("Why you did. Leave empty if it never happened."),
        choices=codes.DeclineReason.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        older, latest = tax_years()
        for name, year in (("income_n2", older), ("income_n1", latest)):
            self.fields[name].label = _("Fiscal reference income of %(year)s") % {"year": year}
        self.fields["income_n2"].help_text = _(
            "First page of the tax notice. Add those of all the adults."
        )
        self.fields["income_n1"].help_text = _("If you have this notice, above all if it fell.")

    @property
    def helper(self) -> FormHelper:
        """The questions in four groups, amounts with their unit."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        groups = (
            (_("Your household"), "applicant_age", "has_disability"),
            (_("Your income"), "income_n2", "monthly_income"),
            (_("Your home today"), "housing_kind", "housing_benefit"),
            (_("Your demand"), "reasons", "declined"),
        )
        helper.layout = Layout(
            *(Fieldset(title, *self._between(first, last)) for title, first, last in groups)
        )
        return helper

    def _between(self, first: str, last: str) -> list[Any]:
        names = list(self.fields)
        chosen = names[names.index(first) : names.index(last) + 1]
        return [AppendedText(n, UNITS[n]) if n in UNITS else n for n in chosen]
