"""The only paper that can hold a demand back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from register.form.fields.files import attributes, limits

from .base import StepForm

MAX_FILES = 6


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes the two sides of a card at once; it never shows a path."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class IdentityDocumentForm(StepForm):
    """Identity or residence document, one or several files."""

    question = _("Your identity document")

    documents = forms.FileField(
        label=_("Add a photo or a file"),
        help_text=limits(_("On a phone, you can take a photo.")),
        error_messages={"required": _("Add a photo or a scan of your identity document.")},
        widget=SeveralFilesInput(attrs=attributes()),
    )

    def build(self) -> None:
        self.fields["documents"].required = not self.answers.files
