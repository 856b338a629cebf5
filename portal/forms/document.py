"""The only paper that can hold a demand back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .base import StepForm

MAX_BYTES = 10 * 1024 * 1024
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
        help_text=_("PDF, JPEG or PNG, 10 MB at most. On a phone, you can take a photo."),
        error_messages={"required": _("Add a photo or a scan of your identity document.")},
        widget=SeveralFilesInput(
            attrs={
                "accept": "image/jpeg,image/png,application/pdf",
                "data-max-bytes": MAX_BYTES,
                "data-hint": "upload-hint",
                "data-too-big": _("This file is larger than 10 MB. Choose a smaller one."),
            }
        ),
    )

    def build(self) -> None:
        self.fields["documents"].required = not self.answers.files
