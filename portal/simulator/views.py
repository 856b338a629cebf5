"""The public simulator: one page, one answer, nothing kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from portal.simulator.form import SimulatorForm
from portal.simulator.situation import application_of, received_on
from portal.views.common import patient
from register.form.tax_years import tax_years
from register.selectors.simulator import default_department, simulate
from register.web.audience import audience

UNPROCESSABLE = 422


@audience("public", methods=["GET", "POST"])
@never_cache
@patient
def simulator(request: HttpRequest) -> HttpResponse:
    """Ask, then answer on the same page; what is typed goes no further than the answer."""
    if request.method != "POST":
        return _page(request, SimulatorForm())
    form = SimulatorForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    answers = form.cleaned_data
    application = application_of(answers, default_department())
    answer = simulate(
        application, received_on(answers), tax_years()[0], declined=answers["declined"]
    )
    return _page(request, form, answer=answer)


def _page(
    request: HttpRequest, form: SimulatorForm, *, answer: object = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "answer": answer}
    return render(request, "portal/simulator.html", context, status=status)
