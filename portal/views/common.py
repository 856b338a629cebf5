"""What the pages of the demand share: where to go next, and patience with a busy database."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import drafts, typed
from portal.addresses import RETURN, TO_REVIEW, url_of
from portal.models import Draft
from portal.views.late import too_late
from portal.waiting import told_on
from register.form import revisions
from register.form.answers import Answers
from register.form.pages import Page

RETRY_AFTER_SECONDS = 10

View = Callable[..., HttpResponse]


def patient(view: View) -> View:
    """A busy database answers 503 with the form still in it, never a trace (R6, R12).

    A page that comes after its draft was sent is answered with what was written on it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except OperationalError:
            return _busy(request)
        except drafts.AlreadySent as sent:
            return too_late(request, sent.number, kwargs.get("key", ""), kwargs.get("person", ""))

    return guarded


def _busy(request: HttpRequest) -> HttpResponse:
    typed_again = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    context = {
        "typed_again": typed_again,
        "method": request.method,
        "had_file": bool(request.FILES),
    }
    response = render(request, "portal/demand/busy.html", context, status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def opened(request: HttpRequest) -> Draft:
    """The open draft; AlreadySent for what is posted by a page of a draft sent meanwhile."""
    return drafts.current(request.user, typed.token_of(request.POST))


def goes_back_to_review(request: HttpRequest) -> bool:
    """The person came from the summary to change one answer."""
    return request.GET.get(RETURN) == TO_REVIEW


def after(page: Page, request: HttpRequest, answers: Answers) -> HttpResponse:
    """Go on: back to the summary, to the next page, or to the summary after the last one."""
    next_page = None if goes_back_to_review(request) else revisions.following(page, answers)
    return redirect(url_of(next_page) if next_page else reverse("portal:verification"))


def saved_for_later(request: HttpRequest) -> HttpResponse:
    """Leave the form; everything is kept."""
    messages.success(
        request,
        _("Everything is saved. You can come back on any telephone or computer, for 3 months."),
    )
    return redirect("portal:tasks")


def page_context(request: HttpRequest, page: Page, draft: Draft, **more: Any) -> dict[str, Any]:
    """What the template of every page needs."""
    answers = Answers(draft.answers)
    sections = revisions.sections(answers)
    section = next(each for each in sections if each.key == page.section)
    before = revisions.preceding(page, answers)
    if goes_back_to_review(request):
        back = reverse("portal:verification")
    else:
        back = url_of(before) if before else reverse("portal:tasks")
    return {
        "page": page,
        "section": section,
        "section_number": sections.index(section) + 1,
        "section_count": len(sections),
        "back_url": back,
        "draft": draft,
        # Read by the pages that tell it, and by them alone.
        "waiting": partial(told_on, page, answers),
        **more,
    }
