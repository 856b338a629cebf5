"""Demands born online that nobody has spoken to, and how complete each channel is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from backoffice.gate import second_factor
from register.codes import Channel
from register.selectors import equity as selectors
from register.web.audience import audience

CRITERIA = {
    "identity": _("identity checked"),
    "telephone": _("telephone known"),
    "income": _("fiscal reference income known"),
    "recent": _("incomes up to date"),
    "housing": _("present housing described"),
    "papers": _("a document checked"),
}


@audience("desk", ["GET"])
@never_cache
@second_factor
def equity(request: HttpRequest) -> HttpResponse:
    """Whom to contact first; the manager compares the channels below."""
    principal = request.principal  # type: ignore[attr-defined]
    lines, count, is_more = selectors.never_contacted(principal)
    compared = selectors.completeness(principal) if principal.is_manager else []
    context = {
        "lines": lines,
        "count": count,
        "is_more": is_more,
        "columns": list(CRITERIA.values()),
        "channels": [
            (Channel(each.channel).label, each, [each.shares[name] for name in CRITERIA])
            for each in compared
        ],
    }
    return render(request, "backoffice/equity.html", context)
