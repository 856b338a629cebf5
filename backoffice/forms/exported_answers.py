"""Which answers of the form an export writes besides the columns of the list."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from register.form.definition import Group, Question
from register.selectors.exported_answers import MOST_ANSWERS, column_key, title_of

PART = "part_"


class ExportedAnswersForm(forms.Form):
    """A box for each answer that the agent may read, by part of the declaration."""

    codes = forms.BooleanField(
        label=_("Their codes too, each in a second column"),
        help_text=_("As the national form and the exchanges between programs write them."),
        required=False,
    )

    def __init__(
        self, *args: Any, offered: list[tuple[Group, list[Question]]], kept: Any, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"codes": kept.codes}
        boxes: dict[str, forms.Field] = {}
        for group, questions in offered:
            choices = [(column_key(each), title_of(each)) for each in questions]
            boxes[f"{PART}{group.code}"] = forms.MultipleChoiceField(
                label=group.title,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            initial[f"{PART}{group.code}"] = [key for key, _title in choices if key in kept.keys]
        super().__init__(*args, initial=initial, **kwargs)
        self.fields = {**boxes, **self.fields}

    def clean(self) -> dict[str, Any]:
        """A sheet that somebody can read."""
        data = super().clean() or {}
        if len(self.chosen(data)) > MOST_ANSWERS:
            told = _("Choose %(count)s answers at most.") % {"count": MOST_ANSWERS}
            raise ValidationError(told)
        return data

    def chosen(self, data: dict[str, Any]) -> list[str]:
        """The keys of the boxes ticked."""
        return [key for name in self.fields if name.startswith(PART) for key in data.get(name, ())]
