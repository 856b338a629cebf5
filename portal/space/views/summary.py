"""What the applicant declared."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from portal.space.modifying import changes_of
from portal.space.pages import show
from portal.space.summary import sections
from register import access
from register.access import Action
from register.selectors import space
from register.selectors.history import history_of
from register.web.audience import audience


@audience("applicant", methods=["GET"])
@never_cache
def summary(request: HttpRequest, number: str) -> HttpResponse:
    """The declaration as the organisations read it, without what a helper may not read."""
    demand = space.demand_of(request.principal, number)
    rights = access.fields(request.principal, demand)
    may = access.decide(request.principal, Action.MODIFY, demand).allowed and demand.is_live
    # What can be changed depends on every answer; to read, only what may be read is loaded.
    whole = space.declared(demand) if may else None
    changes = changes_of(request.principal, whole) if whole else {}
    parts = [
        (section, [line for key in section.pages for line in changes.get(key, ())])
        for section in sections(demand, rights, whole)
    ]
    return show(request, "summary", "summary", demand, parts=parts)


@audience("applicant", methods=["GET"])
@never_cache
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Each answer that changed since the demand was made, and from which source (R441-2-15)."""
    demand = space.demand_of(request.principal, number)
    rights = access.fields(request.principal, demand)
    changed = [answer for answer in history_of(demand, rights) if answer.changes]
    return show(request, "history", "summary", demand, changed=changed)
