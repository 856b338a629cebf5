"""What every page of one demand's space shares."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from register import lifecycle
from register.errors import TransitionRefused
from register.models import AccessPurpose, Demand
from register.selectors import space
from register.selectors.mandates import held_by
from register.selectors.merges import others_of
from register.services.journal import record_access
from register.web.typed import words


@dataclass(frozen=True)
class Entry:
    """A line of the space's own menu."""

    url: str
    text: str
    icon: str
    current: bool


# Name of the route, words, drawing, whether only the applicant herself has this page.
PAGES = (
    ("demand", _("Where my demand stands"), "house-door", False),
    ("summary", _("What I declared"), "card-checklist", False),
    ("documents", _("My documents"), "file-earmark-text", False),
    ("messages", _("Messages"), "chat-left-text", False),
    ("preferences", _("How you write to me"), "bell", False),
    ("access", _("Who can see my file"), "eye", True),
    ("mandates", _("Who helps me"), "people", True),
)
# The same pages to whoever acts for the applicant, where the words above would speak of her.
TO_A_HELPER = {
    "demand": _("Where the demand stands"),
    "summary": _("What was declared"),
    "documents": _("Documents of the demand"),
    "preferences": _("How the applicant is written to"),
}


def show(
    request: HttpRequest, template: str, page: str, demand: Demand, **context: Any
) -> HttpResponse:
    """Render a page of the space with its menu; what a helper reads is written down."""
    principal = request.principal  # type: ignore[attr-defined]
    own = space.is_own(principal, demand)
    if not own:
        record_access(principal=principal, demand=demand, purpose=AccessPurpose.VIEW)
    menu = [
        Entry(
            reverse(f"space:{name}", args=[demand.number]),
            str(text if own else TO_A_HELPER.get(name, text)),
            icon,
            name == page,
        )
        for name, text, icon, only_own in PAGES
        if own or not only_own
    ]
    shared: dict[str, Any] = {
        "demand": demand,
        "own": own,
        "mandate": None if own else held_by(principal.user, demand),
        "in_name_of": "" if own else space.applicant_name(demand),
        "menu": menu,
        "heading": next((entry.text for entry in menu if entry.current), ""),
        "several": space.has_several(principal),
    }
    # Closed by a merge: pages offer nothing to send, and say where to.
    if lifecycle.goes_on_elsewhere(demand):
        shared["closed_for"] = others_of(principal, demand)
        shared["not_offered"] = _not_offered(request, context.get("form"))
    return render(request, f"portal/space/{template}.html", {**shared, **context})


def _not_offered(request: HttpRequest, form: Any) -> list[str]:
    """What was typed before signing in again, in a form that the page offers no more."""
    is_lost = request.method == "GET" and form is not None and form.is_bound and not form.errors
    return words(form) if is_lost else []


def blame(form: forms.Form, error: ValidationError | TransitionRefused, field: str | None) -> None:
    """Put a refusal of a service beside the field it names, or beside `field` (None: on top)."""
    if isinstance(error, TransitionRefused):
        form.add_error(None, error.message)
        return
    by_field = error.error_dict if hasattr(error, "error_dict") else {field: error.error_list}
    for name, problems in by_field.items():
        form.add_error(name if name in form.fields else field, problems)
