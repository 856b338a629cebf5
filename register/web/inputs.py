"""Inputs of forms as Django writes them, without the three templates that it reads for each."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop

# What Django says of an answer left empty. Our catalogue comes before that of Wagtail, whose word
# ("field required") does not say what to do.
LEFT_EMPTY = gettext_noop("This field is required.")

_FOLDER = "django/forms/widgets"
# Those that Django writes all in the same way.
_INPUTS = frozenset(
    f"{_FOLDER}/{kind}.html"
    for kind in ("checkbox", "date", "email", "hidden", "number", "password", "text", "url")
)


class Renderer(TemplatesSetting):
    """Our own templates first, and none at all for an input of one line or a box to tick."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """A widget, or what else of a form has a template."""
        if template_name in _INPUTS:
            return _input(context["widget"])
        return str(super().render(template_name, context, request))


def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """The attributes of an element, in their order, each after a space.

    True is written as a name alone, and False is not written.
    """
    written = (
        f" {conditional_escape(name)}" + ("" if value is True else f'="{_told(value)}"')
        for name, value in attrs.items()
        if value is not False
    )
    return SafeString("".join(written))


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    told = "" if value is None else f' value="{_told(value)}"'
    kind, name = conditional_escape(widget["type"]), conditional_escape(widget["name"])
    return SafeString(f'<input type="{kind}" name="{name}"{told}{attributes(widget["attrs"])}>')


def _told(value: Any) -> str:
    """A value as a text: never in the figures of a language."""
    return conditional_escape(value if isinstance(value, str) else str(value))
