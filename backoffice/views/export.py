"""Exports of the filtered list, with the rights of the reader at the moment of writing (R16)."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from backoffice.exported_answers import ChosenAnswers, remember, remembered
from backoffice.forms.exported_answers import ExportedAnswersForm
from backoffice.gate import second_factor
from backoffice.listing import Listing, read_listing
from backoffice.tables import Column, as_csv, as_xlsx, columns
from backoffice.views.worklist import bad_request
from register import access, clock
from register.access import Action
from register.principals import Principal
from register.selectors.answer_filters import readable_questions
from register.selectors.exported_answers import MOST_ANSWERS, chosen, offered
from register.services.exports import Export
from register.templatetags.shell import date_long
from register.web.audience import audience

MOST_ROWS = 5_000
UNPROCESSABLE = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@audience("desk", ["GET"])
@second_factor
def export(request: HttpRequest, form: str) -> HttpResponseBase:
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
    kept = remembered(request)
    questions = chosen(principal, kept.keys)
    under_way = Export(principal, listing.wanted, MOST_ROWS, questions)
    shown = columns(
        readable_questions(principal),
        scored=under_way.is_scored,
        chosen=questions,
        coded=kept.codes,
    )
    response = (
        HttpResponse(
            as_xlsx(under_way.rows(), shown, lambda: _about(principal, listing, under_way)),
            content_type=XLSX,
        )
        if form == "xlsx"
        else StreamingHttpResponse(
            _csv(under_way, shown, get_language(), listing), content_type=CSV
        )
    )
    response["Content-Disposition"] = f'attachment; filename="{_name(under_way.is_cut)}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@audience("desk", ["GET", "POST"])
@second_factor
def answers(request: HttpRequest) -> HttpResponse:
    """Which answers of the form her exports write too; the list is the one of the address."""
    principal = request.principal  # type: ignore[attr-defined]
    if not access.may_ever(principal, Action.EXPORT):
        raise Http404
    try:
        listing = read_listing(request)
    except BadRequest as refusal:
        return bad_request(request, refusal)
    back = f"{reverse('desk:worklist')}?{listing.query}"
    form = ExportedAnswersForm(
        request.POST or None, offered=offered(principal), kept=remembered(request)
    )
    if request.method == "POST" and form.is_valid():
        keys = form.chosen(form.cleaned_data)
        remember(request, ChosenAnswers(tuple(keys), form.cleaned_data["codes"]))
        messages.success(request, _("Your next exports hold the answers chosen."))
        return redirect(back)
    context = {"form": form, "back": back, "most": MOST_ANSWERS}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "backoffice/exported_answers.html", context, status=status)


def _csv(
    under_way: Export, shown: Sequence[Column], language: str | None, listing: Listing
) -> Iterator[str]:
    """The lines as they are read: the rights are asked for again all along."""
    with override(language):
        yield from as_csv(
            under_way.rows(),
            shown,
            lambda: [*_stopped(under_way), *_order(under_way, listing)],
        )


def _stopped(under_way: Export) -> list[str]:
    if not under_way.is_stopped:
        return []
    return [_("This export was stopped: your rights ended while it was written.")]


def _order(under_way: Export, listing: Listing) -> list[str]:
    if under_way.is_scored or not listing.wants_scores:
        return []
    return [_("The list is too long to be put in the order of its scores: it is by seniority.")]


def _name(cut: bool) -> str:
    day = clock.today().isoformat()
    return f"demandes-{day}-{MOST_ROWS}-premieres" if cut else f"demandes-{day}"


def _about(principal: Principal, listing: Listing, under_way: Export) -> list[str]:
    lines = [
        _("Exported on %(day)s by %(user)s, %(organisation)s")
        % {
            "day": date_long(clock.today()),
            "user": principal.user,
            "organisation": principal.organisation,
        },
        _("Number of demands: %(count)s") % {"count": under_way.written},
        *(_("Filter: %(filter)s") % {"filter": chip["text"]} for chip in listing.chips()),
        _("Each demand of this list is recorded as consulted; applicants can see it."),
        _("For the allocation of homes only. Delete this file when it is no longer used."),
    ]
    if under_way.is_cut:
        note = _("The list is longer: only the first %(count)s demands are here. Add a filter.")
        lines.insert(1, note % {"count": MOST_ROWS})
    return [*_stopped(under_way), *_order(under_way, listing), *lines]
