"""Where the applicant lives today."""

from django import forms
from django.utils.translation import gettext_lazy as _

from register import codes
from register.form.fields import AmountField, DatePartsField, PlainTextField, WholeNumberField

from .base import StepForm

# The most frequent situations first: a tired reader stops at the first that fits.
_KIND = codes.CurrentHousingKind
KINDS = (
    _KIND.PRIVATE,
    _KIND.HLM,
    _KIND.WITH_PARENTS,
    _KIND.WITH_OTHERS,
    _KIND.FREE,
    _KIND.OWNER,
    _KIND.RESIDENCE,
    _KIND.STUDENT_RESIDENCE,
    _KIND.SUBLET,
    _KIND.SHELTER,
    _KIND.HOTEL,
    _KIND.MOBILITY_HOTEL,
    _KIND.CHILD_CENTRE,
    _KIND.WORK_HOUSING,
    _KIND.CAMPING,
    _KIND.SQUAT,
    _KIND.HOMELESS,
)


class CurrentHousingForm(StepForm):
    """Kind of housing, and the landlord of a social tenant."""

    question = _("Where do you live today?")
    intro = _("Choose what comes closest to your situation.")

    kind = forms.ChoiceField(
        label=_("Your situation today"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where you live today.")},
    )
    landlord_name = PlainTextField(
        label=_("Name of your landlord"),
        help_text=_("Only if you are the tenant of a social landlord."),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "off"}),
    )


class CurrentHomeForm(StepForm):
    """Size, people and costs of the present home."""

    question = _("Your present home")
    intro = _("These answers show whether your home is too small, too large or too expensive.")
    units = {"surface": "m²", "monthly_cost": _("€ per month"), "housing_benefit": _("€ per month")}

    occupants = WholeNumberField(
        label=_("How many people live there?"),
        help_text=_("Count everybody, you included."),
        min_value=1,
        max_value=30,
        error_messages={"required": _("Write how many people live there, you included.")},
    )
    home_type = forms.ChoiceField(
        label=_("Size of the home"),
        help_text=_("T2 means one living room and one bedroom."),
        choices=[("", _("I do not know")), *codes.HomeType.choices],
        required=False,
        widget=forms.Select(attrs={"class": "width-10"}),
    )
    surface = WholeNumberField(label=_("Surface"), min_value=1, max_value=2000, required=False)
    monthly_cost = AmountField(
        label=_("What you pay for it"),
        help_text=_("Rent and charges, before housing benefit."),
        maximum=20_000,
        required=False,
    )
    housing_benefit = AmountField(
        label=_("Housing benefit (APL, ALS or ALF)"), maximum=5_000, required=False
    )
    since = DatePartsField(
        label=_("Living there since"), help_text=_("For example 1 9 2019."), required=False
    )
