"""A page that comes after its draft was sent: what it says is not in the demand, and is shown."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal import review
from register.form.answers import Answers
from register.form.pages import QUESTION
from register.form.revisions import find
from register.web.typed import AUTOSAVE_HEADER


def too_late(request: HttpRequest, number: str, key: str, person: str) -> HttpResponse:
    """Nothing is kept of it: what was written, to be copied, and where the demand is changed."""
    if AUTOSAVE_HEADER in request.headers:
        return HttpResponse(status=410)
    if request.htmx:
        messages.warning(
            request, _("Your demand had just been sent: this last change is not in it.")
        )
        return HttpResponseClientRedirect(reverse("portal:sent", args=[number]))
    context = {"number": number, "rows": _written(request, key, person)}
    return render(request, "portal/demand/late.html", context, status=409)


def _written(request: HttpRequest, key: str, person: str) -> list[dict[str, Any]]:
    """What was written on the page, question by question, as the form reads it today."""
    answers = Answers({})
    page = find(answers, key)
    if page is None or not (page.kind == QUESTION or person):
        return []
    raw = page.form(answers=answers, person=person).raw_from(request.POST)
    form = page.form(MultiValueDict(raw), answers=answers, person=person)
    told = ((field.label, review.as_written(form, name)) for name, field in form.fields.items())
    return [{"label": label, "value": value} for label, value in told if value]
