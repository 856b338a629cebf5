"""What is to be put right in the declaration: asked of the applicant, or by her."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.corrections import words_of
from portal.space.forms import AnswerForm, CorrectionForm
from portal.space.pages import blame, show
from portal.space.summary import sections
from register import access
from register.access import Action
from register.errors import TransitionRefused
from register.models import CorrectedPart, Correction, Demand
from register.selectors import space
from register.selectors.corrections import corrections_of
from register.services.corrections import answer_correction, ask_correction
from register.web.audience import audience


@audience("applicant", methods=["GET", "POST"])
@never_cache
def corrections(request: HttpRequest, number: str) -> HttpResponse:
    """Every request with where it stands, and the form to ask for one (GDPR art. 16)."""
    demand = space.own_demand_of(request.principal, number, Action.EDIT)
    posted = request.method == "POST"
    form = CorrectionForm(request.POST if posted else None)
    if posted and form.is_valid() and _asked(request, demand, form):
        messages.success(request, _("Your request is sent. The counter answers with its reasons."))
        return redirect("space:corrections", number=demand.number)
    rows = [(each, words_of(each)) for each in corrections_of(demand)]
    return show(request, "corrections", "summary", demand, form=form, rows=rows)


@audience("applicant", methods=["GET", "POST"])
@never_cache
def correction(request: HttpRequest, number: str, correction: int) -> HttpResponse:
    """One request, the part of the declaration that it means, and the answer."""
    demand = space.own_demand_of(request.principal, number, Action.EDIT)
    asked = next((each for each in corrections_of(demand) if each.pk == correction), None)
    if asked is None:
        raise Http404
    posted = request.method == "POST"
    form = AnswerForm(request.POST if posted else None)
    if posted and form.is_valid() and _answered(request, asked, form):
        return redirect("space:corrections", number=demand.number)
    rights = access.fields(request.principal, demand)
    declared = sections(space.declared(demand), rights)
    # Names and births are read with the people of the household.
    shown = "household" if asked.part == CorrectedPart.IDENTITY else asked.part
    return show(
        request,
        "correction",
        "summary",
        demand,
        form=form,
        correction=asked,
        words=words_of(asked),
        sections=[section for section in declared if section.field_set == shown],
    )


def _asked(request: HttpRequest, demand: Demand, form: CorrectionForm) -> bool:
    try:
        ask_correction(principal=request.principal, demand=demand, **form.cleaned_data)
    except ValidationError as error:
        blame(form, error, "text")
    return not form.errors


def _answered(request: HttpRequest, asked: Correction, form: AnswerForm) -> bool:
    text = form.cleaned_data["text"]
    try:
        answer_correction(principal=request.principal, correction=asked, text=text)
    except ValidationError as error:
        blame(form, error, "text")
    except TransitionRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Your answer is sent."))
    return not form.errors
