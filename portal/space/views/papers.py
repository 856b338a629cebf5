"""The certificate of registration, and the yearly renewal."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.pages import show
from register import access
from register.access import Action
from register.errors import TransitionRefused
from register.form.tax_years import tax_years, years_passed
from register.letters.attestation import build_attestation, render_attestation
from register.models import AccessPurpose
from register.selectors import space
from register.selectors.next_dates import may_renew, renewal_opens_on
from register.services.journal import record_access
from register.services.renewal import renew_demand
from register.web.audience import audience
from register.web.files import private_file


@audience("applicant", methods=["GET"])
@never_cache
def only_attestation(request: HttpRequest) -> HttpResponse:
    """The certificate of somebody who has one demand; the choice of the demand otherwise."""
    own = list(space.own_demands(request.principal))
    if len(own) != 1:
        return redirect("space:home")
    return attestation(request, own[0].number)


@audience("applicant", methods=["GET"])
@never_cache
def attestation(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate as a PDF. It shows the resources: a helper needs the right to read them."""
    demand = space.demand_of(request.principal, number)
    if not access.fields(request.principal, demand).can_read("resources"):
        raise Http404
    if not space.is_own(request.principal, demand):
        record_access(principal=request.principal, demand=demand, purpose=AccessPurpose.DOCUMENT)
    content = render_attestation(build_attestation(demand, get_language()))
    name = f"attestation-{demand.number}.pdf"
    return private_file(content, name=name, content_type="application/pdf")


@audience("applicant", methods=["GET", "POST"])
@never_cache
def renewal(request: HttpRequest, number: str) -> HttpResponse:
    """Renew for one year, by one button, when the time has come."""
    demand = space.demand_of(request.principal, number, Action.RENEW)
    opens_on = renewal_opens_on(demand)
    if request.method == "POST" and may_renew(demand):
        try:
            renew_demand(principal=request.principal, demand=demand)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your demand is renewed. Your new certificate is ready."))
        return redirect("space:demand", number=demand.number)
    own = space.is_own(request.principal, demand) and demand.tax_year
    context = {
        "opens_on": opens_on,
        "may_renew": may_renew(demand),
        "old_incomes": tax_years() if own and years_passed(demand) else (),
    }
    return show(request, "renewal", "demand", demand, **context)
