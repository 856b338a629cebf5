"""Where somebody arrives after signing in: her desk, the editors' admin or her own space."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from register.principals import memberships_in_force

from .audience import audience


@audience("applicant", methods=["GET"])
def home_for_principal(request: HttpRequest) -> HttpResponse:
    """Members go to their desk, editors to the site's admin, everybody else to her space."""
    if memberships_in_force(request.user):  # type: ignore[arg-type]
        return redirect("/bureau/")
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("/edition/")
    return redirect("/mon-espace/")
