"""What a version of the rules would change: asked for, followed, read, taken away as a file."""

import csv
import io

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backoffice.gate import second_factor
from backoffice.tables import BYTE_ORDER_MARK, harmless
from register.errors import AskedTooOften, NotAllowed
from register.selectors.simulation import (
    latest_simulation,
    may_read_exactly,
    version_to_simulate,
)
from register.services.simulation import ask_simulation
from register.simulation.blur import least_told
from register.simulation.words import ShownTable, shown
from register.web.audience import audience


@audience("manager", ["GET", "POST"])
@second_factor
def simulation(request: HttpRequest, version: int) -> HttpResponse:
    """The latest simulation of a version, and the button that asks for another."""
    principal = request.principal  # type: ignore[attr-defined]
    found = version_to_simulate(principal, version)
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            ask_simulation(principal=principal, version=found)
        except NotAllowed:
            raise Http404 from None
        except AskedTooOften as refusal:
            messages.error(request, str(refusal))
        return redirect("desk:simulation", version=found.pk)
    latest = latest_simulation(found)
    exact = may_read_exactly(principal, found)
    context = {
        "version": found,
        "simulation": latest,
        "tables": shown(latest, exact=exact) if latest else [],
        "least": least_told(latest) if latest and not exact else 0,
    }
    return render(request, "backoffice/simulation.html", context)


@audience("manager", ["GET"])
@second_factor
def simulation_csv(request: HttpRequest, version: int) -> HttpResponse:
    """The same tables in one file."""
    principal = request.principal  # type: ignore[attr-defined]
    found = version_to_simulate(principal, version)
    latest = latest_simulation(found) if found else None
    if found is None or latest is None or latest.is_under_way:
        raise Http404
    tables = shown(latest, exact=may_read_exactly(principal, found))
    response = HttpResponse(_as_csv(tables), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="simulation-{latest.pk}.csv"'
    return response


def _as_csv(tables: list[ShownTable]) -> str:
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Table"), _("Line"), _("Before"), _("After"), _("Gained"), _("Lost")])
    for table in tables:
        for line in (*table.lines, *table.rest):
            counts = ["" if figure is None else figure for figure in line.figures]
            writer.writerow([harmless(table.title), harmless(line.label), *counts])
    return out.getvalue()
