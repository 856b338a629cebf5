"""Who asks."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from register import clock, codes
from register.form.answers import Answers
from register.form.fields import CodeField, DatePartsField, PersonNameField
from register.household import MAJORITY, age_on

from .base import StepForm

TITLES = [(codes.Title.MRS, _("Mrs")), (codes.Title.MR, _("Mr"))]


def title_field() -> forms.ChoiceField:
    """Civility, as on the national form."""
    return CodeField(
        codes.Title,
        arranged=TITLES,
        label=pgettext_lazy("person", "Title"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a title.")},
    )


def birth_name_field() -> PersonNameField:
    """Birth name, as on the identity document."""
    return PersonNameField(
        label=_("Birth name"),
        help_text=_("As on the identity document."),
        error_messages={"required": _("Write the birth name.")},
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "off"}),
    )


def first_names_field() -> PersonNameField:
    """First names in the order of the identity document."""
    return PersonNameField(
        label=_("First names"),
        help_text=_("In the order of the identity document."),
        error_messages={"required": _("Write at least one first name.")},
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "off"}),
    )


def birth_date_field() -> DatePartsField:
    """Date of birth in three boxes."""
    return DatePartsField(
        label=_("Date of birth"),
        help_text=_("For example 27 3 1985."),
        error_messages={"required": _("Write the date of birth.")},
    )


def nationality_field() -> forms.ChoiceField:
    """Nationality in three classes (a finer one may not be collected)."""
    return CodeField(
        codes.Nationality,
        label=_("Nationality"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a nationality.")},
    )


class IdentityForm(StepForm):
    """Civility, names and date of birth of the applicant."""

    question = _("Who are you?")
    intro = _("Write your names as they appear on your identity document.")
    titles = {"used_name": _("Name in use")}

    title = title_field()
    birth_name = birth_name_field()
    used_name = PersonNameField(
        label=_("Name you use"),
        help_text=_("If it is not your birth name, for example a married name."),
        required=False,
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "family-name"}),
    )
    first_names = first_names_field()
    birth_date = DatePartsField(
        label=_("Date of birth"),
        help_text=_("For example 27 3 1985."),
        error_messages={"required": _("Write your date of birth.")},
        birthday=True,
    )

    def build(self) -> None:
        self.fields["birth_name"].error_messages["required"] = _("Write your birth name.")
        self.fields["first_names"].widget.attrs["autocomplete"] = "given-name"


def said_to_a_minor(answers: Answers) -> str:
    """Who may apply, to an applicant whose birth date makes her less than 18; else an empty text.

    It forbids nothing: an emancipated minor applies as an adult does (CCH L441-1 m).
    """
    typed = [answers.value("identite", f"birth_date_{part}") for part in range(3)]
    try:
        born: date | None = DatePartsField(required=False).clean(typed)
    except ValidationError:
        return ""
    if born is None or age_on(clock.today(), born) >= MAJORITY:
        return ""
    return str(
        _(
            "The date of birth you wrote makes you less than 18 years old. If it is wrong, correct"
            " it. If you are emancipated, go on: you apply as an adult does. Otherwise your parent"
            " or your guardian applies, and adds you among the people to be housed. If you are on"
            " your own, any counter tells you who can help."
        )
    )


class SituationForm(StepForm):
    """Nationality and family status of the applicant."""

    question = _("Your nationality and family situation")
    intro = _(
        "Nationality only tells which identity document will be asked of you."
        " The family situation helps find a home that suits you."
    )
    help_title = _("Which family situation to choose")
    help_lines = (
        _("Living as a couple without marriage or PACS: you share your life and your home."),
        _("Separated: you no longer live together, and no judge has pronounced the divorce yet."),
    )

    nationality = nationality_field()
    family_status = CodeField(
        codes.FamilyStatus,
        label=_("Family situation"),
        widget=forms.RadioSelect,
        required=False,
    )

    def build(self) -> None:
        self.warning = said_to_a_minor(self.answers)
