"""The filters of the worklist: an allow-list, nothing else is read from the address (R13)."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from backoffice.forms.communes import CommuneForm
from register import codes
from register.models import DemandState
from register.selectors.answer_filters import AnswerFilter, Option, read_value
from register.selectors.worklist_filter import LISTED_STATES, Sort, WorklistFilter

STATES = [("", _("All live demands"))] + [
    (state.value, state.label) for state in DemandState if state in LISTED_STATES
]
HOME_TYPES = [("", _("Any size of home")), *codes.HomeType.choices]
SORTS = [
    (Sort.OLDEST, _("Oldest demand first")),
    (Sort.NEWEST, _("Newest demand first")),
    (Sort.LARGEST, _("Largest household first")),
    (Sort.SMALLEST, _("Smallest household first")),
]
BY_SCORE = (Sort.SCORE, _("Highest score first"))
LARGEST_HOUSEHOLD = 30
LONGEST_WAIT = 600
# Fields of the form that come together in one filter of the list.
NOT_FILTERS = ("number", "search", "answer", "answer_value")


def _people(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=LARGEST_HOUSEHOLD,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "width-4"}),
    )


class FilterForm(CommuneForm):
    """What the list may be filtered by. Every field is optional."""

    home_type = forms.ChoiceField(label=_("Size of home"), required=False, choices=HOME_TYPES)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    size_min = _people(_("People, from"))
    size_max = _people(_("People, up to"))
    months_min = forms.IntegerField(
        label=_("Months waited, from"),
        required=False,
        min_value=1,
        max_value=LONGEST_WAIT,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "width-4"}),
    )
    ceiling = forms.ChoiceField(label=_("Income under the ceiling"), required=False)
    priority = forms.ChoiceField(label=_("Priorities"), required=False)
    beyond_delay = forms.BooleanField(label=_("Beyond the abnormally long delay"), required=False)
    is_priority = forms.BooleanField(label=_("Recognised priority"), required=False)
    awaits_piece = forms.BooleanField(label=_("Document awaited"), required=False)
    is_sealed = forms.BooleanField(label=_("Sealed file"), required=False)
    missing = forms.ChoiceField(label=_("Missing"), required=False)
    answer = forms.ChoiceField(label=_("Answer to a local question"), required=False)
    answer_value = forms.CharField(
        label=_("Figure or date"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "width-10"}),
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORTS)
    number = forms.CharField(
        required=False,
        max_length=18,
        validators=[RegexValidator(r"^[0-9]{1,3}[0-9A-Z]*$", _("This is not a number."))],
        widget=forms.HiddenInput,
    )
    search = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        searches: dict[str, str],
        answers: list[Option],
        offered: dict[str, list[tuple[str, Any]]],
        offers_scores: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        self.searches = searches
        self.answers = {option.token: option for option in answers}
        choices = [(option.token, option.label) for option in answers]
        self.fields["answer"].choices = [("", _("Any answer")), *choices]  # type: ignore[attr-defined]
        for name, found in offered.items():
            self.fields[name].choices = [("", _("Any")), *found]  # type: ignore[attr-defined]
        if offers_scores:
            self.fields["sort"].choices = [*SORTS, BY_SCORE]  # type: ignore[attr-defined]
        self.answer_found: AnswerFilter | None = None

    def clean_search(self) -> str:
        """The words behind the token; names are kept in the session, never in an address."""
        token = self.cleaned_data["search"]
        if token and token not in self.searches:
            raise forms.ValidationError(_("This search has ended. Type the name again."))
        return self.searches.get(token, "")

    def clean(self) -> dict[str, Any]:
        """Refuse a smallest household larger than the largest."""
        data = super().clean() or {}
        smallest, largest = data.get("size_min"), data.get("size_max")
        if smallest and largest and smallest > largest:
            self.add_error("size_max", _("Must not be smaller than the other figure."))
        self._read_answer(self.answers.get(data.get("answer", "")), data.get("answer_value", ""))
        return data

    def _read_answer(self, option: Option | None, typed: str) -> None:
        if option is None:
            return
        value = read_value(option, typed) if option.needs else None
        if option.needs and value is None:
            self.add_error("answer_value", _("Write a figure, or a date such as 31/12/2026."))
        else:
            self.answer_found = option.filter(value)

    @property
    def offers_ceilings(self) -> bool:
        """True when the reader may know of resources somewhere."""
        return len(self.fields["ceiling"].choices) > 1  # type: ignore[attr-defined]

    @property
    def offers_priorities(self) -> bool:
        """True when the reader may know of priorities somewhere."""
        return len(self.fields["priority"].choices) > 1  # type: ignore[attr-defined]

    @property
    def asks_for_values(self) -> bool:
        """True when some answers are filtered by a figure or a date."""
        return any(option.needs for option in self.answers.values())

    def wanted(self) -> WorklistFilter:
        """The filter of a valid form."""
        data = {k: v for k, v in self.cleaned_data.items() if k not in NOT_FILTERS}
        data["text"] = self.cleaned_data["number"] or self.cleaned_data["search"]
        data["sort"] = Sort(data["sort"] or Sort.OLDEST)
        return WorklistFilter(**{**data, "answer": self.answer_found})
