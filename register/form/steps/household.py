"""Who will live in the home."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register import codes
from register.form.fields import DatePartsField, PersonNameField, WholeNumberField, YesNoField

from .base import StepForm
from .identity import (
    birth_date_field,
    birth_name_field,
    first_names_field,
    nationality_field,
    title_field,
)


class CoApplicantQuestionForm(StepForm):
    """Is there a co-applicant?"""

    question = _("Is somebody applying with you?")
    intro = _(
        "This person will sign the lease with you: your spouse, your partner, or another relative."
        " Children and people who depend on you come later."
    )
    question_is_label = True
    help_title = _("You are separating, or sharing a flat")
    help_lines = (
        _("If you are separating from your spouse, answer no: you apply alone."),
        _("Each flatmate makes his or her own application."),
    )

    has_co_applicant = YesNoField(
        label=_("Is somebody applying with you?"),
        error_messages={"required": _("Answer yes or no.")},
    )


class CoApplicantForm(StepForm):
    """The person who will sign the lease with the applicant."""

    question = _("The person applying with you")

    link = forms.ChoiceField(
        label=_("This person is your…"),
        choices=codes.ApplicantLink.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who this person is for you.")},
    )
    title = title_field()
    birth_name = birth_name_field()
    used_name = PersonNameField(
        label=_("Name this person uses"),
        help_text=_("If it is not the birth name."),
        required=False,
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "off"}),
    )
    first_names = first_names_field()
    birth_date = birth_date_field()
    nationality = nationality_field()


class DependantForm(StepForm):
    """A person on the applicant's tax return."""

    question = _("A person who depends on you")
    intro = _("Write the names as they appear on the identity document or the family booklet.")

    birth_name = birth_name_field()
    first_names = first_names_field()
    birth_date = birth_date_field()
    link = forms.ChoiceField(
        label=_("This person is your…"),
        choices=codes.DependantLink.choices,
        widget=forms.RadioSelect,
        required=False,
    )


class VisitingChildForm(StepForm):
    """A child who comes to stay and is on somebody else's tax return."""

    question = _("A child who comes to stay with you")

    birth_name = birth_name_field()
    first_names = first_names_field()
    birth_date = birth_date_field()
    custody = forms.ChoiceField(
        label=_("This child comes because of…"),
        choices=codes.Custody.choices,
        widget=forms.RadioSelect,
        required=False,
    )


class UnbornForm(StepForm):
    """Children to be born."""

    question = _("Are you expecting a child?")
    intro = _("An unborn child counts for the size of the home. Leave empty if it is not the case.")

    unborn_count = WholeNumberField(
        label=_("Number of children to be born"), min_value=0, max_value=9, required=False
    )
    unborn_due_on = DatePartsField(
        label=_("Expected date of birth"),
        help_text=_("An approximate date is enough."),
        required=False,
        months_ahead=12,
    )


class KnownPeopleField(forms.MultipleChoiceField):
    """Ticked people; somebody removed from the household since is simply no longer ticked."""

    def to_python(self, value: Any) -> list[str]:
        return [each for each in super().to_python(value) if self.valid_value(each)]


class DisabilityForm(StepForm):
    """Who in the household has a disability (case C1)."""

    question = _("Does somebody have a disability?")
    intro = _(
        "Say it if you wish: it can give priority and a home that is adapted."
        " Only those who look for a home for you see this answer."
        " Tick nobody if it is not the case."
    )
    question_is_label = True

    disabled = KnownPeopleField(
        label=_("People with a disability"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def build(self) -> None:
        choices: list[tuple[str, Any]] = [("applicant", _("Me"))]
        if self.answers.has_co_applicant:
            name = self.answers.value("foyer-conjoint", "first_names")
            choices.append(("co_applicant", name or _("The person applying with you")))
        for key in ("foyer-personnes-a-charge", "foyer-enfants-en-visite"):
            for someone in self.answers.people(key):
                name = (someone.get("raw", {}).get("first_names") or [""])[-1]
                choices.append((someone["id"], name or _("Somebody without a name yet")))
        self.fields["disabled"].choices = choices  # type: ignore[attr-defined]
