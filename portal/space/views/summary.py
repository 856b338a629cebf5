"""What the applicant declared."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from portal.space.pages import show
from portal.space.summary import sections
from register import access
from register.selectors import space
from register.web.audience import audience


@audience("applicant", methods=["GET"])
@never_cache
def summary(request: HttpRequest, number: str) -> HttpResponse:
    """The declaration as the organisations read it, without what a helper may not read."""
    demand = space.demand_of(request.principal, number)
    rights = access.fields(request.principal, demand)
    return show(
        request,
        "summary",
        "summary",
        demand,
        sections=sections(space.declared(demand), rights),
    )
