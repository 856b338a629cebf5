"""What the household lives on."""

from typing import Any, ClassVar

from crispy_forms.layout import Hidden, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from register import code_lists, codes
from register.form.answers import Raw
from register.form.fields import (
    SIRET,
    AmountField,
    BusinessNumberField,
    CodeField,
    CodesField,
    DatePartsField,
    PlainTextField,
    YesNoField,
)
from register.form.tax_years import TAX_YEAR, TURNED, year_of

from .base import StepForm, Text

PER_MONTH = _("€ per month")
PER_YEAR = _("€ per year")


class TaxedForm(StepForm):
    """A page that asks for fiscal reference incomes, and carries the year that they are of."""

    key: ClassVar[str]
    intro: Text = ""  # type: ignore[misc]

    @property
    def years(self) -> tuple[int, int]:
        """Years N-2 and N-1 that the page asks."""
        year = year_of(self.answers, self.key, self.person)
        return year, year + 1

    @property
    def year_names(self) -> tuple[str, str]:
        """How the page calls them."""
        older, latest = self.years
        return str(older), str(latest)

    def layout(self) -> Layout:
        """The fields, and the year of the amounts beside them."""
        return Layout(super().layout(), Hidden(TAX_YEAR, self.years[0]))

    def raw_from(self, data: Any) -> Raw:
        """What was typed, with the year that it was typed for."""
        return super().raw_from(data) | {TAX_YEAR: [data.get(TAX_YEAR) or str(self.years[0])]}

    def stamp(self, slot: dict[str, Any]) -> None:
        """Somebody has seen the years of this page."""
        slot.pop(TURNED, None)

    def tell_turned(self) -> None:
        """Say that the year has turned since the amounts were typed, until the page is saved."""
        if TURNED in self.answers.slot(self.key, self.person):
            self.intro = _(
                "The year has turned since you answered: the incomes of %(older)s and %(latest)s"
                " count now. What you had written for %(older)s is kept under that year."
            ) % {"older": self.years[0], "latest": self.years[1]}


class TaxIncomeForm(TaxedForm):
    """Fiscal reference incomes of years N-2 and N-1 (E1 to E6)."""

    question = _("Your tax income")
    intro: Text = _(  # type: ignore[misc]
        "The fiscal reference income tells which homes you may have. It does not decide whether"
        " your application is registered: leave empty what you do not have."
    )
    help_title = _("Where to find it")
    help_lines = (
        _(
            "On your income tax notice: the amount called “Revenu fiscal de référence” is on the"
            " first page, and again at the end of the calculation."
        ),
        _("It is the income of the whole year, not of a month. If you pay no tax, it exists too."),
        _("Without the paper: sign in to impots.gouv.fr, under “Documents”."),
    )

    key = "ressources"
    tax_income_n2 = AmountField(maximum=9_999_999, required=False)
    tax_income_n1 = AmountField(maximum=9_999_999, required=False)
    co_tax_income_n2 = AmountField(maximum=9_999_999, required=False)
    co_tax_income_n1 = AmountField(maximum=9_999_999, required=False)
    units = dict.fromkeys(
        ("tax_income_n2", "tax_income_n1", "co_tax_income_n2", "co_tax_income_n1"), PER_YEAR
    )
    # Called by its year where the demand is known.
    titles = {
        "tax_income_n2": _("Fiscal reference income of year N-2"),
        "tax_income_n1": _("Fiscal reference income of year N-1"),
        "co_tax_income_n2": _("Fiscal reference income of year N-2"),
        "co_tax_income_n1": _("Fiscal reference income of year N-1"),
    }

    def build(self) -> None:
        self.tell_turned()
        older, latest = self.year_names
        labels = {
            "tax_income_n2": _("Your income of %(year)s"),
            "tax_income_n1": _("Your income of %(year)s"),
            "co_tax_income_n2": _("Income of %(year)s of the person applying with you"),
            "co_tax_income_n1": _("Income of %(year)s of the person applying with you"),
        }
        for name, label in labels.items():
            year = older if name.endswith("n2") else latest
            self.fields[name].label = label % {"year": year}
            self.fields[name].help_text = (
                _("Tax notice received in %(year)s.") % {"year": self.years[1]}
                if name.endswith("n2")
                else _("If you already have this notice, and above all if your income fell.")
            )
        for name in ("co_tax_income_n2", "co_tax_income_n1"):
            self.fields[name].help_text = _("Leave empty if you are on the same tax notice.")
            if not self.answers.has_co_applicant:
                del self.fields[name]


class WorkForm(StepForm):
    """Work of the adults (D1 to D30)."""

    question = _("Your work")
    intro = _("Some landlords keep homes for people who work in certain jobs or companies.")
    titles = {
        "work_status": _("Work"),
        "co_work_status": _("Work"),
        "occupation": _("Occupation"),
        "co_occupation": _("Occupation"),
    }

    work_status = CodeField(
        codes.WorkStatus,
        label=_("Your situation"),
        widget=forms.RadioSelect,
        required=False,
    )
    occupation = PlainTextField(
        label=_("Your job"),
        help_text=_("For example nurse, bus driver, cleaner."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "organization-title"}),
    )
    co_work_status = CodeField(
        codes.WorkStatus,
        label=_("Situation of the person applying with you"),
        widget=forms.RadioSelect,
        required=False,
    )

    co_occupation = PlainTextField(
        label=_("Job of the person applying with you"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "off"}),
    )

    def build(self) -> None:
        if not self.answers.has_co_applicant:
            del self.fields["co_work_status"], self.fields["co_occupation"]


