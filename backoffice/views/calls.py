"""The call list of a counter: people whom no notice of renewal reached."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.forms.calls import CallForm
from backoffice.gate import second_factor
from register.errors import NotAllowed, TransitionRefused
from register.models import RenewalNotice
from register.selectors import calls as selectors
from register.services.calls import record_call
from register.web.audience import audience

UNPROCESSABLE = 422


@audience("desk", ["GET"])
@never_cache
@second_factor
def calls(request: HttpRequest) -> HttpResponse:
    """Whom to call, the nearest striking off first."""
    return _page(request)


@audience("desk", ["POST"])
@never_cache
@second_factor
def call(request: HttpRequest, notice: int) -> HttpResponse:
    """Write down what came of a call; the same answer for a foreign one and for none."""
    principal = request.principal  # type: ignore[attr-defined]
    found = selectors.to_call(principal).filter(pk=notice).first()
    if found is None:
        raise Http404
    form = CallForm(request.POST, auto_id=f"call-{notice}-%s")
    if not form.is_valid():
        return _page(request, found, form)
    try:
        record_call(principal=principal, notice=found, **form.cleaned_data)
    except (NotAllowed, TransitionRefused) as refusal:
        messages.warning(request, str(refusal))
    except ValidationError as refusal:
        for name, problems in refusal.message_dict.items():
            form.add_error(name if name in form.fields else None, problems)
        return _page(request, found, form)
    else:
        messages.success(request, _("The call is written in the file."))
    return redirect("desk:calls")


def _page(
    request: HttpRequest, refused: RenewalNotice | None = None, form: CallForm | None = None
) -> HttpResponse:
    lines, count = selectors.waiting(request.principal)  # type: ignore[attr-defined]
    rows = [
        (line, form)
        if refused is not None and form is not None and line.notice.pk == refused.pk
        else (line, CallForm(auto_id=f"call-{line.notice.pk}-%s"))
        for line in lines
    ]
    context = {"rows": rows, "count": count, "form": form}
    status = UNPROCESSABLE if form is not None else 200
    return render(request, "backoffice/calls.html", context, status=status)
