"""Pages of figures: one for everybody, one for each body's own territory."""

from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from observatory.figures import as_csv, drawings, key_figures
from register import access
from register.access import Action
from register.models import Department
from register.selectors.abnormal_delay import departments_served
from register.selectors.statistics import (
    Observation,
    observe_department,
    observe_for,
    reference_day,
    territory_observed,
)
from register.web.audience import audience

CACHED_SECONDS = 3600


@audience("public", ["GET"])
def public_figures(request: HttpRequest) -> HttpResponse:
    """Key figures of a department, the same for everybody until next month."""
    department, others = _department(request)
    observation = _public_observation(department)
    context = {
        **_context(observation, department.name),
        "department": department,
        "departments": others,
        "csv_query": f"?department={department.code}",
    }
    return render(request, "observatory/public.html", context)


@audience("public", ["GET"])
def public_csv(request: HttpRequest, code: str) -> HttpResponse:
    """One figure of a department as a file."""
    department, _others = _department(request)
    return _csv(_public_observation(department), code, department.name)


@audience("desk", ["GET"])
def own_figures(request: HttpRequest) -> HttpResponse:
    """Figures of the territory that the law opens to this body (R441-2-6)."""
    principal = _statistician(request)
    context = {
        **_context(observe_for(principal), territory_observed(principal)),
        "perimeter": access.openings(principal, Action.STATISTICS),
        "csv_query": "",
    }
    return render(request, "observatory/own.html", context)


@audience("desk", ["GET"])
def own_csv(request: HttpRequest, code: str) -> HttpResponse:
    """One figure of this body's territory as a file."""
    principal = _statistician(request)
    return _csv(observe_for(principal), code, territory_observed(principal))


def _statistician(request: HttpRequest) -> Any:
    principal = request.principal  # type: ignore[attr-defined]
    if not access.may_ever(principal, Action.STATISTICS):
        raise Http404
    return principal


def _department(request: HttpRequest) -> tuple[Department, list[Department]]:
    """The department asked for, the first one served otherwise. Http404 for any other."""
    served = departments_served()
    wanted = request.GET.get("department", served[0].code if served else "")
    for department in served:
        if department.code == wanted:
            return department, served
    raise Http404


def _public_observation(department: Department) -> Observation:
    key = f"observatory:{department.code}:{reference_day().isoformat()}"
    found = cache.get(key)
    if found is None:
        found = observe_department(department.code)
        cache.set(key, found, CACHED_SECONDS)
    return found


def _context(observation: Observation, territory: str) -> dict[str, Any]:
    return {
        "observation": observation,
        "territory": territory,
        "key_figures": key_figures(observation),
        "drawings": drawings(observation),
        "source": _("Shared register of social-housing demand, counted by the register itself."),
    }


def _csv(observation: Observation, code: str, territory: str) -> HttpResponse:
    figure = next((each for each in observation.figures if each.code == code), None)
    if figure is None:
        raise Http404
    content = as_csv(figure, observation, territory)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"{code}-{observation.day.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
