"""The account forms, in words for people who are tired and in a hurry."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, SignupForm
from django import forms
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
)
from django.utils.translation import gettext_lazy as _

_ADDRESS = _("Write your e-mail address.")
EMPTY = {
    "email": _ADDRESS,
    "login": _ADDRESS,
    "password": _("Write your password."),
    "password1": _("Choose a password."),
    "password2": _("Write the same password a second time."),
}


UNREADABLE = _("This address is not complete. Write it like name@example.com.")


def _say_what_is_missing(form: forms.Form) -> None:
    for name, words in EMPTY.items():
        if name in form.fields:
            form.fields[name].error_messages["required"] = words
        if name in form.fields and words is _ADDRESS:
            form.fields[name].error_messages["invalid"] = UNREADABLE


def _shortest_password() -> int:
    validators = get_default_password_validators()
    return max(
        (v.min_length for v in validators if isinstance(v, MinimumLengthValidator)), default=0
    )


class PlainLoginForm(LoginForm):
    """Sign in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say_what_is_missing(self)


class PlainResetPasswordForm(ResetPasswordForm):
    """Ask for a new password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say_what_is_missing(self)


class PlainSignupForm(SignupForm):
    """Create an account; one sentence about the password instead of the list of its rules."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _say_what_is_missing(self)
        self.fields["password1"].help_text = _(
            "%(count)s characters at least. A little sentence that only you know is a good one."
        ) % {"count": _shortest_password()}
        self.fields["password2"].label = _("The same password, a second time")
