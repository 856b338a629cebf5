"""The page of the link: opening it changes nothing, the code that is posted renews."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.renewal.forms import CodeForm, LetterForm
from register.errors import Conflict
from register.models import RenewalNotice
from register.renewal_codes import notice_behind
from register.selectors.renewals import latest_notice
from register.services.renewal import WrongCode, renew_by_code
from register.web.audience import audience

UNPROCESSABLE = 422


@audience("public", methods=["GET", "POST"])
@never_cache
def by_letter(request: HttpRequest) -> HttpResponse:
    """Renew with what a letter says: the number and the code."""
    if request.method != "POST":
        return _page(request, LetterForm())
    form = LetterForm(request.POST)
    if form.is_valid():
        notice = latest_notice(form.cleaned_data["number"])
        if notice is not None:
            return _renew(request, form, notice)
        form.add_error("code", WrongCode())
    return _page(request, form, status=UNPROCESSABLE)


@audience("public", methods=["GET", "POST"])
@never_cache
def by_link(request: HttpRequest, link: str) -> HttpResponse:
    """Renew with the link of an e-mail or of a text message, and its code."""
    notice = notice_behind(link)
    if notice is None:
        raise Http404
    if request.method != "POST":
        return _page(request, CodeForm(), notice)
    form = CodeForm(request.POST)
    if form.is_valid():
        return _renew(request, form, notice)
    return _page(request, form, notice, status=UNPROCESSABLE)


def _renew(request: HttpRequest, form: CodeForm, notice: RenewalNotice) -> HttpResponse:
    try:
        demand = renew_by_code(notice=notice, typed=form.cleaned_data["code"])
    except Conflict:
        form.add_error(None, _("The demand was being changed: press the button again."))
    except ValidationError as refusal:
        form.add_error("code", refusal.messages)
    else:
        return render(request, "portal/renewal/done.html", {"demand": demand})
    return _page(request, form, notice, status=UNPROCESSABLE)


def _page(
    request: HttpRequest, form: CodeForm, notice: RenewalNotice | None = None, status: int = 200
) -> HttpResponse:
    shown = notice if not isinstance(form, LetterForm) else None
    context = {"form": form, "notice": shown}
    return render(request, "portal/renewal/page.html", context, status=status)
