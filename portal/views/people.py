"""The lists of people: everybody who will live in the home, one line each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal import drafts, typed
from portal.addresses import url_of
from portal.views.common import (
    after,
    already_sent,
    goes_back_to_review,
    page_context,
    patient,
    saved_for_later,
)
from portal.views.step import LATER
from register.form import pages
from register.form.answers import MAX_PEOPLE, Answers, new_person_key
from register.form.pages import BY_KEY, Page
from register.web.audience import audience


@audience("applicant", methods=["GET", "POST"])
@patient
def people(request: HttpRequest, key: str) -> HttpResponse:
    """Add, change or remove people; "continue" with an empty list means nobody."""
    page = BY_KEY[key]
    if request.method == "POST":
        return already_sent(request) or _act(request, page)
    draft = drafts.current(request.user)
    answers = Answers(draft.answers)
    to_review = goes_back_to_review(request)
    context = page_context(
        request,
        page,
        draft,
        question=page.question,
        people=_lines(page, answers, to_review),
        add_url=url_of(page, new_person_key(), to_review=to_review),
        is_full=len(answers.people(key)) >= MAX_PEOPLE,
        state=typed.new_state(draft, 0),
    )
    return render(request, f"portal/demand/{key}.html", context)


def _lines(page: Page, answers: Answers, to_review: bool) -> list[dict[str, object]]:
    lines = []
    for someone in answers.people(page.key):
        form = pages.form_of(page, answers, someone["id"])
        raw = answers.raw(page.key, someone["id"])
        names = [(raw.get(name) or [""])[-1] for name in ("first_names", "birth_name")]
        lines.append(
            {
                "id": someone["id"],
                "name": " ".join(filter(None, names)),
                "born": form.valid_answers.get("birth_date"),
                "is_complete": form.is_valid(),
                "url": url_of(page, someone["id"], to_review=to_review),
            }
        )
    return lines


def _act(request: HttpRequest, page: Page) -> HttpResponse:
    intent = request.POST.get("intent", "")
    verb, _sign, person = intent.partition(":")

    def edit(answers: Answers) -> None:
        if verb == "remove":
            answers.remove_person(page.key, person)
        elif intent != LATER:
            answers.data.setdefault(page.key, {})["confirmed"] = True

    draft = drafts.change(request.user, edit, step=page.key)
    if verb == "remove":
        return redirect(url_of(page, to_review=goes_back_to_review(request)))
    if intent == LATER:
        return saved_for_later(request)
    return after(page, request, Answers(draft.answers))
