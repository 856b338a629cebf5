"""The rounds of the calendar at the manager's desk: what is held, why, and letting it go once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.forms.calls import AllowForm
from backoffice.gate import second_factor
from register import access, clock
from register.selectors import rounds as selectors
from register.services.calendar import allow
from register.web.audience import audience
from register.web.typed import given

UNPROCESSABLE = 422


@audience("manager", ["GET", "POST"])
@never_cache
@second_factor
def rounds(request: HttpRequest) -> HttpResponse:
    """Rounds held today, each with its files and a form; the latest rounds below."""
    principal = request.principal  # type: ignore[attr-defined]
    if not access.can_use_desk(principal):
        raise Http404
    chosen = request.POST.get("round", "")
    form = AllowForm(given(request))
    if request.method == "POST" and chosen.isdecimal() and len(chosen) < 19 and form.is_valid():
        try:
            allow(principal=principal, round_id=int(chosen), **form.cleaned_data)
        except ValidationError:
            messages.warning(request, _("This round is no longer held."))
        else:
            messages.success(request, _("The round goes on within ten minutes, this time only."))
        return redirect("desk:rounds")
    files, share = selectors.limits(clock.today())
    context = {
        "held": selectors.held_today(principal),
        "rounds": selectors.latest(),
        "most_files": files,
        "most_share": share,
        "form": form,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "backoffice/rounds.html", context, status=status)
