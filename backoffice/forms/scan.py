"""Files scanned at the desk, kept as they come in; the signed paper form, and what it hides."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.form.fields.files import attributes, limits
from register.form.steps.document import SeveralFilesInput
from register.models import StoredFile
from register.services.paper_form import MAX_SCANS


class KeepsFiles(forms.Form):
    """A form whose files are kept as soon as they come in: `kept` are those that did.

    `files_in` names its field of files.
    """

    files_in = ""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.kept: list[StoredFile] = []
        # Sent piece by piece, and not looked at yet.
        self.arrived: list[str] = []

    @property
    def keeping(self) -> str:
        """Under which name the page sends again the keys of the files that came in."""
        return self.add_prefix("kept")

    @property
    def is_full(self) -> bool:
        """True when no other file can be taken."""
        return False

    def complain(self, file: UploadedFile | None, told: Any) -> None:
        """Say beside the files why one of them was not kept."""
        self.add_error(self.files_in, f"{file.name} – {told}" if file else told)


class ScanForm(KeepsFiles):
    """Pages of the form, all at once or one after the other.

    The number of social security is never kept (décret 2017-917), and an agent may read the form
    who may not read what concerns a disability: the counter hides both before it scans.
    """

    files_in = "pages"
    missing: str | Promise = _("Choose the scan of the form.")

    pages = forms.FileField(
        label=_("Pages of the form"),
        help_text=limits(_("Without the annexes on disability; several files may be chosen.")),
        required=False,
        widget=SeveralFilesInput(attrs=attributes("desk:pieces")),
    )
    is_hidden = forms.BooleanField(
        label=_("The social security numbers, and what is said of a disability, are hidden on it"),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix="scan")

    def check(self, *, is_required: bool = False) -> bool:
        """True when what came in may be kept with the demand."""
        if is_required and not self.kept and "pages" not in self.errors:
            self.add_error("pages", self.missing)
        if self.kept and not self.cleaned_data.get("is_hidden"):
            told = _("Hide them on the paper, scan it again, then tick this box.")
            self.add_error("is_hidden", told)
        return not self.errors

    @property
    def is_full(self) -> bool:
        """True when no other file can be taken."""
        return len(self.kept) >= MAX_SCANS


class MandateScanForm(ScanForm):
    """The same of a signed mandate, or of what a judgment says of the helper and of her powers."""

    missing = _("Choose the scan of the mandate or of the judgment.")

    pages = forms.FileField(
        label=_("Pages of the mandate or of the judgment"),
        help_text=limits(_("Of a judgment, only what names the helper, her powers and the term.")),
        required=False,
        widget=SeveralFilesInput(attrs=attributes("desk:pieces")),
    )
    is_hidden = forms.BooleanField(
        label=_("What is said of health is hidden on it"), required=False
    )
