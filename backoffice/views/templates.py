"""The texts of the agent's organisation from which messages start; its team leads write them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.forms.templates import TemplateForm
from backoffice.gate import second_factor
from register.models import MessageTemplate
from register.selectors.templates import placeholders, template_of, templates_of
from register.services.templates import drop_template, keep_template, may_write_templates
from register.web.audience import audience
from register.web.typed import given

UNPROCESSABLE = 422


@audience("desk", ["GET", "POST"])
@never_cache
@second_factor
def templates(request: HttpRequest) -> HttpResponse:
    """Every text of the organisation, and the form to write another."""
    principal = request.principal  # type: ignore[attr-defined]
    if request.method == "POST" and not may_write_templates(principal):
        raise Http404
    return _page(request, None)


@audience("desk", ["GET", "POST"])
@never_cache
@second_factor
def template(request: HttpRequest, template: int) -> HttpResponse:
    """One text, to write again or to delete."""
    principal = request.principal  # type: ignore[attr-defined]
    found = template_of(principal, template)
    if found is None or not may_write_templates(principal):
        raise Http404
    return _page(request, found)


def _page(request: HttpRequest, found: MessageTemplate | None) -> HttpResponse:
    principal = request.principal  # type: ignore[attr-defined]
    initial = {"title": found.title, "body": found.body} if found else {}
    posted = request.method == "POST"
    form = TemplateForm(given(request), initial=initial)
    if posted and _done(request, form, found):
        return redirect("desk:templates")
    context = {
        "form": form,
        "found": found,
        "templates": templates_of(principal),
        "placeholders": placeholders(),
        "may_write": may_write_templates(principal),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "backoffice/templates.html", context, status=status)


def _done(request: HttpRequest, form: TemplateForm, found: MessageTemplate | None) -> bool:
    principal = request.principal  # type: ignore[attr-defined]
    try:
        if found is not None and request.POST.get("do") == "delete":
            drop_template(principal=principal, template=found)
            messages.success(request, _("The text is deleted."))
            return True
        if form.is_valid():
            keep_template(principal=principal, template=found, **form.cleaned_data)
            messages.success(request, _("The text is kept. Your colleagues can start from it."))
    except ValidationError as refusal:
        by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {}
        for name, problems in (by_field or {"": refusal.messages}).items():
            form.add_error(name if name in form.fields else None, problems)
    return not form.errors
