"""Choosing as whom to act, for people who work for several organisations."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from register.principals import memberships_in_force
from register.web.audience import audience
from register.web.middleware import MEMBERSHIP_KEY


@audience("desk", ["GET", "POST"])
def memberships(request: HttpRequest) -> HttpResponse:
    """Show the person's memberships in force, and act under the one chosen."""
    held = memberships_in_force(request.user)  # type: ignore[arg-type]
    if request.method == "POST":
        chosen = next((m for m in held if str(m.pk) == request.POST.get("membership")), None)
        if chosen is None:
            raise Http404
        request.session[MEMBERSHIP_KEY] = chosen.pk
        return redirect("desk:worklist")
    return render(request, "backoffice/memberships.html", {"held": held})
