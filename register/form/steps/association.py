"""Who asks: a person, or an association for those whom it houses (CCH L442-8-1)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from register.form.answers import ASSOCIATION, PERSON
from register.form.fields import SIREN, BusinessNumberField, PlainTextField

from .base import StepForm


class ApplicantKindForm(StepForm):
    """The first question: an association is led to its few pages (R441-2-2, rubrics a, b and h)."""

    question = _("Who is applying?")
    intro = _(
        "Almost everybody applies for themselves and their family: choose the first answer."
        " An association applies for homes that it will let to the people it supports."
    )
    question_is_label = True

    applicant_kind = forms.ChoiceField(
        label=_("Who is applying?"),
        choices=[
            (PERSON, _("Myself, alone or with others")),
            (ASSOCIATION, _("An association, for the people it houses")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who is applying.")},
    )


class AssociationForm(StepForm):
    """The legal person, known by its SIREN, and who represents it."""

    question = _("Which association is it?")
    intro = _(
        "Each home that you look for is an application of its own: make one, then another."
        " Each has its number, and the certificate says which of yours it is."
    )

    name = PlainTextField(
        label=_("Name of the association"),
        help_text=_("As in its statutes."),
        max_length=200,
        error_messages={"required": _("Write the name of the association.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    siren = BusinessNumberField(
        label=_("SIREN of the association"),
        help_text=_("9 figures, on the notice of the INSEE: the first nine of its SIRET."),
        length=SIREN,
        required=True,
        error_messages={
            "required": _("Write the SIREN of the association."),
            "figures": _("A SIREN has %(length)s figures."),
        },
    )
    representative = PlainTextField(
        label=_("Who represents it"),
        help_text=_("The person to talk to, and her function."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
