"""The lists of people: everybody who will live in the home, one line each."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal import drafts, typed
from portal.addresses import url_of
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
from register.form import pages
from register.form.answers import MAX_PEOPLE, Answers, new_person_key
from register.form.pages import Page
from register.form.revisions import find
from register.form.steps.disability import concerned
from register.web.audience import audience


@audience("applicant", methods=["GET", "POST"])
@patient
def people(request: HttpRequest, key: str) -> HttpResponse:
    """Add, change or remove people; "continue" with an empty list means nobody."""

    def told(page: Page, answers: Answers, to_review: bool) -> dict[str, object]:
        return {
            "people": _lines(page, answers, to_review),
            "add_url": url_of(page, new_person_key(), to_review=to_review),
            "is_full": len(answers.people(key)) >= MAX_PEOPLE,
        }

    return _open(request, key, _act, told)


@audience("applicant", methods=["GET", "POST"])
@patient
def annexes(request: HttpRequest, key: str) -> HttpResponse:
    """What each person with a disability needs: a page for each, and none has to be written."""

    def told(page: Page, answers: Answers, to_review: bool) -> dict[str, object]:
        return {"people": _annex_lines(page, answers, to_review)}

    return _open(request, key, _go_on, told)


def _open(
    request: HttpRequest,
    key: str,
    act: Callable[[HttpRequest, Draft, Page], HttpResponse],
    told: Callable[[Page, Answers, bool], dict[str, object]],
) -> HttpResponse:
    """The page of a list in the open draft, when it applies: what it tells, or what it does."""
    draft = opened(request)
    answers = Answers(draft.answers)
    page = find(answers, key)
    if page is None or not page.applies(answers):
        return redirect("portal:tasks")
    if request.method == "POST":
        return act(request, draft, page)
    lines = told(page, answers, goes_back_to_review(request))
    state = typed.new_state(draft, 0)
    context = page_context(request, page, draft, question=page.question, state=state, **lines)
    return render(request, f"portal/demand/{key}.html", context)


def _annex_lines(page: Page, answers: Answers, to_review: bool) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "is_written": any(map(any, answers.raw(page.key, person).values())),
            "url": url_of(page, person, to_review=to_review),
        }
        for person, name in concerned(answers)
    ]


def _lines(page: Page, answers: Answers, to_review: bool) -> list[dict[str, object]]:
    lines = []
    for someone in answers.people(page.key):
        form = pages.form_of(page, answers, someone["id"])
        lines.append(
            {
                "id": someone["id"],
                "name": answers.names(page.key, someone["id"]),
                "born": form.valid_answers.get("birth_date"),
                "is_complete": form.is_valid(),
                "url": url_of(page, someone["id"], to_review=to_review),
            }
        )
    return lines


def _act(request: HttpRequest, draft: Draft, page: Page) -> HttpResponse:
    verb, _sign, person = request.POST.get("intent", "").partition(":")
    if verb != "remove":
        return _go_on(request, draft, page)

    def edit(answers: Answers) -> None:
        answers.remove_person(page.key, person)

    drafts.change(draft, edit, step=page.key)
    return redirect(url_of(page, to_review=goes_back_to_review(request)))


def _go_on(request: HttpRequest, draft: Draft, page: Page) -> HttpResponse:
    later = request.POST.get("intent") == LATER

    def edit(answers: Answers) -> None:
        if not later:
            answers.data.setdefault(page.key, {})["confirmed"] = True

    saved = drafts.change(draft, edit, step=page.key)
    if later:
        return saved_for_later(request)
    return after(page, request, Answers(saved.answers))
