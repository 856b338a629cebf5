"""Forms of the space: a document, a message, a helper."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.space.consents import said
from register import deadlines, papers
from register.form.fields import DatePartsField
from register.form.fields.files import attributes, limits
from register.models import MandateKind, MandateScope, SafeWay
from register.numbers import clean_number
from register.selectors.corrections import Grouped
from register.selectors.preferences import Preferences


class PieceForm(forms.Form):
    """A document to add to the file; the service checks the file itself (R4)."""

    kind = forms.ChoiceField(
        label=_("What is this document?"),
        choices=papers.offered_kinds,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what this document is.")},
    )
    upload = forms.FileField(
        label=_("Your document"),
        help_text=limits(_("The whole page must be readable.")),
        widget=forms.FileInput(attrs=attributes()),
        error_messages={
            "required": _("Choose the photo or the file to send."),
            "empty": _("This file is empty: choose another one."),
        },
    )

    use_required_attribute = False

    @property
    def file(self) -> UploadedFile:
        """The file sent."""
        upload: UploadedFile = self.cleaned_data["upload"]
        return upload


def _words(label: Any, help_text: Any, missing: Any, *, rows: int = 4) -> forms.CharField:
    """Something the applicant writes in her own words, in 2,000 characters at most."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        error_messages={"required": missing},
    )


class MessageForm(forms.Form):
    """A message to the organisations that follow the demand."""

    body = _words(
        _("Your message"),
        _("The organisations that can see your file read it. 2,000 characters at most."),
        _("Write your message before you send it."),
        rows=6,
    )

    use_required_attribute = False


class PreferencesForm(forms.Form):
    """How the applicant wants to be written to: one consent for each way, none for all at once."""

    accepts_email = forms.BooleanField(label=_("E-mails"), required=False)
    accepts_sms = forms.BooleanField(label=_("Text messages"), required=False)
    wants_letters = forms.BooleanField(label=_("Letters by post, besides"), required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, known: Preferences, **kwargs: Any) -> None:
        initial = {consent.name: consent.agreed for consent in known.consents}
        super().__init__(*args, initial=initial, **kwargs)
        for consent in known.consents:
            self.fields[consent.name].help_text = said(consent, known)


class SafeWayForm(forms.Form):
    """The one way by which somebody whose file is sealed is reached."""

    way = forms.ChoiceField(
        label=_("How may we reach you without danger?"),
        help_text=_("This way only is used, for everything. Nothing sent says what it is about."),
        choices=SafeWay.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer of the list.")},
    )
    words = forms.CharField(
        label=_("What should whoever reaches you know?"),
        help_text=_("At what hours, through whom, what not to say. 200 characters at most."),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    use_required_attribute = False

    def __init__(self, *args: Any, known: Preferences, **kwargs: Any) -> None:
        initial = {"way": known.safe_way, "words": known.safe_words}
        super().__init__(*args, initial=initial, **kwargs)


class CorrectionForm(forms.Form):
    """What the applicant wants put right, where a counter alone can change it."""

    about = forms.ChoiceField(
        label=_("What is wrong?"),
        error_messages={
            "required": _("Say which answer or which document is wrong."),
            "invalid_choice": _("Choose an answer of the list."),
        },
    )
    text = _words(
        _("What should it say?"),
        _("Civil status is changed on a document: a counter may ask you for it."),
        _("Write what should be put right."),
    )

    use_required_attribute = False

    def __init__(self, *args: Any, choices: Grouped, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [("", _("Choose an answer")), *choices]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The applicant's words about a request to correct; needed when she changes nothing else."""

    text = _words(
        _("Your answer"),
        _("In your own words, if you have something to say. 2,000 characters at most."),
        _("Write your answer before you send it."),
    )

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False


class ReplacementForm(AnswerForm):
    """The same about a document, with another one to take its place."""

    upload = forms.FileField(
        label=_("Another document in its place"),
        help_text=limits(_("The whole page must be readable.")),
        required=False,
        widget=forms.FileInput(attrs=attributes()),
        error_messages={"empty": _("This file is empty: choose another one.")},
    )
    field_order = ("upload", "text")


class LinkForm(forms.Form):
    """What only the applicant of a demand made on paper knows of it."""

    number = forms.CharField(
        label=_("Registration number"),
        help_text=_("18 characters, on the certificate that you received."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "width-20"}),
        error_messages={"required": _("Type the registration number of the certificate.")},
    )
    birth_date = DatePartsField(
        label=_("Your date of birth"),
        birthday=True,
        error_messages={"required": _("Write your date of birth.")},
    )
    code = forms.CharField(
        label=_("Code of the counter"),
        help_text=_("Eight digits, printed by the counter or sent by e-mail."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "width-10"}
        ),
        error_messages={"required": _("Type the code of the counter.")},
    )

    use_required_attribute = False

    def clean_number(self) -> str:
        """The number without the spaces that make it readable."""
        return clean_number(self.cleaned_data["number"])


class GiveUpForm(forms.Form):
    """That it was read what giving up changes, of the demand as it was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    is_sure = forms.BooleanField(
        label=_("I give up this demand and its waiting time"),
        error_messages={"required": _("Tick this box if you are sure.")},
    )

    use_required_attribute = False


class AcceptForm(forms.Form):
    """What a helper knows of the person: an address mistyped at a counter opens nothing."""

    birth_date = DatePartsField(
        label=_("When was the person you help born?"),
        birthday=True,
        error_messages={"required": _("Write the date of birth.")},
    )

    use_required_attribute = False


class MandateForm(forms.Form):
    """Somebody who may follow the demand, or act, for a time."""

    MONTHS: tuple[tuple[str, Promise], ...] = (
        ("1", _("One month")),
        ("3", _("Three months")),
        ("6", _("Six months")),
        ("12", _("One year")),
    )
    helper_email = forms.EmailField(
        label=_("E-mail address of the person who helps you"),
        help_text=_("The one of her or his account on this site."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "width-20"}),
        error_messages={
            "required": _("Write the e-mail address of the person who helps you."),
            "invalid": _("This address is not complete. Write it like name@example.com."),
        },
    )
    scope = forms.ChoiceField(
        label=_("What may this person do?"),
        help_text=_("What she or he does bears both your names, and we tell you of it each time."),
        choices=[(each.value, each.label) for each in MandateKind.GIVEN.scopes],
        initial=MandateScope.READ,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what this person may do."),
            "invalid_choice": _("Choose what this person may do."),
        },
    )
    months = forms.ChoiceField(
        label=_("For how long?"),
        help_text=_("You can end this access whenever you like."),
        choices=MONTHS,
        initial="3",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for how long.")},
    )

    use_required_attribute = False

    @property
    def ends_on(self) -> date:
        """Last day of the mandate."""
        today = timezone.localdate()
        from_day = today.replace(day=min(today.day, 28))
        return deadlines.add_months(from_day, int(self.cleaned_data["months"]))
