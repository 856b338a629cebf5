"""The home for which an agent asks who comes first."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.communes import CommuneForm
from register import codes
from register.selectors.ranking import Home

DEAREST_RENT = 5_000
LARGEST_SURFACE = 1_000


class HomeForm(CommuneForm):
    """Commune and size; financing, surface and rent when they are known."""

    home_type = forms.ChoiceField(
        label=_("Size of home"), choices=[("", _("Choose")), *codes.HomeType.choices]
    )
    financing = forms.ChoiceField(label=_("Income under the ceiling"), required=False)
    surface = forms.IntegerField(
        label=_("Surface in m²"),
        required=False,
        min_value=1,
        max_value=LARGEST_SURFACE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "width-4"}),
    )
    rent = forms.DecimalField(
        label=_("Rent and charges in € a month"),
        required=False,
        min_value=Decimal(1),
        max_value=Decimal(DEAREST_RENT),
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "width-5"}),
    )

    def __init__(self, *args: Any, financings: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="home_%s", **kwargs)
        self.fields["commune"].required = True
        self.fields["commune"].label = _("Commune of the home")
        self.fields["financing"].choices = [("", _("Any")), *financings]  # type: ignore[attr-defined]

    @property
    def offers_ceilings(self) -> bool:
        """True when the reader may know of resources somewhere."""
        return len(self.fields["financing"].choices) > 1  # type: ignore[attr-defined]

    def home(self) -> Home:
        """The home of a valid form."""
        found = self.commune_found
        if found is None:
            raise ValueError("no commune: the form is not valid")
        data = self.cleaned_data
        return Home(
            commune=found.pk,
            home_type=data["home_type"],
            financing=data["financing"],
            rent=data["rent"],
            surface=data["surface"],
            department=found.department_id,
        )