class EmployerForm(StepForm):
    """For whom and where somebody works, and a long unemployment before (D2 to D7, D12 to D15)."""

    question = _("Your employer")
    intro = _(
        "Some homes are kept for those who work for the State, a hospital or a company."
        " You need not answer."
    )
    titles = {
        "employer": _("Works for"),
        "workplace": _("Place of work"),
        "long_unemployed": _("Unemployed for more than a year before"),
        "unemployed_until": _("End of this unemployment"),
    }

    employer = CodeField(
        codes.Employer,
        label=_("You work for…"),
        widget=forms.RadioSelect,
        required=False,
    )
    employer_siret = BusinessNumberField(
        label=_("SIRET of the employer"),
        help_text=_("14 figures, on the payslip. Leave empty if you do not know."),
        length=SIRET,
        max_length=30,
    )
    workplace = PlainTextField(
        label=_("Town where you work"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "off"}),
    )
    long_unemployed = YesNoField(
        label=_("Before this work, were you unemployed for more than a year?"), required=False
    )
    unemployed_until = DatePartsField(
        label=_("If yes, until when?"), help_text=_("For example 27 3 2025."), required=False
    )

    def clean(self) -> dict[str, Any]:
        """The day is needed with the yes, and says it alone (D14, D15)."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("unemployed_until"):
            cleaned["long_unemployed"] = True
        elif cleaned.get("long_unemployed") and self._may_ask_the_day():
            told = _("Write the day on which this unemployment ended.")
            self.complain("unemployed_until", told, "required")
        return cleaned

    def _may_ask_the_day(self) -> bool:
        """Not when it was written wrongly, nor where the yes alone is asked."""
        return "unemployed_until" in self.fields and "unemployed_until" not in self.errors


class CoEmployerForm(EmployerForm):
    """The same for the co-applicant (D17 to D22, D27 to D30)."""

    question = _("The employer of the person applying with you")

    def build(self) -> None:
        labels = {
            "employer": _("This person works for…"),
            "workplace": _("Town where this person works"),
            "long_unemployed": _(
                "Before this work, was this person unemployed for more than a year?"
            ),
        }
        for name, label in labels.items():
            self.fields[name].label = label


class AlimonyForm(StepForm):
    """What the applicant pays for somebody else (E9)."""

    question = _("Do you pay alimony?")
    intro = _("What you pay each month to a former spouse or for a child. Leave empty if nothing.")
    question_is_label = True

    alimony_paid = AmountField(label=_("Alimony you pay"), maximum=99_999, required=False)
    units = {"alimony_paid": PER_MONTH}
    titles = {"alimony_paid": _("Alimony paid")}


class IncomeKindsForm(StepForm):
    """Which incomes the applicant receives each month."""

    question = _("What do you receive each month?")
    intro = _(
        "Tick what you receive. You write the amounts on the next page."
        " Do not count housing benefit (APL, ALS or ALF)."
    )
    question_is_label = True

    kinds = CodesField(
        codes.IncomeKind,
        label=_("What do you receive each month?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class CoIncomeKindsForm(IncomeKindsForm):
    """Which incomes the co-applicant receives each month."""

    question = _("What does the person applying with you receive each month?")
    intro = _(
        "Tick what this person receives. You write the amounts on the next page."
        " Do not count housing benefit (APL, ALS or ALF)."
    )

    def build(self) -> None:
        self.fields["kinds"].label = self.question


def amount_field(kind: str) -> AmountField:
    """What somebody receives each month of one kind."""
    return AmountField(
        label=code_lists.of(codes.IncomeKind).labels[kind], maximum=99_999, required=False
    )


class IncomeAmountsForm(StepForm):
    """One amount for each income that was ticked (E7, E8)."""

    question = _("How much each month?")
    intro = _("The amount you receive, before income tax is taken.")
    kinds_key = "ressources-revenus"

    def build(self) -> None:
        for kind in chosen_kinds(self.answers, self.kinds_key):
            self.fields[f"amount_{kind}"] = amount_field(kind)

    @property
    def units(self) -> dict[str, Any]:  # type: ignore[override]
        """Every amount is in euros per month."""
        return dict.fromkeys(self.fields, PER_MONTH)


class CoIncomeAmountsForm(IncomeAmountsForm):
    """The same for the co-applicant."""

    question = _("How much does the person applying with you receive each month?")
    intro = _("The amount received, before income tax is taken.")
    kinds_key = "ressources-revenus-conjoint"


def chosen_kinds(answers: Any, key: str) -> list[str]:
    """Codes of the incomes ticked on the page `key`, in the order of the national list."""
    ticked = set(answers.values(key, "kinds"))
    return [code for code in code_lists.of(codes.IncomeKind).labels if code in ticked]
