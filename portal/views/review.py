"""Read everything again, send once, get the number."""

import logging
from datetime import date
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import drafts, review, ways
from portal.models import Draft
from portal.views.common import patient
from register import access, deadlines
from register.access import Action
from register.errors import SubmissionRefused
from register.form import assembly
from register.form.answers import Answers
from register.form.steps.identity import said_to_a_minor
from register.form.tax_years import has_turned, tax_years
from register.models import Demand, DemandState
from register.selectors.counters import counter_to_visit
from register.selectors.demand_form import blocking_demand, live_demands
from register.selectors.while_filling import read_declaration
from register.services.application import DemandApplication
from register.services.submission import submit_demand
from register.web.audience import audience

log = logging.getLogger(__name__)


@audience("applicant", methods=["GET"])
@patient
def verification(request: HttpRequest) -> HttpResponse:
    """All the answers with a link to change each, and what is still needed by law."""
    draft = drafts.current(request.user)
    if draft.pk is None:
        # "Back" after sending: an empty summary would look like lost answers.
        return redirect("portal:tasks")
    answers = Answers(draft.answers)
    application = _declared(request, answers)
    missing = assembly.missing(answers, application)
    found = assembly.unreadable(answers)
    context = {
        "draft": draft,
        "sections": review.sections(answers),
        "missing": review.missing_lines(missing, answers),
        "reading": read_declaration(application),
        "to_choose": review.to_choose_lines(answers),
        "turned_years": tax_years() if has_turned(answers) else (),
        "left_out": review.left_out_lines((e for e in found if e.is_left_out), answers),
        "unreadable": review.unreadable_lines(e for e in found if not e.is_left_out),
        "minor": said_to_a_minor(answers),
        "blocking_demand": blocking_demand(live_demands(request.principal), application),
        "back_url": reverse("portal:tasks"),
    }
    return render(request, "portal/demand/verification.html", context)


def _declared(request: HttpRequest, answers: Answers) -> DemandApplication:
    email = request.user.email
    return assembly.assemble(answers, email=email, language=get_language() or "fr")


@audience("applicant", methods=["GET", "POST"])
@patient
def send(request: HttpRequest) -> HttpResponse:
    """Register the demand; however often it is pressed, one number (R6)."""
    if request.method != "POST":
        return redirect("portal:verification")
    draft = drafts.send(request.user, request.POST.get("token"), partial(_register, request))
    if draft is None or draft.is_open:
        return redirect("portal:verification")
    return redirect("portal:sent", number=draft.submitted_number)


def _register(request: HttpRequest, draft: Draft) -> str:
    """The registration number, or an empty string with the reason as a message."""
    answers = Answers(draft.answers)
    application = _declared(request, answers)
    if assembly.missing(answers, application):
        messages.warning(request, _("Something is still missing before you can send."))
        return ""
    if assembly.left_out(answers):
        messages.warning(request, _("Somebody you announced is not described yet."))
        return ""
    if review.to_choose_lines(answers):
        messages.warning(request, _("Choose first between two versions of a page."))
        return ""
    try:
        demand = submit_demand(
            principal=request.principal, application=application, token=draft.submission_token
        )
    except SubmissionRefused as refusal:
        messages.error(request, refusal.message)
        return ""
    except ValidationError:
        # The names of the fields, never what was typed in them.
        log.warning("A draft was refused by the register after the form had accepted it.")
        messages.error(request, _("An answer cannot be registered. Read your answers again."))
        return ""
    return demand.number


@audience("applicant", methods=["GET"])
@patient
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """The number, the certificate, what happens next and when."""
    demand = access.get_demand(request.principal, Action.VIEW, number)
    context = {
        "demand": demand,
        "counter": counter_to_visit(demand),
        "is_to_check": demand.state == DemandState.AWAITING_CHECK,
        "certificate": ways.certificate(demand),
        "certificate_by": _end_of("certificate", demand),
        "space_url": "/mon-espace/",
        "certificate_url": "/mon-espace/attestation/",
    }
    return render(request, "portal/demand/sent.html", context)


def _end_of(code: str, demand: Demand) -> date | None:
    try:
        delay = deadlines.get(code, demand.department_id)
        return deadlines.add(demand.received_on, delay)
    except LookupError:
        return None
