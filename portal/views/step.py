"""A page with questions: shows what was typed, keeps whatever is typed, then says what to mend."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import again, drafts, typed
from portal.addresses import url_of
from portal.models import Draft
from portal.typed import PageState
from portal.views.common import (
    after,
    goes_back_to_review,
    opened,
    page_context,
    patient,
    saved_for_later,
)
from register.form import pages
from register.form.answers import Answers
from register.form.pages import Page
from register.form.revisions import find
from register.web.audience import audience
from register.web.typed import AUTOSAVE_HEADER, take

LATER = "later"


@audience("applicant", methods=["GET", "POST"])
@patient
def step(request: HttpRequest, key: str, person: str = "") -> HttpResponse:
    """One page of questions, or one person of a list."""
    draft = opened(request)
    answers = Answers(draft.answers)
    page = find(answers, key)
    if page is None or not page.applies(answers):
        return redirect("portal:tasks")
    if person and not page.takes(answers, person):
        raise Http404
    place = Place(page, person)
    if request.method == "POST":
        return _save(request, draft, place)
    if kept := take(request):
        draft = _keep(request, draft, place, kept.data, None).draft
    form = pages.form_of(page, Answers(draft.answers), person)
    if form.is_bound:
        form.forgive_blanks()
    return _show(request, draft, place, form)


@dataclass(frozen=True)
class Place:
    """A page, and the person of its list when it is one."""

    page: Page
    person: str = ""

    def __str__(self) -> str:
        return f"{self.page.key}:{self.person}" if self.person else self.page.key


@dataclass
class Kept:
    """Outcome of keeping a page."""

    draft: Draft
    is_conflict: bool = False
    is_filled_in: bool = False


def _save(request: HttpRequest, draft: Draft, place: Place) -> HttpResponse:
    state = typed.read_state(request.POST)
    kept = _keep(request, draft, place, request.POST, state)
    is_autosave = AUTOSAVE_HEADER in request.headers
    if is_autosave:
        return HttpResponse(status=409 if kept.is_conflict else 204)
    if kept.is_conflict:
        return redirect("portal:conflict", place=str(place))
    if kept.is_filled_in:
        messages.info(
            request,
            _("What your last demand told of the association is filled in: check each page."),
        )
    if request.POST.get("intent") == LATER:
        return saved_for_later(request)
    answers = Answers(kept.draft.answers)
    form = pages.form_of(place.page, answers, place.person)
    if not form.is_valid():
        return _show(request, kept.draft, place, form, writer=state.writer if state else "")
    if place.page.is_list:
        return redirect(url_of(place.page, to_review=goes_back_to_review(request)))
    return after(place.page, request, answers)


def _keep(
    request: HttpRequest, draft: Draft, place: Place, data: QueryDict, state: PageState | None
) -> Kept:
    """Store what was typed, right or wrong; aside when somebody else changed the page meanwhile."""
    form = place.page.form(answers=Answers(draft.answers), person=place.person)
    raw = form.raw_from(data)
    is_autosave = AUTOSAVE_HEADER in request.headers
    continues = not is_autosave and data.get("intent") != LATER
    sent_at = typed.read_time(data)
    outcome: dict[str, Any] = {"conflict": False, "filled_in": False}

    def edit(answers: Answers) -> None:
        slot = answers.slot(place.page.key, place.person)
        if is_autosave and state and _overtaken(slot, state, sent_at):
            return
        if state and _changed_elsewhere(slot, state) and slot.get("raw") != raw:
            answers.set_aside(str(place), raw)
            outcome["conflict"] = True
            return
        writer = state.writer if state else ""
        slot = answers.write(place.page.key, raw, person=place.person, writer=writer)
        slot["sent_at"] = sent_at
        form.stamp(slot)
        if continues:
            slot["confirmed"] = True
        if continues and place.page.key == pages.FIRST:
            outcome["filled_in"] = again.fill_in(answers, request.principal)

    saved = drafts.change(draft, edit, step=place.page.key)
    return Kept(saved, outcome["conflict"], outcome["filled_in"])


def _overtaken(slot: dict[str, Any], state: PageState, sent_at: int) -> bool:
    """An autosave that arrives after the page it was typed on had been sent."""
    return slot.get("writer") == state.writer and slot.get("sent_at", 0) > sent_at


def _changed_elsewhere(slot: dict[str, Any], state: PageState) -> bool:
    return slot.get("version", 0) > state.version and slot.get("writer") != state.writer


def _show(
    request: HttpRequest, draft: Draft, place: Place, form: Any, writer: str = ""
) -> HttpResponse:
    slot = Answers(draft.answers).slot(place.page.key, place.person)
    context = page_context(
        request,
        place.page,
        draft,
        form=form,
        person=place.person,
        question=form.question,
        state=typed.new_state(draft, slot.get("version", 0), writer),
    )
    if place.person:
        context["back_url"] = url_of(place.page, to_review=goes_back_to_review(request))
    return render(request, "portal/demand/step.html", context)
