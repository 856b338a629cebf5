"""The letters and messages in force, seen on one file before they are sent."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from backoffice.gate import second_factor
from register import access
from register.access import Action, FieldRights, FieldSet
from register.letters.attestation import build_attestation, render_attestation
from register.letters.texts import letter_pdf
from register.models import AccessPurpose, Demand
from register.selectors.letters import coming_texts, preview, texts_of
from register.services.journal import record_access
from register.web.audience import audience
from register.web.files import private_file

PDF = "application/pdf"
TOLD_BY_A_CERTIFICATE = (
    FieldSet.IDENTITY,
    FieldSet.CONTACT,
    FieldSet.HOUSEHOLD,
    FieldSet.RESOURCES,
    FieldSet.WISHES,
)


@audience("desk", ["GET"])
@never_cache
@second_factor
def letters(request: HttpRequest, number: str) -> HttpResponse:
    """Every text that may be sent about a demand, and one of them filled with its values."""
    demand = _opened(request, number)
    available = texts_of(demand)
    chosen = request.GET.get("texte", "") or (available[0].code if available else "")
    principal = request.principal  # type: ignore[attr-defined]
    context = {
        "demand": demand,
        "letters": available,
        "coming": coming_texts(principal, demand),
        "preview": preview(principal, demand, chosen, request.GET.get("version", "")),
    }
    return render(request, "backoffice/letters.html", context)


@audience("desk", ["GET"])
@never_cache
@second_factor
def letter(request: HttpRequest, number: str, letter: str) -> HttpResponse:
    """A letter as it would be posted, for whoever may read everything it says."""
    principal = request.principal  # type: ignore[attr-defined]
    demand = _opened(request, number)
    shown = preview(principal, demand, letter)
    if shown is None or not shown.can_print:
        raise Http404
    content = letter_pdf(shown.filled, demand, principal.organisation, demand.language)
    return private_file(content, name=f"{letter}-{demand.number}.pdf", content_type=PDF)


@audience("desk", ["GET"])
@never_cache
@second_factor
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate of registration, to hand over at a counter (R441-2-4).

    For whoever may read everything that it says.
    """
    demand = _opened(request, number)
    if not gives_certificate(access.fields(request.principal, demand)):  # type: ignore[attr-defined]
        raise Http404
    content = render_attestation(build_attestation(demand, demand.language))
    return private_file(content, name=f"attestation-{demand.number}.pdf", content_type=PDF)


def gives_certificate(rights: FieldRights) -> bool:
    """True for whoever may read each group of data that a certificate tells."""
    return all(rights.can_read(name) for name in TOLD_BY_A_CERTIFICATE)


def _opened(request: HttpRequest, number: str) -> Demand:
    """The demand, its reading journalled: a text filled with its values tells them."""
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.VIEW, number)
    record_access(principal=principal, demand=demand, purpose=AccessPurpose.VIEW)
    return demand
