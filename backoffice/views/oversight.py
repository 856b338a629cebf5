"""Why somebody sees what they see: for oneself on each file, for anybody at the manager's desk."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backoffice.forms.oversight import CompareForm, ExplainForm, LookForm, SeeAsForm
from backoffice.gate import second_factor
from register import access
from register.access import Action
from register.models import AccessPurpose
from register.selectors.explanation import cap_words, explain
from register.selectors.oversight import compare, latest_looks, principal_of_member
from register.services import oversight
from register.services.journal import record_access
from register.web import seeing_as
from register.web.audience import audience
from register.web.typed import take

UNPROCESSABLE = 422


@audience("desk", ["GET"])
@second_factor
def why(request: HttpRequest, number: str) -> HttpResponse:
    """Why the person may open this file: rules, agreements, groups of data; a reading like any."""
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.VIEW, number)
    record_access(principal=principal, demand=demand, purpose=AccessPurpose.VIEW)
    context = {
        "demand": demand,
        "why": explain(principal, demand),
        "capped": cap_words(principal),
        "who": None,
    }
    return render(request, "backoffice/why.html", context)


@audience("manager", ["GET"])
@second_factor
def desk(request: HttpRequest) -> HttpResponse:
    """The three questions the manager may ask, and who asked what lately."""
    kept = take(request)
    if kept is None:
        return _desk(request)
    if kept.view == "desk:oversight_explain":
        return _desk(request, explain_form=ExplainForm(kept.data))
    if kept.view == "desk:oversight_compare":
        return _desk(request, compare_form=CompareForm(kept.data))
    return _desk(request, see_form=SeeAsForm(kept.data))


@audience("manager", ["POST"])
@second_factor
def explain_access(request: HttpRequest) -> HttpResponse:
    """Anybody's access to a file that the manager may open herself."""
    principal = request.principal  # type: ignore[attr-defined]
    form = ExplainForm(request.POST)
    if not form.is_valid():
        return _desk(request, explain_form=form)
    try:
        demand = access.get_demand(principal, Action.VIEW, form.cleaned_data["number"])
    except Http404:
        form.add_error("number", _("No demand that you may open has this number."))
        return _desk(request, explain_form=form)
    member = form.cleaned_data["member"]
    oversight.look_at_access(principal=principal, subject=member, demand=demand)
    somebody = principal_of_member(member.pk)
    context = {
        "demand": demand,
        "why": explain(somebody, demand, reader=principal),
        "capped": cap_words(somebody),
        "who": member,
    }
    return render(request, "backoffice/why.html", context)


@audience("manager", ["POST"])
@second_factor
def compare_people(request: HttpRequest) -> HttpResponse:
    """What one person may do or read that another may not."""
    principal = request.principal  # type: ignore[attr-defined]
    form = CompareForm(request.POST)
    if not form.is_valid():
        return _desk(request, compare_form=form)
    one, two = form.cleaned_data["member"], form.cleaned_data["other"]
    oversight.look_at_difference(principal=principal, subject=one, other=two)
    found = compare(principal_of_member(one.pk), principal_of_member(two.pk), principal)
    sides = [
        (one, two, found.only_one, found.rules_one),
        (two, one, found.only_two, found.rules_two),
    ]
    context = {"comparison": found, "sides": sides}
    return render(request, "backoffice/comparison.html", context)


@audience("manager", ["POST"])
@second_factor
def see_as(request: HttpRequest) -> HttpResponse:
    """Read the register as somebody, for half an hour at most; nothing can be written."""
    form = SeeAsForm(request.POST)
    if not form.is_valid():
        return _desk(request, see_form=form)
    try:
        look = oversight.begin_seeing_as(
            principal=request.principal,  # type: ignore[attr-defined]
            subject=form.cleaned_data["member"],
            reason=form.cleaned_data["reason"],
        )
    except ValidationError as refusal:
        for name, problems in refusal.message_dict.items():
            form.add_error(name, problems)
        return _desk(request, see_form=form)
    seeing_as.begin(request, look)
    return redirect("desk:worklist")


@audience("desk", ["POST"])
def stop_seeing(request: HttpRequest) -> HttpResponse:
    """Back to oneself."""
    seeing_as.end(request)
    messages.success(request, _("You act as yourself again."))
    return redirect("desk:worklist")


def _desk(
    request: HttpRequest,
    *,
    explain_form: LookForm | None = None,
    compare_form: LookForm | None = None,
    see_form: LookForm | None = None,
) -> HttpResponse:
    refused = explain_form or compare_form or see_form
    context: dict[str, Any] = {
        "explain_form": explain_form or ExplainForm(),
        "compare_form": compare_form or CompareForm(),
        "see_form": see_form or SeeAsForm(),
        "form": refused,
        "looks": latest_looks(),
    }
    status = UNPROCESSABLE if refused and refused.errors else 200
    return render(request, "backoffice/oversight.html", context, status=status)
