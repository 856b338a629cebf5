"""How to reach the applicant."""

from django import forms
from django.utils.translation import gettext_lazy as _

from register.form.fields import PhoneField, PlainTextField, PostalCodeField

from .base import StepForm


class ContactForm(StepForm):
    """Telephone and consents; the e-mail address is the one of the account."""

    question = _("How can we reach you?")
    intro = _(
        "An application can be struck off when nobody can reach you."
        " A number where you answer helps a lot."
    )
    titles = {"accepts_email": _("News by e-mail"), "accepts_sms": _("Text messages")}

    phone = PhoneField(label=_("Telephone"), help_text=_("Mobile or landline."), required=False)
    accepts_email = forms.BooleanField(
        label=_("I agree to receive news of my application by e-mail"), required=False, initial=True
    )
    accepts_sms = forms.BooleanField(label=_("I agree to receive text messages"), required=False)


class AddressForm(StepForm):
    """Where to send letters."""

    question = _("Where can we write to you?")
    intro = _("The address where you receive your letters, even if you are only staying there.")
    help_title = _("You have no address")
    help_lines = (
        _(
            "Give the address of the place that receives your letters, for example the social"
            " centre of your town (CCAS) or an association."
        ),
    )
    together = _("Address")

    care_of = PlainTextField(
        label=_("Name on the letterbox"),
        help_text=_("If it is not yours: the person or the place that receives your letters."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "off"}),
    )
    address = PlainTextField(
        label=_("Number and street"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    address_extra = PlainTextField(
        label=_("Building, floor, door"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line2"}),
    )
    postal_code = PostalCodeField(
        label=_("Postal code"),
        required=False,
        widget=forms.TextInput(
            attrs={"class": "width-5", "inputmode": "numeric", "autocomplete": "postal-code"}
        ),
    )
    city = PlainTextField(
        label=_("Town"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "address-level2"}),
    )

    def build(self) -> None:
        if self.answers.is_association:
            self.intro = _("The address where you receive your letters.")  # type: ignore[misc]
            self.help_title = ""  # type: ignore[misc, assignment]
