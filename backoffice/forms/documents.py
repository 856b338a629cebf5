"""What an agent found in a document: it conforms, or it is not used and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import day_field
from backoffice.forms.words import ReadAgain, Words
from register import papers
from register.access import FieldRights
from register.models import Document
from register.selectors.people import PersonView
from rules.kinds.documents import Mark

_MARKS = ((Mark.UNUSABLE, _("It cannot be used")), (Mark.UNLISTED, _("It is none of the list")))


class CheckedForm(forms.Form):
    """It conforms: which paper of the list it is, of whom, until when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    paper = forms.ChoiceField(label=_("Paper of the list"), required=False)
    person = forms.TypedChoiceField(
        label=_("Whose it is"), required=False, coerce=int, empty_value=None
    )
    valid_until = day_field(_("Valid until"), _("Empty: as long as the list says."), required=False)

    def __init__(
        self,
        *args: Any,
        document: Document,
        rights: FieldRights,
        adults: list[PersonView],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, auto_id="checked_%s", **kwargs)
        possible = [(p.code, str(p.title)) for p in papers.of_kind(document.kind, rights)]
        self.fields["paper"].choices = [("", _("Another one")), *possible]  # type: ignore[attr-defined]
        self.fields["paper"].initial = document.paper
        named = [(person.key, person.name) for person in adults if person.name]
        self.fields["person"].choices = [("", _("Not said")), *named]  # type: ignore[attr-defined]
        self.fields["person"].initial = document.person_id
        self.fields["valid_until"].initial = document.valid_until


class UnusedForm(ReadAgain):
    """It is not used: a reason of the list, words for the applicant, or both."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.ChoiceField(label=_("Reason"), required=False)
    reason = Words(
        label=_("A word for the applicant"),
        help_text=_("The applicant reads this sentence: say what to send instead."),
        max_length=300,
        required=False,
        rows=3,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="unused_%s", **kwargs)
        groups = [
            (heading, [(r.code, str(r.title)) for r in papers.reasons() if r.marks is mark])
            for mark, heading in _MARKS
        ]
        chosen: list[Any] = [("", _("Choose a reason"))]
        self.fields["code"].choices = chosen + [group for group in groups if group[1]]  # type: ignore[attr-defined]
