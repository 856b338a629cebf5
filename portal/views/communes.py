"""The wished communes: found as one types or with a button, put in order with buttons.

Where a commune has quarters, one may be preferred: each button of the page keeps what is chosen.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal import drafts, typed
from portal.addresses import RETURN
from portal.models import Draft
from portal.views.common import (
    after,
    goes_back_to_review,
    opened,
    page_context,
    patient,
    saved_for_later,
)
from portal.views.step import LATER
from register.form.answers import MAX_COMMUNES, Answers
from register.form.revisions import page_of
from register.models import Commune
from register.selectors.communes import search_communes
from register.selectors.demand_form import chosen_quarters, communes_in_order, quarters_in
from register.web.audience import audience
from register.web.typed import take

KEY = "logement-souhaite-communes"
QUARTER = "quarter-"
RESULTS = 8
MAX_QUERY = 80


@audience("applicant", methods=["GET", "POST"])
@patient
def communes(request: HttpRequest) -> HttpResponse:
    """Search (GET), and add, move or remove (POST)."""
    draft = opened(request)
    if request.method == "POST":
        return _act(request, draft)
    if (kept := take(request)) and _take_up(request, draft, kept.data):
        draft = drafts.current(request.user)
    return _show(request, draft)


def _show(request: HttpRequest, draft: Draft, *, with_errors: bool = False) -> HttpResponse:
    answers = Answers(draft.answers)
    chosen = communes_in_order(answers.communes)
    query = request.GET.get("q", "")[:MAX_QUERY].replace("\0", "").strip()
    wishes = _with_quarters(chosen, answers)
    page = page_of(answers, KEY)
    form = page.form({}, answers=answers) if with_errors else page.form(answers=answers)
    context = page_context(
        request,
        page,
        draft,
        form=form,
        question=form.question,
        chosen=wishes,
        has_quarters=any(wish["quarters"] for wish in wishes),
        department=chosen[0].department if chosen else None,
        query=query,
        results=_results(query, chosen),
        room_left=MAX_COMMUNES - len(chosen),
        returns=goes_back_to_review(request),
        state=typed.new_state(draft, 0),
    )
    is_typing = request.htmx and request.htmx.target == "commune-results"
    name = "commune_results" if is_typing else "communes"
    return render(request, f"portal/demand/{name}.html", context)


def _with_quarters(chosen: list[Commune], answers: Answers) -> list[dict[str, object]]:
    """The communes chosen, each with its quarters and the one that is preferred."""
    quarters, preferred = quarters_in(answers.communes), answers.quarters
    return [
        {
            "commune": commune,
            "quarters": quarters.get(commune.insee, []),
            "preferred": preferred.get(commune.insee, ""),
        }
        for commune in chosen
    ]


def _results(query: str, chosen: list[Commune]) -> list[dict[str, object]]:
    taken = {commune.insee for commune in chosen}
    department = chosen[0].department_id if chosen else ""
    found = search_communes(query, limit=RESULTS).select_related("department", "epci")
    return [
        {
            "commune": commune,
            "is_taken": commune.insee in taken,
            "is_elsewhere": bool(department) and commune.department_id != department,
        }
        for commune in found
    ]


def _act(request: HttpRequest, draft: Draft) -> HttpResponse:
    intent = request.POST.get("intent", "")
    _keep_quarters(draft, request.POST)
    if intent == LATER:
        return _leave(request, saved_for_later(request))
    if _change(request, draft, intent):
        return redirect(_same_place(request))
    draft = drafts.current(request.user)
    answers = Answers(draft.answers)
    if not answers.communes:
        return _show(request, draft, with_errors=True)
    return _leave(request, after(page_of(answers, KEY), request, answers))


def _leave(request: HttpRequest, to: HttpResponse) -> HttpResponse:
    """Another page, which replaces the whole of this one even when a script sent the form."""
    return HttpResponseClientRedirect(to["Location"]) if request.htmx else to


def _take_up(request: HttpRequest, draft: Draft, kept: QueryDict) -> bool:
    """Do what was asked before signing in again; False when nothing was."""
    quarters = _keep_quarters(draft, kept)
    return _change(request, draft, kept.get("intent", "")) or quarters


def _keep_quarters(draft: Draft, data: QueryDict) -> bool:
    """Keep the quarters as they are chosen on the page; False when it shows none."""
    shown = {name.removeprefix(QUARTER): data[name] for name in data if name.startswith(QUARTER)}
    if not shown:
        return False
    chosen = {insee: quarter.pk for insee, quarter in chosen_quarters(shown).items()}

    def edit(answers: Answers) -> None:
        others = {k: code for k, code in answers.quarters.items() if k not in shown}
        answers.quarters = {**others, **chosen}

    drafts.change(draft, edit, step=KEY)
    return True


def _change(request: HttpRequest, draft: Draft, intent: str) -> bool:
    """Apply "add:21231", "up:21231", "down:21231" or "remove:21231"; False for another intent."""
    verb, _sign, insee = intent.partition(":")
    if verb not in MOVES or not insee:
        return False
    if verb == "add" and (refusal := _refusal(Answers(draft.answers), insee)):
        messages.warning(request, refusal)
        return True

    def edit(answers: Answers) -> None:
        answers.communes = MOVES[verb](answers.communes, insee)

    drafts.change(draft, edit, step=KEY)
    return True


def _refusal(answers: Answers, insee: str) -> str:
    """Why this commune cannot be added, or an empty string."""
    chosen = communes_in_order(answers.communes)
    wanted = communes_in_order([insee])
    if not wanted:
        return _("This commune is unknown. Search for it again.")
    if chosen and wanted[0].department_id != chosen[0].department_id:
        return _(
            "%(commune)s is in another department. An application is for one department only:"
            " yours is for %(department)s. You can make another application for the other one."
        ) % {"commune": wanted[0].name, "department": chosen[0].department.name}
    if len(chosen) >= MAX_COMMUNES and insee not in {each.insee for each in chosen}:
        return _("You have already chosen 8 communes. Remove one before adding another.")
    return ""


def _added(insee: list[str], one: str) -> list[str]:
    return insee if one in insee else [*insee, one]


def _removed(insee: list[str], one: str) -> list[str]:
    return [each for each in insee if each != one]


def _moved(by: int) -> Callable[[list[str], str], list[str]]:
    def move(insee: list[str], one: str) -> list[str]:
        if one not in insee:
            return insee
        place = max(0, insee.index(one) + by)
        rest = _removed(insee, one)
        return [*rest[:place], one, *rest[place:]]

    return move


MOVES: dict[str, Callable[[list[str], str], list[str]]] = {
    "add": _added,
    "remove": _removed,
    "up": _moved(-1),
    "down": _moved(+1),
}


def _same_place(request: HttpRequest) -> str:
    kept = {name: request.GET[name] for name in ("q", RETURN) if name in request.GET}
    if request.POST.get("intent", "").startswith("add:"):
        kept.pop("q", None)
    address = reverse(f"portal:{KEY}")
    return f"{address}?{urlencode(kept)}#vos-communes" if kept else f"{address}#vos-communes"
