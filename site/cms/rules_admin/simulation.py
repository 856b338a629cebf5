"""What the draft of a module would change on the whole stock: counts only, never a file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from register.errors import AskedTooOften
from register.selectors.simulation import latest_simulation
from register.services.simulation import ask_for, can_simulate
from register.simulation.blur import least_told
from register.simulation.words import shown

from .pages import draft_or_404, module_crumb, page
from .permissions import rule_editors, write_down


@rule_editors("GET", "POST")
def simulate(request: HttpRequest, code: str) -> HttpResponse:
    """The latest simulation of the draft, and the button that asks for another."""
    version = draft_or_404(code)
    if not can_simulate(version.module.kind):
        raise Http404
    if request.method == "POST":
        try:
            ask_for(user=request.user, version=version)
            write_down(request, version, "simulate")
        except AskedTooOften as refusal:
            messages.error(request, str(refusal))
        return redirect("rules_admin:simulation", code=code)
    latest = latest_simulation(version)
    return page(
        request,
        "simulation",
        _("What the draft would change"),
        [module_crumb(version)],
        version=version,
        simulation=latest,
        tables=shown(latest, exact=False) if latest else [],
        least=least_told(latest) if latest else 0,
    )
