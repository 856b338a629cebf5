"""Access assertions: red or green for the manager, written by the data-protection officer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backoffice.forms.assertions import AssertionForm, RetireForm
from backoffice.gate import second_factor
from backoffice.tasks import check_assertions
from register.principals import Principal
from register.selectors.assertions import assertion_row, read_assertions
from register.services import assertions
from register.web.audience import audience
from register.web.typed import given, take

UNPROCESSABLE = 422


@audience("desk", ["GET"])
@second_factor
def listing(request: HttpRequest) -> HttpResponse:
    """Every assertion in words, with what the latest check found."""
    _overseer(request)
    kept = take(request)
    return _show(request, RetireForm(kept.data), kept.args["assertion"]) if kept else _show(request)


@audience("desk", ["POST"])
@second_factor
def check(request: HttpRequest) -> HttpResponse:
    """Ask the worker for a check now; the page shows how far it is."""
    principal = _overseer(request)
    asked = assertions.ask_for_check(principal=principal)
    check_assertions(asked.pk)
    return redirect("desk:assertions")


@audience("desk", ["GET", "POST"])
@second_factor
def new(request: HttpRequest) -> HttpResponse:
    """Write an assertion from closed lists."""
    principal = _officer(request)
    form = AssertionForm(given(request))
    if request.method == "POST" and form.is_valid():
        try:
            assertions.write_assertion(principal=principal, body=form.body())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The assertion is checked from the next run on."))
            return redirect("desk:assertions")
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "backoffice/assertion_form.html", {"form": form}, status=status)


@audience("desk", ["POST"])
@second_factor
def retire(request: HttpRequest, assertion: str) -> HttpResponse:
    """Stop checking an assertion, for a reason."""
    principal = _officer(request)
    row = assertion_row(assertion)
    form = RetireForm(request.POST)
    if not form.is_valid():
        return _show(request, form, assertion)
    assertions.retire_assertion(
        principal=principal, assertion=row, reason=form.cleaned_data["reason"]
    )
    messages.success(request, _("The assertion is no longer checked."))
    return redirect("desk:assertions")


def _show(
    request: HttpRequest, typed: RetireForm | None = None, assertion: str = ""
) -> HttpResponse:
    context = {
        "page": read_assertions(),
        "retire_form": RetireForm(),
        "may_write": request.principal.is_data_protection_officer,  # type: ignore[attr-defined]
        "form": typed,
        "of_form": assertion,
    }
    status = UNPROCESSABLE if typed and typed.errors else 200
    return render(request, "backoffice/assertions.html", context, status=status)


def _overseer(request: HttpRequest) -> Principal:
    """The manager or the data-protection officer; a missing page for anybody else."""
    principal: Principal = request.principal  # type: ignore[attr-defined]
    if not (principal.is_manager or principal.is_data_protection_officer):
        raise Http404
    return principal


def _officer(request: HttpRequest) -> Principal:
    principal: Principal = request.principal  # type: ignore[attr-defined]
    if not principal.is_data_protection_officer:
        raise Http404
    return principal
