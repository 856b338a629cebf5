"""The call list of a counter: people whom no notice of renewal or of a striking off reached."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
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
from register.web.typed import take

UNPROCESSABLE = 422


@audience("desk", ["GET"])
@never_cache
@second_factor
def calls(request: HttpRequest) -> HttpResponse:
    """Whom to call, the nearest striking off first."""
    kept = take(request)
    if kept is None:
        return _page(request)
    found = selectors.to_call(request.principal).filter(pk=kept.args["notice"]).first()  # type: ignore[attr-defined]
    return _page(request, found, _form(kept.args["notice"], kept.data))


@audience("desk", ["POST"])
@never_cache
@second_factor
def call(request: HttpRequest, notice: int) -> HttpResponse:
    """Write down what came of a call; the same answer for a foreign one and for none."""
    principal = request.principal  # type: ignore[attr-defined]
    found = selectors.to_call(principal).filter(pk=notice).first()
    if found is None:
        raise Http404
    form = _form(notice, request.POST)
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


def _form(notice: object, data: QueryDict | None = None) -> CallForm:
    return CallForm(data, auto_id=f"call-{notice}-%s")


def _page(
    request: HttpRequest, refused: RenewalNotice | None = None, form: CallForm | None = None
) -> HttpResponse:
    lines, count = selectors.waiting(request.principal)  # type: ignore[attr-defined]
    rows = [
        (line, form)
        if refused is not None and form is not None and line.notice.pk == refused.pk
        else (line, _form(line.notice.pk))
        for line in lines
    ]
    context = {"rows": rows, "count": count, "form": form}
    status = UNPROCESSABLE if form is not None and form.errors else 200
    return render(request, "backoffice/calls.html", context, status=status)
