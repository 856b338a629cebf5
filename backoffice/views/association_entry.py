"""A demand of an association, copied at a counter: by SIREN first, then on one short page."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.views.decorators.cache import never_cache

from backoffice.forms.entry import AssociationLookForm
from backoffice.gate import second_factor
from backoffice.views.entry import COPIED, UNPROCESSABLE, blank_page, copied, look_page
from register.form.answers import Answers
from register.form.association_paper import AssociationPaper
from register.selectors.counters import counters_of
from register.selectors.likeness import demands_of_association
from register.web.audience import audience
from register.web.typed import given


@audience("desk", ["GET", "POST"])
@never_cache
@second_factor
def entry(request: HttpRequest) -> HttpResponse:
    """Look for the demands of an association, then copy one more; "not found" as for people."""
    principal = request.principal  # type: ignore[attr-defined]
    counters = counters_of(principal)
    if not counters:
        raise Http404
    data = given(request) or QueryDict()
    intent = data.get("intent")
    if intent in COPIED:
        return copied(request, AssociationPaper, data, counters)
    looked = AssociationLookForm(data or None, answers=Answers({}), prefix="association")
    if request.method != "POST" or not looked.is_valid():
        status = UNPROCESSABLE if looked.errors else 200
        return look_page(request, TEMPLATE, {"form": looked}, status=status)
    siren = looked.cleaned_data["siren"]
    known = [] if intent == "open" else demands_of_association(principal, siren)
    if known:
        return look_page(request, TEMPLATE, {"form": looked, "found": known})
    paper = AssociationPaper(initial={"association": {box.name: box.data for box in looked}})
    return blank_page(request, paper, counters)


TEMPLATE = "backoffice/association_look.html"
