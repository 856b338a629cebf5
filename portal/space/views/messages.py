"""The conversation with the organisations that follow the demand."""

from django.contrib import messages as notices
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.forms import MessageForm
from portal.space.pages import blame, show
from register import access
from register.access import Action
from register.errors import TransitionRefused
from register.models import Demand
from register.selectors import space
from register.services.acts import send_message
from register.services.messages import mark_read
from register.web.audience import audience
from register.web.typed import given


@audience("applicant", methods=["GET", "POST"])
@never_cache
def messages(request: HttpRequest, number: str) -> HttpResponse:
    """Read the messages and answer."""
    posted = request.method == "POST"
    demand = space.demand_of(request.principal, number, Action.EDIT if posted else Action.VIEW)
    form = MessageForm(given(request))
    if posted and form.is_valid() and _send(request, demand, form):
        notices.success(request, _("Your message is sent."))
        return redirect("space:messages", number=demand.number)
    conversation = space.messages(demand)
    mark_read(principal=request.principal, demand=demand)
    return show(
        request,
        "messages",
        "messages",
        demand,
        form=form,
        conversation=conversation,
        may_write=access.decide(request.principal, Action.EDIT, demand).allowed,
    )


def _send(request: HttpRequest, demand: Demand, form: MessageForm) -> bool:
    try:
        send_message(principal=request.principal, demand=demand, body=form.cleaned_data["body"])
    except (ValidationError, TransitionRefused) as error:
        blame(form, error, "body")
    return not form.errors
