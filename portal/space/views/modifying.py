"""The applicant changes what she declared, at any time while her demand lives."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.modifying import (
    AMOUNTS,
    KINDS,
    NEW,
    ModifiedPage,
    address,
    pages_offered,
    people_of,
)
from portal.space.pages import show
from portal.views.common import patient
from register.access import Action
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.form.answers import MAX_PEOPLE
from register.form.pages import ANNEX, BY_KEY, PEOPLE, Page
from register.form.recorded import recorded
from register.models import Demand
from register.selectors import space
from register.services.declaring import remove_person
from register.web.audience import audience
from register.web.typed import given

CONFLICT, UNPROCESSABLE = 409, 422
# The pages that a change makes relevant, asked one after the other.
THEN = "ensuite"
REMOVE = "remove"


@audience("applicant", methods=["GET", "POST"])
@never_cache
@patient
def modify(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """A page of the form, or the people of one of its lists; to a helper, what she may change."""
    demand = space.demand_of(request.principal, number, Action.MODIFY)
    if not demand.is_live:
        return _ended(request, demand)
    page = _page_of(request, demand, part)
    if page.kind == PEOPLE:
        people = people_of(demand, page)
        context = {"part": page, "people": people, "new": NEW}
        is_full = len(people) >= MAX_PEOPLE
        return show(request, "modify_people", "summary", demand, is_full=is_full, **context)
    if page.kind == ANNEX:
        raise Http404
    return _answer(request, demand, page)


@audience("applicant", methods=["GET", "POST"])
@never_cache
@patient
def modify_person(request: HttpRequest, number: str, part: str, someone: str) -> HttpResponse:
    """Somebody of a list, who comes or leaves, or what she needs; never under a mandate."""
    demand = space.own_demand_of(request.principal, number, Action.EDIT)
    if not demand.is_live:
        return _ended(request, demand)
    page = _page_of(request, demand, part)
    if page.kind not in (PEOPLE, ANNEX):
        raise Http404
    if page.kind == PEOPLE and someone != NEW:
        there = {each.key: each for each in people_of(demand, page)}
        if someone not in there:
            messages.warning(request, _("This person is no longer in your demand."))
            return redirect(address(demand, page.key))
        if request.POST.get("intent") == REMOVE:
            return _remove(request, demand, page, there[someone].row)
    elif page.kind == ANNEX and someone not in page.people(recorded(demand)):
        raise Http404
    return _answer(request, demand, page, someone)


def _page_of(request: HttpRequest, demand: Demand, part: str) -> Page:
    declared = space.declared(demand)
    pages = pages_offered(request.principal, declared, recorded(declared))  # type: ignore[attr-defined]
    offered = {page.key: page for page in pages}
    offered |= {amounts: BY_KEY[amounts] for kinds, amounts in KINDS.items() if kinds in offered}
    if part not in offered:
        raise Http404
    return offered[part]


def _answer(request: HttpRequest, demand: Demand, page: Page, person: str = "") -> HttpResponse:
    principal = request.principal  # type: ignore[attr-defined]
    data = given(request)
    kinds = data.getlist("kinds") if data and page.key in AMOUNTS else None
    opened = ModifiedPage(principal, demand, page, person, data, kinds)
    if request.method != "POST":
        return _show(request, opened)
    if page.key in KINDS and opened.form.is_valid():
        chosen = opened.form.cleaned_data["kinds"]
        amounts = BY_KEY[KINDS[page.key]]
        return _show(request, ModifiedPage(principal, demand, amounts, kinds=chosen))
    try:
        kept = opened.keep()
    except Conflict:
        return _show(request, opened, CONFLICT)
    except TransitionRefused:
        return _ended(request, demand)
    except NotAllowed:
        raise Http404 from None
    if not kept:
        return _show(request, opened, UNPROCESSABLE)
    messages.success(request, _("Your declaration is changed. The organisations read it now."))
    return redirect(_next(request, opened))


def _show(request: HttpRequest, opened: ModifiedPage, status: int = 200) -> HttpResponse:
    demand, page = opened.demand, opened.page
    context: dict[str, Any] = {
        "part": page,
        "opened": opened,
        "form": opened.form,
        "question": opened.form.question,
        "sent_to": f"{address(demand, page.key, opened.person)}?{request.GET.urlencode()}",
        "back": address(demand, page.key) if page.kind == PEOPLE else "",
        "may_leave": page.kind == PEOPLE and opened.person != NEW,
    }
    shown = show(request, "modify", "summary", demand, **context)
    shown.status_code = status
    return shown


def _next(request: HttpRequest, opened: ModifiedPage) -> str:
    """The next page that is relevant now, else the list of people or the whole declaration."""
    waiting = [
        (page, person)
        for each in request.GET.get(THEN, "").split(",")
        for page, _dot, person in [each.partition(".")]
        if page in BY_KEY and page != opened.page.key
    ]
    todo = list(dict.fromkeys([*opened.asked_next(), *waiting]))
    if todo:
        (page, person), *rest = todo
        there = address(opened.demand, page, person)
        more = {THEN: ",".join(".".join(filter(None, each)) for each in rest)}
        return f"{there}?{urlencode(more)}" if rest else there
    if opened.page.kind == PEOPLE:
        return address(opened.demand, opened.page.key)
    return reverse("space:summary", args=[opened.demand.number])


def _remove(request: HttpRequest, demand: Demand, page: Page, row: Any) -> HttpResponse:
    try:
        remove_person(principal=request.principal, demand=demand, page=page.key, key=row.pk)  # type: ignore[attr-defined]
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    except TransitionRefused:
        return _ended(request, demand)
    else:
        messages.success(request, _("This person is no longer in your demand."))
    return redirect(address(demand, page.key))


def _ended(request: HttpRequest, demand: Demand) -> HttpResponse:
    messages.warning(request, _("This demand has ended: its declaration changes no more."))
    return redirect("space:summary", number=demand.number)
