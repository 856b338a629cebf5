"""Exports of the filtered list, with the rights of the reader at the moment of writing (R16)."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from backoffice.gate import second_factor
from backoffice.listing import Listing, read_listing
from backoffice.tables import as_csv, as_xlsx
from backoffice.views.worklist import bad_request
from register import access, clock
from register.access import Action
from register.principals import Principal
from register.selectors.answer_filters import readable_questions
from register.selectors.worklist import WorklistRow, read_rows
from register.services.journal import record_export
from register.templatetags.shell import date_long
from register.web.audience import audience

MOST_ROWS = 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@audience("desk", ["GET"])
@second_factor
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The list as XLSX or CSV, 5,000 demands at most; each demand written is journalled."""
    principal = request.principal  # type: ignore[attr-defined]
    if not access.may_ever(principal, Action.EXPORT):
        raise Http404
    try:
        listing = read_listing(request)
    except BadRequest as refusal:
        return bad_request(request, refusal)
    if listing.wanted is None:
        return bad_request(request, BadRequest(_("A filter is mistyped.")))
    rows = read_rows(principal, listing.wanted, Action.EXPORT, MOST_ROWS + 1)
    cut, rows = len(rows) > MOST_ROWS, rows[:MOST_ROWS]
    record_export(principal=principal, demands=[row.demand for row in rows])
    asked = readable_questions(principal)
    content, kind = (
        (as_xlsx(rows, _about(principal, listing, rows, cut), asked), XLSX)
        if form == "xlsx"
        else (as_csv(rows, asked).encode(), CSV)
    )
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{_name(cut)}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _name(cut: bool) -> str:
    day = clock.today().isoformat()
    return f"demandes-{day}-{MOST_ROWS}-premieres" if cut else f"demandes-{day}"


def _about(principal: Principal, listing: Listing, rows: list[WorklistRow], cut: bool) -> list[str]:
    lines = [
        _("Exported on %(day)s by %(user)s, %(organisation)s")
        % {
            "day": date_long(clock.today()),
            "user": principal.user,
            "organisation": principal.organisation,
        },
        _("Number of demands: %(count)s") % {"count": len(rows)},
        *(_("Filter: %(filter)s") % {"filter": chip["text"]} for chip in listing.chips()),
        _("Each demand of this list is recorded as consulted; applicants can see it."),
        _("For the allocation of homes only. Delete this file when it is no longer used."),
    ]
    if cut:
        note = _("The list is longer: only the first %(count)s demands are here. Add a filter.")
        lines.insert(1, note % {"count": MOST_ROWS})
    return lines
