"""What of each note concerns other people, and why it is hidden from the applicant."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.forms.words import ReadAgain, Words
from register.models import Event
from register.templatetags.shell import date_long

HIDE = "hide_"


class GiveNotesForm(ReadAgain):
    """For each note the passages to hide, one a line; `read` tells which notes were on the page."""

    read = forms.CharField(required=False, widget=forms.HiddenInput)
    because = Words(
        label=_("Why passages are hidden"),
        help_text=_("Only what concerns other people may be (GDPR art. 15-4). She reads it."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, notes: Sequence[Event], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes, self.keys = notes, ",".join(str(note.pk) for note in notes)
        for note in notes:
            label = gettext("Passages to hide in the note of %(day)s") % {"day": date_long(note.at)}
            self.fields[f"{HIDE}{note.pk}"] = forms.CharField(
                label=label,
                help_text=_("Copied from the note, one a line. Empty: she reads all of it."),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def lines(self) -> list[tuple[Event, forms.BoundField]]:
        """Each note with the field about it."""
        return [(note, self[f"{HIDE}{note.pk}"]) for note in self.notes]

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        hidden = {note.pk: _passages(data[f"{HIDE}{note.pk}"]) for note in self.notes}
        read = [int(key) for key in data["read"].split(",") if key.isdecimal() and len(key) < 19]
        return {"read": read, "hidden": hidden, "because": data["because"]}


def _passages(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]
