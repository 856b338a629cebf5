"""The page of the link: opening it changes nothing, the code that is posted renews."""

from allauth.core import ratelimit
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
from register.services.renewal import BirthDateNeeded, WrongCode, renew_by_code
from register.web.audience import audience

UNPROCESSABLE, TOO_MANY = 422, 429


@audience("public", methods=["GET", "POST"])
@never_cache
def by_letter(request: HttpRequest) -> HttpResponse:
    """Renew with what a letter says: the number and the code."""
    if request.method != "POST":
        return _page(request, LetterForm())
    form = LetterForm(request.POST, is_tried=True)
    if form.is_valid():
        return _renew(request, form, latest_notice(form.cleaned_data["number"]))
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
    form = CodeForm(request.POST, is_tried=True)
    if form.is_valid():
        return _renew(request, form, notice)
    return _page(request, form, notice, status=UNPROCESSABLE)


def _renew(request: HttpRequest, form: CodeForm, notice: RenewalNotice | None) -> HttpResponse:
    """Wrong codes alone are counted, by network: a counter renews for many people in a day."""
    if not ratelimit.consume(request, action="type_code", dry_run=True):
        form.add_error(
            None,
            _(
                "Too many wrong codes from where you are: try again in an hour,"
                " renew from your space, or with a counter. Your code stays good."
            ),
        )
        return _page(request, form, notice, status=TOO_MANY)
    try:
        if notice is None:
            raise WrongCode
        typed = form.cleaned_data
        demand = renew_by_code(
            notice=notice, typed=typed["code"], birth_date=typed.get("birth_date")
        )
    except WrongCode as refusal:
        ratelimit.consume(request, action="type_code")
        form.add_error("code", refusal.messages)
    except BirthDateNeeded as refusal:
        form.add_error("birth_date", refusal.messages)
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
