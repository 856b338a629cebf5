"""The same page changed in two places: both are kept until the person chooses."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict

from portal import drafts, review
from portal.addresses import url_of
from portal.models import Draft
from portal.views.common import patient
from register.form.answers import Answers, Raw
from register.form.pages import Page
from register.form.revisions import find
from register.web.audience import audience


@audience("applicant", methods=["GET", "POST"])
@patient
def conflict(request: HttpRequest, place: str) -> HttpResponse:
    """Show both versions side by side; the person keeps one."""
    key, _sign, person = place.partition(":")
    draft = drafts.current(request.user)
    answers = Answers(draft.answers)
    page = find(answers, key)
    if page is None:
        raise Http404
    aside = answers.aside(place)
    if aside is None:
        return redirect(url_of(page, person))
    if request.method == "POST":
        return _choose(request, draft, page, place)
    context = {
        "page": page,
        "rows": _differences(page, answers, person, aside),
    }
    return render(request, "portal/demand/conflict.html", context)


def _choose(request: HttpRequest, draft: Draft, page: Page, place: str) -> HttpResponse:
    _key, _sign, person = place.partition(":")
    mine = request.POST.get("keep") == "mine"

    def edit(answers: Answers) -> None:
        aside = answers.aside(place)
        if mine and aside is not None:
            answers.write(page.key, aside, person=person)
        answers.forget_aside(place)

    drafts.change(draft, edit, step=page.key)
    return redirect(url_of(page, person))


def _differences(page: Page, answers: Answers, person: str, aside: Raw) -> list[dict[str, Any]]:
    saved = page.form(answers.form_data(page.key, person) or {}, answers=answers, person=person)
    mine = page.form(MultiValueDict(aside), answers=answers, person=person)
    rows = []
    for name, field in saved.fields.items():
        there, here = review.as_written(saved, name), review.as_written(mine, name)
        if there != here:
            rows.append({"label": field.label, "saved": there, "mine": here})
    return rows
