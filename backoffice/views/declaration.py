"""The declaration answer by answer: what each was, and putting one right from a legal source."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.forms.act import how_told
from backoffice.forms.declaration import RectifyForm
from backoffice.gate import second_factor
from register import access
from register.access import Action, FieldRights
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.form.single import Asked, find, mark
from register.form.steps.base import StepForm
from register.models import AccessPurpose, Demand, EventKind
from register.principals import Principal
from register.selectors.channels import matters, way_to_tell
from register.selectors.given_answers import kept_answer, may_write
from register.selectors.history import history_of
from register.selectors.space import asked_today
from register.services.journal import record_access
from register.services.modification import Proposed
from register.web.audience import audience
from register.web.typed import given

CONFLICT, UNPROCESSABLE = 409, 422


@audience("desk", ["GET"])
@never_cache
@second_factor
def declaration(request: HttpRequest, number: str) -> HttpResponse:
    """Each answer with who changed it, when, and from where (CCH R441-2-15)."""
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.VIEW, number)
    rights = access.fields(principal, demand)
    record_access(principal=principal, demand=demand, purpose=AccessPurpose.VIEW)
    context = {
        "demand": demand,
        "answers": list(history_of(demand, rights, for_agents=True)),
        "can_edit": access.decide(principal, Action.EDIT, demand).allowed and demand.is_live,
    }
    return render(request, "backoffice/declaration.html", context)


@audience("desk", ["GET", "POST"])
@never_cache
@second_factor
def rectify(request: HttpRequest, number: str, question: str) -> HttpResponse:
    """One answer, changed as the form asks it; nothing typed is lost when it changed meanwhile."""
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.EDIT, number)
    rights = access.fields(principal, demand)
    asked = find(asked_today(demand, question), question)
    if asked is None or not may_write(rights, asked):
        raise Http404
    data = given(request)
    answer = asked.form(kept_answer(asked), data)
    form = RectifyForm(data, asked=asked, rights=rights)
    status = 200
    if request.method == "POST":
        status = _keep(request, demand, asked, answer, form)
        if status == 200:
            messages.success(request, _recorded(principal, demand))
            return redirect("desk:declaration", number=number)
    record_access(principal=principal, demand=demand, purpose=AccessPurpose.VIEW)
    context = _context(demand, asked, answer, form, rights)
    return render(
        request,
        "backoffice/rectify.html",
        {**context, "is_overtaken": status == CONFLICT},
        status=status,
    )


def _recorded(principal: Principal, demand: Demand) -> str:
    """What was recorded, and how the applicant knows."""
    way = way_to_tell(demand, EventKind.MODIFIED)
    told = how_told(principal, demand, way, is_owed=matters(EventKind.MODIFIED))
    return f"{_('The answer is changed. The applicant can read it.')} {told}"


def _context(
    demand: Demand, asked: Asked, answer: StepForm, form: RectifyForm, rights: FieldRights
) -> dict[str, Any]:
    # Read again: what somebody else wrote meanwhile is shown beside what was typed (R15).
    again = find(asked_today(demand, asked.ref), asked.ref) or asked
    kept = kept_answer(again)
    return {
        "demand": demand,
        "title": asked.label_for(names=rights.can_read("identity")),
        "now": again.said(kept),
        "seen": mark(kept),
        "answer": answer,
        "form": form,
    }


def _keep(
    request: HttpRequest, demand: Demand, asked: Asked, answer: StepForm, form: RectifyForm
) -> int:
    if not (answer.is_valid() and form.is_valid()):
        return UNPROCESSABLE
    proposed = Proposed(answer.cleaned_data[asked.question.name], request.POST.get("seen", ""))
    try:
        form.record(principal=request.principal, demand=demand, proposed=proposed)  # type: ignore[attr-defined]
    except NotAllowed:
        raise Http404 from None
    except Conflict:
        return CONFLICT
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal.message))
    except ValidationError as error:
        _blame(answer, form, error)
    return UNPROCESSABLE if form.errors or answer.errors else 200


def _blame(answer: StepForm, form: RectifyForm, error: ValidationError) -> None:
    for name, problems in error.error_dict.items():
        target: Any = answer if name in answer.fields else form
        target.add_error(name if name in target.fields else None, problems)
