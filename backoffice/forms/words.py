"""Words about a person, looked at before they are kept: what a file must not hold is shown.

Nothing is refused for good: the agent reads the words again, then keeps them on purpose.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from register import guard


class Words(forms.CharField):
    """A few words about a person, on some lines."""

    def __init__(self, *, rows: int = 2, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class ReadAgain(forms.Form):
    """A form that stops once on words of health, origin, religion, opinion or insult (GDPR art. 9).

    It looks at the answers of its fields of `Words`, and at no other.
    """

    keeps_words = forms.BooleanField(
        label=_("I read my words again: they are needed, and the person may read them"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields.pop("keeps_words")
        if self._words():
            # Last, below the words that it is about.
            self.fields["keeps_words"] = box

    def clean(self) -> dict[str, Any]:
        """Show the words found, until the agent says that she read them again."""
        data = super().clean() or {}
        is_sure = data.pop("keeps_words", False)
        for name in self._words():
            found = guard.found_in(data.get(name, ""))
            if found and not is_sure:
                self.fields["keeps_words"].widget = forms.CheckboxInput()
                self.add_error(name, _warning(found))
        return data

    def _words(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, Words)]


def _warning(found: list[guard.Found]) -> str:
    words = gettext(", ").join(
        gettext("“%(word)s” (%(theme)s)") % {"word": each.word, "theme": each.theme}
        for each in found
    )
    return gettext(
        "Read these words again: %(words)s. Write facts that serve to find a home: the person may"
        " read everything kept about her. If they are needed, tick the box below."
    ) % {"words": words}
