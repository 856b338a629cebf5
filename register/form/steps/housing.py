"""Where the applicant lives today."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register import codes
from register.form.fields import (
    SIREN,
    AmountField,
    BusinessNumberField,
    CodeField,
    DatePartsField,
    PlainTextField,
    PostalCodeField,
    SurfaceField,
    WholeNumberField,
)

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
    help_title = _("Which one to choose")
    help_lines = (
        _("Private tenant: you pay rent to a person or to an agency."),
        _("With somebody: a friend or relative puts you up, not your parents or children."),
        _("Shelter: an emergency or reintegration centre, or a centre for asylum."),
        _("Social residence or hostel: you pay each month for a room or a small home of your own."),
    )
    titles = {
        "kind": _("Current housing"),
        "landlord_name": _("Landlord"),
        "landlord_siren": _("SIREN of the landlord"),
    }

    kind = CodeField(
        codes.CurrentHousingKind,
        label=_("Your situation today"),
        arranged=[(kind.value, kind.label) for kind in KINDS],
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
    landlord_siren = BusinessNumberField(
        label=_("SIREN of your landlord"),
        help_text=_("9 figures, on the lease or the rent receipt. Leave empty if you do not know."),
        length=SIREN,
        max_length=20,
    )

    def clean(self) -> dict[str, Any]:
        """A landlord is one of a social tenant."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind", _KIND.HLM) != _KIND.HLM:
            cleaned |= {"landlord_name": "", "landlord_siren": ""}
        return cleaned


class HomeAddressForm(StepForm):
    """Where the present home is, when letters go elsewhere."""

    question = _("Where is your present home?")
    intro = _("Leave empty if you receive your letters there.")
    titles = {"housed_by": _("Housed by")}
    together = _("Lives at")

    housed_by = PlainTextField(
        label=_("Who houses you?"),
        help_text=_("If it is the case: the person or the organisation."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "off"}),
    )
    home_address = PlainTextField(label=_("Number and street"), max_length=200, required=False)
    home_address_extra = PlainTextField(
        label=_("Building, floor, door"), max_length=200, required=False
    )
    home_postal_code = PostalCodeField(
        label=_("Postal code"),
        required=False,
        widget=forms.TextInput(attrs={"class": "width-5", "inputmode": "numeric"}),
    )
    home_city = PlainTextField(
        label=_("Town"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "width-20"}),
    )


class CurrentHomeForm(StepForm):
    """Size, people and costs of the present home."""

    question = _("Your present home")
    intro = _("These answers show whether your home is too small, too large or too expensive.")
    units = {"surface": "m²", "monthly_cost": _("€ per month"), "housing_benefit": _("€ per month")}
    titles = {
        "occupants": _("People living there"),
        "home_type": _("Size"),
        "monthly_cost": _("Rent and charges"),
        "housing_benefit": _("Housing benefit"),
        "since": _("Since"),
    }

    occupants = WholeNumberField(
        label=_("How many people live there?"),
        help_text=_("Count everybody, you included."),
        min_value=1,
        max_value=30,
        error_messages={"required": _("Write how many people live there, you included.")},
    )
    home_type = CodeField(
        codes.HomeType,
        label=_("Size of the home"),
        help_text=_("T2 means one living room and one bedroom."),
        arranged=[("", _("I do not know"))],
        required=False,
        widget=forms.Select(attrs={"class": "width-10"}),
    )
    surface = SurfaceField(label=_("Surface"), min_value=1, max_value=2000, required=False)
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
        label=_("Living there since"),
        help_text=_("The month and the year are enough: leave the day empty. For example 9 2019."),
        month_is_enough=True,
        required=False,
    )
