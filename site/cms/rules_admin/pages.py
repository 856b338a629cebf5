"""What every page of the rule editor has: its way back, its title, the version it shows."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rules.editor import shelf
from rules.editor.kinds.sections import Section
from rules.models import RuleModuleVersion

Crumbs = list[dict[str, str]]


def draft_or_404(code: str) -> RuleModuleVersion:
    """The version that is being written; a module nobody writes has none."""
    version = shelf.draft(code)
    if version is None:
        raise Http404
    return version


def section_or_404(version: RuleModuleVersion, key: str) -> Section:
    """A list of rules of the module that has a form."""
    section = shelf.section(version, key)
    if section is None:
        raise Http404
    return section


def list_or_404(version: RuleModuleVersion, key: str) -> Section:
    """A section whose rules are added, moved and taken out."""
    section = section_or_404(version, key)
    if section.whole:
        raise Http404
    return section


def page(
    request: HttpRequest, template: str, title: str, crumbs: Crumbs, **context: Any
) -> HttpResponse:
    """A page of the editing space."""
    way = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("rules_admin:index"), "label": _("Rules")},
        *crumbs,
    ]
    return TemplateResponse(
        request,
        f"cms/rules/{template}.html",
        {
            "breadcrumbs_items": way,
            "header_title": title,
            "page_title": title,
            "header_icon": "clipboard-list",
            **context,
        },
    )


def module_crumb(version: RuleModuleVersion) -> dict[str, str]:
    """The way back to the module."""
    return {
        "url": reverse("rules_admin:module", args=[version.module.code]),
        "label": shelf.title(version),
    }
