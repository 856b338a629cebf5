"""Who will live in the home."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register import clock, codes
from register.deadlines import add_months
from register.form.fields import (
    AmountField,
    CodeField,
    DatePartsField,
    PersonNameField,
    WholeNumberField,
    YesNoField,
)

from .base import StepForm
from .identity import (
    birth_date_field,
    birth_name_field,
    first_names_field,
    nationality_field,
    title_field,
)
from .resources import PER_MONTH, PER_YEAR, TaxedForm

LINK = _("Link with the applicant")


def sex_field() -> forms.ChoiceField:
    """Sex of somebody who may share a bedroom."""
    return CodeField(
        codes.Sex,
        label=_("Sex"),
        help_text=_("It counts for the number of bedrooms."),
        widget=forms.RadioSelect,
        required=False,
    )


class CoApplicantQuestionForm(StepForm):
    """Is there a co-applicant?"""

    question = _("You and the other adults of the home")
    intro = _(
        "This person will sign the lease with you: your spouse, your partner, or another relative."
        " Children and people who depend on you come later."
    )
    help_title = _("You are separating")
    help_lines = (_("If you are separating from your spouse, answer no: you apply alone."),)

    has_co_applicant = YesNoField(
        label=_("Is somebody applying with you?"),
        error_messages={"required": _("Answer yes or no.")},
    )
    has_flat_sharers = YesNoField(
        label=_("Will you share the home with flatmates?"),
        help_text=_("Each flatmate makes his or her own application."),
        required=False,
    )


class FlatSharerForm(StepForm):
    """Somebody who will share the home and makes a demand of her own."""

    question = _("A person who will share the home with you")
    intro = _("This person makes his or her own application too.")

    title = title_field()
    birth_name = birth_name_field()
    first_names = first_names_field()
    birth_date = birth_date_field()

    def build(self) -> None:
        self.fields["title"].required = False


class CoApplicantForm(StepForm):
    """The person who will sign the lease with the applicant."""

    question = _("The person applying with you")
    titles = {"link": LINK, "used_name": _("Name in use")}

    link = CodeField(
        codes.ApplicantLink,
        label=_("This person is your…"),
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
    has_others = YesNoField(label=_("Does anybody else apply with you?"), required=False)


class OneIncomeForm(StepForm):
    """What somebody receives each month, in one line."""

    income_kind = CodeField(
        codes.IncomeKind,
        label=_("What this person receives each month"),
        help_text=_("Only if it is in this person’s own name."),
        arranged=[("", _("Nothing"))],
        required=False,
        widget=forms.Select(attrs={"class": "width-20"}),
    )
    income_amount = AmountField(label=_("How much each month?"), maximum=99_999, required=False)
    units = {"income_amount": PER_MONTH}

    def clean(self) -> dict[str, Any]:
        """An amount says of what, and a kind how much."""
        cleaned: dict[str, Any] = super().clean() or {}
        kind, amount = cleaned.get("income_kind"), cleaned.get("income_amount")
        if amount is not None and not kind:
            self.complain("income_kind", _("Choose what this amount is."), "kind")
        if kind and amount is None and "income_amount" not in self.errors:
            self.complain("income_amount", _("Write how much, or choose “Nothing”."), "amount")
        return cleaned


class OtherCoApplicantForm(CoApplicantForm, OneIncomeForm, TaxedForm):
    """One more person who will sign the lease, with what she earns."""

    question = _("One more person applying with you")
    units = {**OneIncomeForm.units, "tax_income_n2": PER_YEAR, "tax_income_n1": PER_YEAR}

    key = "foyer-codemandeurs"
    has_others = None  # type: ignore[assignment]
    work_status = CodeField(
        codes.WorkStatus,
        label=_("Situation of this person"),
        widget=forms.RadioSelect,
        required=False,
    )
    tax_income_n2 = AmountField(maximum=9_999_999, required=False)
    tax_income_n1 = AmountField(maximum=9_999_999, required=False)
    field_order = [*CoApplicantForm.base_fields, "work_status"]

    def build(self) -> None:
        self.tell_turned()
        for name, year in zip(("tax_income_n2", "tax_income_n1"), self.year_names, strict=True):
            self.fields[name].label = _("Tax income of %(year)s") % {"year": year}


class DependantForm(OneIncomeForm):
    """A person on the applicant's tax return."""

    question = _("A person who depends on you")
    intro = _("Write the names as they appear on the identity document or the family booklet.")
    titles = {"link": LINK}

    birth_name = birth_name_field()
    first_names = first_names_field()
    birth_date = birth_date_field()
    link = CodeField(
        codes.DependantLink,
        label=_("This person is your…"),
        widget=forms.RadioSelect,
        required=False,
    )
    sex = sex_field()
    field_order = ["birth_name", "first_names", "birth_date", "link", "sex"]


class VisitingChildForm(StepForm):
    """A child who comes to stay and is on somebody else's tax return."""

    question = _("A child who comes to stay with you")
    titles = {"custody": _("Custody")}

    birth_name = birth_name_field()
    first_names = first_names_field()
    birth_date = birth_date_field()
    custody = CodeField(
        codes.Custody,
        label=_("This child comes because of…"),
        widget=forms.RadioSelect,
        required=False,
    )
    sex = sex_field()


class UnbornForm(StepForm):
    """Children to be born."""

    question = _("Are you expecting a child?")
    intro = _("An unborn child counts for the size of the home. Leave empty if it is not the case.")
    titles = {"unborn_count": _("Children to be born")}

    unborn_count = WholeNumberField(
        label=_("Number of children to be born"), min_value=0, max_value=9, required=False
    )
    unborn_due_on = DatePartsField(
        label=_("Expected date of birth"),
        help_text=_("An approximate date is enough."),
        required=False,
        months_ahead=10,
    )

    def clean(self) -> dict[str, Any]:
        """A date says of how many children, and is not long past (they count for the home)."""
        cleaned: dict[str, Any] = super().clean() or {}
        due = cleaned.get("unborn_due_on")
        if due and due < add_months(clock.today(), -1):
            told = _("This day is more than a month past: a child who is born is told by name.")
            self.complain("unborn_due_on", told, "past")
        asked = "unborn_count" in self.fields and "unborn_count" not in self.errors
        if due and asked and not cleaned.get("unborn_count"):
            told = _("Write how many children are to be born, or leave the date empty.")
            self.complain("unborn_count", told, "count")
        return cleaned
