"""Who comes first for a home: the demands that the grid in force puts first, with the reasons."""

from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from backoffice.forms.home import HomeForm
from backoffice.gate import second_factor
from backoffice.views.worklist import BAD_REQUEST, bad_request
from register import access
from register.selectors.eligibility import financings
from register.selectors.explanation import perimeter
from register.selectors.home_ranking import first_for
from register.selectors.ranking import TOP
from register.selectors.score_list import offers_scores
from register.web.audience import audience

ACCEPTED = frozenset(HomeForm.base_fields)


@audience("desk", ["GET"])
@second_factor
def home(request: HttpRequest) -> HttpResponse:
    """The first hundred demands for one home, among those whose score the reader may read."""
    principal = request.principal  # type: ignore[attr-defined]
    if not offers_scores(principal):
        raise Http404
    unknown = next((name for name in request.GET if name not in ACCEPTED), None)
    if unknown is not None:
        refusal = _("Unknown filter: %(name)s") % {"name": unknown[:50]}
        return bad_request(request, BadRequest(refusal))
    reads_resources = access.may_ever_read(principal, "resources")
    form = HomeForm(request.GET or None, financings=financings() if reads_resources else [])
    ranking = first_for(principal, form.home()) if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "ranking": ranking,
        "most": TOP,
        "readings": _readings(request, form),
        "perimeter": perimeter(principal) if ranking and not ranking.candidates else None,
    }
    status = BAD_REQUEST if form.is_bound and not form.is_valid() else 200
    return render(request, "backoffice/home.html", context, status=status)


def _readings(request: HttpRequest, form: HomeForm) -> list[tuple[str, str]]:
    """The communes that the name may mean, each with the address that chooses it."""
    asked = {name: value for name, value in request.GET.items() if value}
    return [
        (f"{commune.name} ({commune.postal_code})", urlencode({**asked, "commune": commune.pk}))
        for commune in form.commune_matches
    ]
