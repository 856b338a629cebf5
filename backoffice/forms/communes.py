"""A commune typed by its name."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from register.models import Commune
from register.selectors.communes import search_communes
from register.text import search_key

MOST_READINGS = 10


class CommuneInput(forms.TextInput):
    """A commune typed by name, with suggestions where scripts run."""

    def __init__(self) -> None:
        super().__init__(
            attrs={
                "list": "commune-options",
                "autocomplete": "off",
                "hx-get": reverse_lazy("desk:communes"),
                "hx-trigger": "input changed delay:150ms",
                "hx-target": "#commune-options",
            }
        )


def one_commune(typed: str) -> str:
    """INSEE code of the one commune that is meant; ValidationError when none is, or several."""
    text = typed.strip()
    found = list(search_communes(text))
    key = search_key(text)
    exact = [c for c in found if key in (c.search_name, c.pk.lower())]
    chosen = exact or found
    if len(chosen) != 1:
        raise forms.ValidationError(
            _("Several communes match: add the postal code.")
            if chosen
            else _("No commune of Bourgogne has this name.")
        )
    return chosen[0].pk


class CommuneForm(forms.Form):
    """A form that asks for a commune."""

    commune = forms.CharField(
        label=_("Commune wished"), required=False, max_length=100, widget=CommuneInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commune_found: Commune | None = None
        self.commune_matches: list[Commune] = []

    def clean_commune(self) -> str:
        """The INSEE code of the commune named; an ambiguous name offers its readings."""
        text = self.cleaned_data["commune"].strip()
        if not text:
            return ""
        found = list(search_communes(text))
        exact = [c for c in found if search_key(text) in _readings(c)]
        chosen = exact if len(exact) == 1 else found
        if len(chosen) == 1:
            self.commune_found = chosen[0]
            return chosen[0].pk
        self.commune_matches = (exact or found)[:MOST_READINGS]
        if found:
            raise forms.ValidationError(_("Several communes match. Choose one of them."))
        raise forms.ValidationError(
            _("No commune of Bourgogne is called “%(name)s”."), params={"name": text}
        )


def _readings(commune: Commune) -> set[str]:
    """What somebody may type to mean exactly this commune."""
    name = commune.search_name
    codes = [search_key(code) for code in commune.postal_codes]
    return {commune.pk.lower(), name, *(f"{name} {code}" for code in codes)}
