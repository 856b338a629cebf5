"""Questions that the paper form asks in other words than the online form does."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from register import code_lists, codes
from register.form.answers import MAX_PEOPLE
from register.form.fields import AmountField
from register.form.steps.base import StepForm, Text
from register.form.steps.disability import OTHER_CO_APPLICANTS, AnnexForm, DisabilityForm
from register.form.steps.household import CoApplicantForm, OtherCoApplicantForm
from register.form.steps.resources import TaxedForm, TaxIncomeForm
from register.form.steps.wishes import CommunesForm
from register.models import Quarter
from register.selectors.communes import commune_in_full, communes_named
from register.selectors.demand_form import quarters_in
from register.text import search_key

DEPENDANTS, VISITORS = "foyer-personnes-a-charge", "foyer-enfants-en-visite"
ANNEXES, CO_APPLICANT, TAXES = "foyer-annexes", "foyer-conjoint", "ressources"
OTHERS, FLAT_SHARERS = OTHER_CO_APPLICANTS, "foyer-colocataires"
# Lines of people on the paper, by list: a key of a person is made from its place here.
LISTS = (DEPENDANTS, VISITORS, OTHERS, FLAT_SHARERS)
# Other co-applicants, and flat-sharers, that the page has lines for.
MOST_OTHERS, MOST_SHARERS = 3, 6
INCOMES = {
    "ressources-montants": "ressources-revenus",
    "ressources-montants-conjoint": "ressources-revenus-conjoint",
}


class PaperIncomesForm(StepForm):
    """Monthly incomes of one person in one box, each kind followed by its amount (E7, E8)."""

    incomes = forms.CharField(
        label=_("Monthly incomes"),
        help_text=_("Each kind followed by its amount, for example SAL 1450,50 AF 148."),
        required=False,
        max_length=400,
    )

    def build(self) -> None:
        self.fields["incomes"].legend = list(self._kinds.items())  # type: ignore[attr-defined]

    def clean_incomes(self) -> dict[str, str]:
        """Each kind with its amount as it was typed, once both can be read."""
        words = self.cleaned_data["incomes"].replace(";", " ").split()
        kinds, amounts = [word.upper() for word in words[::2]], words[1::2]
        if unknown := next((kind for kind in kinds if kind not in self._kinds), None):
            told = _("“%(value)s” is no kind of income of the list.")
            raise ValidationError(told, code="unknown", params={"value": unknown})
        if len(kinds) != len(amounts) or len(set(kinds)) != len(kinds):
            told = _("Write each kind once, followed by its amount.")
            raise ValidationError(told, code="pairs")
        reader = AmountField(maximum=99_999)
        for amount in amounts:
            reader.clean(amount)
        return dict(zip(kinds, amounts, strict=True))

    @property
    def _kinds(self) -> Mapping[str, Text]:
        return code_lists.of(codes.IncomeKind).offered(self.day, self.answers.revision)


class CoPaperIncomesForm(PaperIncomesForm):
    """The same for the co-applicant; the kinds are listed beside the first."""

    incomes = forms.CharField(
        label=_("Monthly incomes of the co-applicant"), required=False, max_length=400
    )

    def build(self) -> None:
        """Nothing to add."""


class NamesField(forms.CharField):
    """Several names in one box, with commas between them."""

    def __init__(self, **options: Any) -> None:
        box = forms.TextInput(attrs={"class": "width-20"})
        super().__init__(max_length=1000, widget=box, **options)


def names_in(typed: str) -> list[str]:
    """The names of such a box, in order."""
    return [name for line in typed.split(",") if (name := line.strip())]


class PaperCommunesForm(CommunesForm):
    """Wished communes in one box, the preferred one first (G3)."""

    commune_search = NamesField(
        label=_("Communes, in order"),
        help_text=_("Names or postal codes, with commas between them: Dijon, 21800 Quetigny."),
        error_messages={"required": _("Choose at least one commune.")},
    )

    def clean_commune_search(self) -> list[str]:
        """The INSEE code of each; a name that several share is refused with what to write."""
        found = [self._only(name) for name in names_in(self.cleaned_data["commune_search"])]
        self.answers.communes = found
        return found

    def clean(self) -> dict[str, Any]:
        """What is wrong with the box was said beside it."""
        return self.cleaned_data

    def _only(self, line: str) -> str:
        communes = communes_named(line)
        if len(communes) == 1:
            return communes[0].pk
        if not communes:
            told = _("No commune is called “%(name)s”.")
            raise ValidationError(told, code="commune", params={"name": line})
        several = ", ".join(commune_in_full(commune) for commune in communes)
        told = _("“%(name)s” is not enough. Write one of these: %(several)s.")
        raise ValidationError(told, code="commune", params={"name": line, "several": several})


class PaperPlacesForm(PaperCommunesForm):
    """The wished communes, then the quarter preferred in some of them."""

    quarters = NamesField(
        label=_("Quarters preferred"),
        help_text=_("Names or their first letters, with commas between them; one for a commune."),
        required=False,
    )

    def clean_quarters(self) -> dict[str, str]:
        """The quarter chosen in each commune; a name that means none, or several, is refused."""
        names = names_in(self.cleaned_data["quarters"])
        chosen: dict[str, str] = {}
        # Without a commune that can be read, what is wrong is said beside the communes.
        if self.cleaned_data.get("commune_search"):
            offered = [each for of in quarters_in(self.answers.communes).values() for each in of]
            for quarter in (_only_quarter(name, offered) for name in names):
                if quarter.commune_id in chosen:
                    told = _("Write one quarter only for a commune.")
                    raise ValidationError(told, code="quarter")
                chosen[quarter.commune_id] = quarter.pk
        self.answers.quarters = chosen
        return chosen


def _only_quarter(line: str, offered: list[Quarter]) -> Quarter:
    """The quarter of a wished commune that is so called, or the only one that begins so."""
    typed = search_key(line)
    named = [each for each in offered if search_key(each.name) == typed]
    begun = [each for each in offered if f" {typed}" in f" {search_key(each.name)}"]
    found = named or begun
    if len(found) == 1:
        return found[0]
    if not offered:
        told = _("“%(name)s”: the communes asked for have no quarter to choose.")
        raise ValidationError(told, code="quarter", params={"name": line})
    several = ", ".join(each.name for each in found or offered)
    told = _("“%(name)s” is not enough. Write one of these: %(several)s.")
    raise ValidationError(told, code="quarter", params={"name": line, "several": several})


class PaperCoApplicantForm(CoApplicantForm):
    """The first co-applicant (P2); the lines below say whether there are others."""

    has_others = None  # type: ignore[assignment]


class PaperDisabilityForm(DisabilityForm):
    """Who has a disability (C1), by place on the form: D, C, a line of P3, V and a line of P5."""

    disabled = forms.MultipleChoiceField(  # type: ignore[assignment]
        label=_("People with a disability"),
        help_text=_(
            "D for the applicant, C for the co-applicant, C2 for the second, 1 for the first"
            " dependant, V1 for the first of the other children."
        ),
        required=False,
    )

    def build(self) -> None:
        self.fields["disabled"].choices = _places()  # type: ignore[attr-defined]


class PaperAnnexForm(AnnexForm):
    """An annex: of whom, then its cases. Whoever has one has a disability."""

    place = forms.CharField(
        label=_("Annex of"),
        help_text=_("As above: D, C, C2, 1 or V1."),
        max_length=3,
        error_messages={"required": _("Say whose annex it is.")},
        widget=forms.TextInput(attrs={"class": "width-4"}),
    )
    field_order = ["place"]

    def clean_place(self) -> str:
        """A place of the form, small letters accepted."""
        place: str = self.cleaned_data["place"].upper()
        if place not in dict(_places()):
            told = _("“%(value)s” is no answer of this list.")
            raise ValidationError(told, code="unknown", params={"value": place})
        return place


def _places() -> list[tuple[str, str]]:
    others = [f"C{line}" for line in range(2, MOST_OTHERS + 2)]
    return [(place, place) for place in ("D", "C", *others, *_lines(""), *_lines("V"))]


def _lines(letter: str) -> list[str]:
    return [f"{letter}{line}" for line in range(1, MAX_PEOPLE + 1)]


def person_at(place: str) -> str:
    """The key of the person at a place of the form, as the online form keeps her."""
    if place in ("D", "C"):
        return {"D": "applicant", "C": "co_applicant"}[place]
    if place[0] == "C":
        return person_key(OTHERS, int(place[1:]) - 1)
    listed = VISITORS if place[0] == "V" else DEPENDANTS
    return person_key(listed, int(place.removeprefix("V")))


def person_key(key: str, line: int) -> str:
    """The key of whoever stands on this line of a list of people."""
    return f"{LISTS.index(key) + 1:04x}{line:04x}"


class OnPaper(TaxedForm):
    """Incomes as the paper calls them: whoever copies it may do so in another year."""

    @property
    def year_names(self) -> tuple[str, str]:
        """N is the year of the deposit."""
        return "N-2", "N-1"


class PaperTaxIncomeForm(OnPaper, TaxIncomeForm):
    """Those of the applicant and of whoever applies with her."""

    def build(self) -> None:
        super().build()
        self.fields["tax_income_n2"].help_text = _("N is the year of the deposit.")


class PaperOtherCoApplicantForm(OnPaper, OtherCoApplicantForm):
    """Those of each other co-applicant."""


FORMS: dict[str, type[StepForm]] = {
    "ressources-montants": PaperIncomesForm,
    "ressources-montants-conjoint": CoPaperIncomesForm,
    "logement-souhaite-communes": PaperPlacesForm,
    "foyer-handicap": PaperDisabilityForm,
    ANNEXES: PaperAnnexForm,
    CO_APPLICANT: PaperCoApplicantForm,
    OTHERS: PaperOtherCoApplicantForm,
    TAXES: PaperTaxIncomeForm,
}
