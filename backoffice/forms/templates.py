"""A text that an organisation keeps to start messages from."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import text_field


class TemplateForm(forms.Form):
    """Its title, which agents choose it by, and its words."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("Agents choose the text by it; applicants do not see it."),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "width-20", "autocomplete": "off"}),
        error_messages={"required": _("Give a title.")},
    )
    body = text_field(
        _("Text"),
        _("Nothing about anybody: write a placeholder where the value of the file must come."),
    )

    use_required_attribute = False
