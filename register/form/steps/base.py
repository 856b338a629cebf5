"""What every page of the demand shares."""

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from register import clock
from register.form.answers import Answers, Raw
from register.form.fields.codes import ListedMixin

Text = str | Promise


class StepForm(forms.Form):
    """A page of the demand. `answers` are those of the other pages; `person` one of a list.

    `question` is the title of the page; `intro` says why it is asked; `help_title` and `help_lines`
    show where to find the answer. `units` puts a unit after an input. `question_is_label` hides the
    label of the only question when the title already asks it. `titles` call an answer where it is
    read by others, when its label speaks to the applicant; `together` titles those that are read in
    one, as the lines of an address. `warning` is what the answers given before call for.
    """

    question: ClassVar[Text] = ""
    intro: ClassVar[Text] = ""
    help_title: ClassVar[Text] = ""
    help_lines: ClassVar[tuple[Text, ...]] = ()
    units: dict[str, Text] = {}
    titles: ClassVar[Mapping[str, Text]] = {}
    together: ClassVar[Text] = ""
    question_is_label: ClassVar[bool] = False
    warning: str = ""

    use_required_attribute = False

    def __init__(self, *args: Any, answers: Answers, person: str = "", **options: Any) -> None:
        self.answers = answers
        self.person = person
        super().__init__(*args, **options)
        # Whoever began under a list finishes under it.
        self.day = answers.begun_on or clock.today()
        for name, field in self.fields.items():
            if isinstance(field, ListedMixin):
                field.stand_on(self.day, answers.revision, self.initial.get(name))
        self.build()

    def build(self) -> None:
        """Adapt the fields to the other answers."""

    @property
    def helper(self) -> FormHelper:
        """Crispy layout of the page: the fields in order, amounts with their unit."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = self.layout()
        if self.question_is_label:
            helper.layout = Layout(Div(*helper.layout.fields, css_class="question-is-label"))
        return helper

    def layout(self) -> Layout:
        """The fields one after the other."""
        return Layout(
            *(
                AppendedText(name, self.units[name]) if name in self.units else name
                for name in self.fields
            )
        )

    def raw_from(self, data: Any) -> Raw:
        """The strings of `data` that belong to this page, as they were typed."""
        names = set(self.fields)
        return {
            key: data.getlist(key)
            for key in data
            if key in names or key.rpartition("_")[0] in names
        }

    def stamp(self, slot: dict[str, Any]) -> None:
        """Write beside the answers what is needed to read them later; nothing on most pages."""

    def in_words(self, name: str, value: Any) -> Any:
        """An answer in the page's own words; None to say it as its kind of field does."""
        return None

    @property
    def blanks(self) -> list[str]:
        """What has simply not been answered yet, though it is required."""
        return [
            name
            for name, problems in self.errors.as_data().items()
            if all(problem.code == "required" for problem in problems)
        ]

    def forgive_blanks(self) -> None:
        """Do not reproach what has simply not been answered yet."""
        for name in self.blanks:
            del self.errors[name]

    @property
    def valid_answers(self) -> dict[str, Any]:
        """The answers that can be read; wrong and missing ones are left out."""
        self.errors  # noqa: B018  (read for what it does: it reads the answers, once)
        return getattr(self, "cleaned_data", {})

    def complain(self, name: str, message: Any, code: str) -> None:
        """Attach an error to a field from `clean`."""
        self.add_error(name, ValidationError(message, code=code))
