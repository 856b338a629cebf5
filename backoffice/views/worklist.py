"""The worklist: the demands of the organisation's perimeter, found, sorted, paged."""

import re
import secrets
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.exported_answers import remembered
from backoffice.gate import second_factor
from backoffice.listing import Listing, read_listing, remember_search
from register import access
from register.access import Action
from register.selectors.communes import search_communes
from register.selectors.counters import may_register
from register.selectors.explanation import perimeter
from register.selectors.score_list import offers_scores
from register.selectors.text_search import sought_by
from register.selectors.worklist import WorklistPage, read_page
from register.web.audience import audience

BAD_REQUEST = 400
FORBIDDEN = 403
SUGGESTIONS = 12
SHORTEST_NAME = 2


@audience("desk", ["GET"])
@second_factor
def worklist(request: HttpRequest) -> HttpResponse:
    """The list; organisations that see figures only are taken to their figures."""
    principal = request.principal  # type: ignore[attr-defined]
    if not access.can_use_desk(principal):
        return _without_list(request)
    try:
        listing = read_listing(request)
    except BadRequest as refusal:
        return bad_request(request, refusal)
    page = read_page(principal, listing.wanted, listing.cursor) if listing.wanted else None
    is_empty = not (page and page.rows)
    context = {
        **list_context(listing, page),
        "form": listing.form,
        "perimeter": perimeter(principal) if is_empty else None,
        "can_rank": offers_scores(principal),
        "can_register": may_register(principal),
        "can_export": access.may_ever(principal, Action.EXPORT),
        "exported_answers": len(remembered(request).keys),
    }
    status = 200 if listing.wanted else BAD_REQUEST
    return render(request, "backoffice/worklist.html", context, status=status)


def _without_list(request: HttpRequest) -> HttpResponse:
    """Figures for those whose role opens figures, assertions for the data-protection officer."""
    if request.principal.is_data_protection_officer:  # type: ignore[attr-defined]
        return redirect("desk:assertions")
    if access.may_ever(request.principal, Action.STATISTICS):  # type: ignore[attr-defined]
        return redirect("statistics:index")
    return render(request, "backoffice/closed.html", status=FORBIDDEN)


def list_context(listing: Listing, page: WorklistPage | None) -> dict[str, Any]:
    """What the list and the narrow list beside a file both draw."""
    neighbours = {
        "previous_url": page.preceding if page else None,
        "next_url": page.following if page else None,
    }
    return {
        "listing": listing,
        "page": page,
        "chips": listing.chips(),
        **{
            name: f"?{listing.query_with(cursor=cursor)}" if cursor else ""
            for name, cursor in neighbours.items()
        },
    }


def bad_request(request: HttpRequest, refusal: BadRequest) -> HttpResponse:
    """A page that names what was not understood in the address."""
    context = {"refusal": str(refusal)}
    return render(request, "backoffice/bad_request.html", context, status=BAD_REQUEST)


@audience("desk", ["POST"])
@second_factor
def search(request: HttpRequest) -> HttpResponse:
    """Look for a number, a name or a SIREN. By POST: a name stays in no address and no log."""
    if not access.can_use_desk(request.principal):  # type: ignore[attr-defined]
        raise Http404
    text = request.POST.get("text", "").replace("\x00", "").strip()[:100]
    compact = re.sub(r"\s", "", text).upper()
    try:
        access.get_demand(request.principal, Action.VIEW, compact)  # type: ignore[attr-defined]
        return redirect("desk:file", number=compact)
    except Http404:
        pass
    if not text:
        return redirect("desk:worklist")
    if number := sought_by(text).number:
        return redirect(f"{reverse('desk:worklist')}?number={number}")
    token = secrets.token_urlsafe(8)
    remember_search(request, token, text)
    return redirect(f"{reverse('desk:worklist')}?search={token}")


@audience("desk", ["GET"])
def communes(request: HttpRequest) -> HttpResponse:
    """Suggestions for the commune filter, as options of its list."""
    text = request.GET.get("commune", "")[:100]
    found = search_communes(text, SUGGESTIONS) if len(text.strip()) >= SHORTEST_NAME else []
    return render(request, "backoffice/parts/commune_options.html", {"communes": found})


@audience("desk", ["GET"])
def shortcuts(request: HttpRequest) -> HttpResponse:
    """How the desk works and its keys."""
    return render(request, "backoffice/help.html", {"title": _("Help for the desk")})
