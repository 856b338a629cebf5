"""A code to reach online a demand registered on paper, given at a counter."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from backoffice.forms.account_code import AccountCodeForm
from backoffice.gate import second_factor
from backoffice.views.acts import back_to_file
from register import access
from register.access import Action, FieldSet
from register.errors import NotAllowed, TransitionRefused
from register.selectors.account_codes import email_given, given_code, why_none
from register.services.account_link import give_code
from register.web.audience import audience

UNPROCESSABLE = 422


@audience("desk", ["GET", "POST"])
@never_cache
@second_factor
def account_code(request: HttpRequest, number: str) -> HttpResponse:
    """Give a code, then print it; "not found" for whoever may not put the demand right.

    The address that it may be sent to is shown to whoever reads the contact details.
    """
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.EDIT, number)
    posted = request.method == "POST"
    readable = access.fields(principal, demand).can_read(FieldSet.CONTACT)
    email = email_given(demand) if readable else ""
    form = AccountCodeForm(request.POST if posted else None, email=email)
    if posted and form.is_valid():
        try:
            give_code(principal=principal, demand=demand, **form.cleaned_data)
        except NotAllowed:
            raise Http404 from None
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal.message))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            return redirect(request.get_full_path())
    context = {
        "demand": demand,
        "form": form,
        "given": given_code(demand),
        "why_none": why_none(demand),
        "page": request.build_absolute_uri("/"),
        "back": back_to_file(request, number),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "backoffice/account_code.html", context, status=status)
