"""From where a changed answer of the declaration comes: one of the three legal sources."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import text_field
from backoffice.forms.asked import AskedForm
from register.access import Action, FieldRights
from register.form.single import Asked
from register.models import ChangeSource, Demand, Event
from register.principals import Principal
from register.services.modification import Proposed, rectify
from register.templatetags.shell import date_long


class RectifyForm(AskedForm):
    """The source, the document that says so, and a few words the applicant reads."""

    code, action = "rectify", Action.EDIT

    source = forms.ChoiceField(
        label=_("Where does this come from?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say where this comes from.")},
    )
    document = forms.TypedChoiceField(
        label=_("The document that says so"), required=False, coerce=int, empty_value=None
    )
    text = text_field(
        _("What it says, or who said it"), _("Facts only: the applicant can read it.")
    )

    use_required_attribute = False

    def __init__(self, *args: Any, asked: Asked, rights: FieldRights, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The answer is compared with the one that was looked at, not the whole demand.
        del self.fields["version"]
        self.asked = asked
        sources = ChangeSource.choices
        if asked.question.is_civil_status:
            sources = [each for each in sources if each[0] == ChangeSource.DOCUMENT]
        documents = [
            (each.pk, f"{each.get_kind_display()}, {date_long(each.added_at)}")
            for each in asked.demand.documents.all()
            if rights.can_read_document(each.kind)
        ]
        fields: Any = self.fields
        fields["source"].choices = sources
        fields["document"].choices = [("", _("No document")), *documents]
        self.offer_helpers(asked.demand, rights)

    def record(self, *, principal: Principal, demand: Demand, **given: Proposed) -> Event:
        """Change the answer through its service."""
        asking = self.asking(principal)
        return rectify(
            principal=asking, demand=demand, ref=self.asked.ref, **given, **self.cleaned_data
        )
