"""The door of the online demand, and the task list behind it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal import drafts, progress, review
from portal.addresses import url_of
from portal.progress import SectionProgress, State
from portal.views.common import patient
from register.form import assembly
from register.form.answers import Answers
from register.form.revisions import find, revision_of
from register.selectors.demand_form import blocking_demand, demands_that_go_on, live_demands
from register.selectors.while_filling import read_declaration
from register.web.audience import audience

STATUS = {
    State.NOT_STARTED: ("neutral", _("Not started")),
    State.IN_PROGRESS: ("warning", _("In progress")),
    State.DONE: ("success", _("Done")),
}


@audience("public", methods=["GET"])
@patient
def start(request: HttpRequest) -> HttpResponse:
    """What it is, how long it takes, what to have ready."""
    tasks_url = reverse("portal:tasks")
    has_draft = request.user.is_authenticated and drafts.current(request.user).pk is not None
    context = {
        "tasks_url": tasks_url,
        "has_draft": has_draft,
        "minutes": progress.whole_form_minutes(),
    }
    return render(request, "portal/demand/start.html", context)


@audience("applicant", methods=["GET"])
@patient
def tasks(request: HttpRequest) -> HttpResponse:
    """Every section with its state, and the minutes left."""
    draft = drafts.current(request.user)
    answers = Answers(draft.answers)
    live = live_demands(request.principal)
    told = live or demands_that_go_on(request.principal)
    if draft.pk is None and told and "nouvelle" not in request.GET:
        return render(
            request,
            "portal/demand/already.html",
            {
                "demands": told,
                "goes_on": not live,
                # An association makes as many as the homes that it looks for.
                "of_association": any(each.is_association for each in told),
            },
        )
    sections = progress.of_sections(answers)
    done = sum(each.state == State.DONE for each in sections)
    resume = find(answers, draft.current_step)
    application = assembly.declaration(answers)
    missing = assembly.missing(answers, application)
    context = {
        "draft": draft,
        "tasks": [_task(each) for each in sections],
        "done": done,
        "count": len(sections),
        "minutes": progress.in_round_minutes(sum(each.minutes for each in sections)),
        "resume_url": url_of(resume) if resume and resume.applies(answers) else "",
        "first_url": url_of(revision_of(answers).pages[0]),
        "is_new": draft.pk is None,
        "all_done": done == len(sections),
        "blocking_demand": blocking_demand(live, application),
        "missing": review.missing_lines(missing, answers),
        "required": review.required(application),
        "given": review.required(application) - len(missing),
        "reading": read_declaration(application) if draft.pk else None,
    }
    return render(request, "portal/demand/tasks.html", context)


def _task(each: SectionProgress) -> dict[str, object]:
    tone, status = STATUS[each.state]
    return {
        "title": each.section.title,
        "hint": each.section.hint,
        "url": url_of(each.page),
        "tone": tone,
        "status": status,
    }
