"""A demand on paper, copied at a counter: looked for first, then entered on one page."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.forms.entry import DepositForm, LookForm
from backoffice.forms.scan import ScanForm
from backoffice.gate import second_factor
from backoffice.scans import blank_scan, received_scan
from backoffice.views.letters import gives_certificate
from register import access
from register.access import Action
from register.errors import NotAllowed, SubmissionRefused, UploadRefused
from register.form import assembly
from register.form.answers import Answers
from register.form.association_paper import AssociationPaper
from register.form.paper import PaperForm
from register.models import Counter, Demand
from register.principals import Principal
from register.selectors.counters import counters_of
from register.selectors.file import takes_papers
from register.selectors.likeness import Alike, people_alike
from register.selectors.while_filling import read_declaration
from register.services.counter_entry import register_paper
from register.templatetags.shell import number_spaced
from register.web.audience import audience
from register.web.typed import given

UNPROCESSABLE = 422
LOOK = "backoffice/entry_look.html"
LANGUAGE = "fr"
# What is sent of a paper form; before it, somebody is looked for.
COPIED = ("register", "compute")


@audience("desk", ["GET", "POST"])
@never_cache
@second_factor
def entry(request: HttpRequest) -> HttpResponse:
    """Look for the person, then copy her form; "not found" where no demand may be registered."""
    counters = counters_of(request.principal)  # type: ignore[attr-defined]
    if not counters:
        raise Http404
    data = given(request) or QueryDict()
    intent = data.get("intent")
    if intent in COPIED:
        return copied(request, PaperForm, data, counters)
    looked = LookForm(data or None, answers=Answers({}), prefix="identite")
    if intent == "typing":
        return _typed(request, looked)
    if request.method != "POST" or not looked.is_valid():
        status = UNPROCESSABLE if looked.errors else 200
        return look_page(request, LOOK, {"form": looked}, status=status)
    alike = [] if intent == "open" else _alike(request.principal, looked)  # type: ignore[attr-defined]
    if alike:
        return look_page(request, LOOK, {"form": looked, "found": alike})
    paper = PaperForm(initial={"identite": {box.name: box.data for box in looked}})
    return blank_page(request, paper, counters)


def look_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page that begins a form; after one was registered, with what is left to do of it."""
    try:
        last = access.get_demand(request.principal, Action.VIEW, request.GET.get("apres", ""))  # type: ignore[attr-defined]
    except Http404:
        last = None
    context |= {"last": last, "last_forms": _left_to_do(request.principal, last) if last else {}}  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _left_to_do(principal: Principal, demand: Demand) -> dict[str, bool]:
    """What is given back, or received, with a paper form."""
    checks = access.decide(principal, Action.VERIFY_DOCUMENT, demand).allowed
    return {
        "certificate": gives_certificate(access.fields(principal, demand)),
        "document": checks and takes_papers(demand),
    }


def _typed(request: HttpRequest, looked: LookForm) -> HttpResponse:
    """Who is registered like what is in the boxes so far; nobody while they cannot be read."""
    alike = _alike(request.principal, looked) if looked.is_valid() else []  # type: ignore[attr-defined]
    return render(request, "backoffice/parts/alike_found.html", {"alike": alike})


def _alike(principal: Principal, looked: LookForm) -> list[Alike]:
    """Those whom the agent may see, in each department where her organisation acts."""
    facts = principal.facts
    departments = facts["organisation.departments"] | facts["organisation.stock_departments"]
    found = {
        each.number: each
        for department in sorted(departments)
        for each in people_alike(principal, department=department, **looked.cleaned_data)
    }
    return list(found.values())


def copied(
    request: HttpRequest, kind: type[PaperForm], data: QueryDict, counters: list[Counter]
) -> HttpResponse:
    """Register what was copied; or compute what the rules make of it, and change nothing.

    What was typed before signing in again is computed only. The paper is a person's, or an
    association's.
    """
    paper, token = kind(data), data.get("token", "")
    deposit = deposit_form(paper, data, counters=counters)
    posted = request.method == "POST"
    scan = received_scan(request) if posted else blank_scan(request, data)
    if not posted or data.get("intent") == "compute":
        return page(request, paper, deposit, scan, token, is_asked=True)
    # All are read, so that everything that is wrong is said at once.
    if all([paper.is_valid(), deposit.is_valid(), scan.check()]):
        demand = _registered(request, paper, deposit, scan, token)
        if demand is not None:
            return _done(request, demand)
    return page(request, paper, deposit, scan, token, status=UNPROCESSABLE)


def blank_page(request: HttpRequest, paper: PaperForm, counters: list[Counter]) -> HttpResponse:
    """The paper to copy, once it is known for whom."""
    deposit, token = deposit_form(paper, counters=counters), str(uuid.uuid4())
    return page(request, paper, deposit, blank_scan(request), token)


def deposit_form(paper: PaperForm, *data: Any, counters: list[Counter]) -> DepositForm:
    """What is said of the deposit of this paper."""
    of_association = isinstance(paper, AssociationPaper)
    return DepositForm(*data, counters=counters, of_association=of_association)


def _registered(
    request: HttpRequest, paper: PaperForm, deposit: DepositForm, scan: ScanForm, token: str
) -> Demand | None:
    """The demand; None once a refusal of the register stands beside its question."""
    given, key = deposit.cleaned_data, _token_in(token)
    if key is None:
        deposit.add_error(None, _("This page is too old. Copy the form on a new one."))
        return None
    application = assembly.assemble(
        paper.answers,
        email=given["email"],
        language=LANGUAGE,
        deposited_on=given["received_on"],
    )
    try:
        return register_paper(
            principal=request.principal,  # type: ignore[attr-defined]
            application=application,
            token=key,
            counter=given["counter"],
            received_on=given["received_on"],
            scan=[each.pk for each in scan.kept],
        )
    except NotAllowed:
        raise Http404 from None
    except UploadRefused as refusal:
        scan.complain(None, refusal.message)
    except SubmissionRefused as refusal:
        if "communes" in refusal.missing:
            paper.complain("logement-souhaite-communes", "commune_search", refusal.message)
        else:
            deposit.add_error(None, str(refusal.message))
    except ValidationError as refusal:
        by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {}
        named = by_field.get("received_on")
        told = named or [_("An answer cannot be registered. Read your answers again.")]
        deposit.add_error("received_on" if named else None, told)
    return None


def _token_in(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _done(request: HttpRequest, demand: Demand) -> HttpResponse:
    """The next form at once, the one just registered at hand."""
    told = _("The demand is registered under the number %(number)s.")
    messages.success(request, told % {"number": number_spaced(demand.number)})
    # Once sealed, a file is closed even to whoever registered it.
    last = "" if demand.is_sealed else f"?apres={demand.number}"
    return redirect(f"{request.path}{last}")


def page(
    request: HttpRequest,
    paper: PaperForm,
    deposit: DepositForm,
    scan: ScanForm,
    token: str,
    *,
    is_asked: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The paper to copy, with what the rules make of it when that was asked."""
    declared = assembly.declaration(paper.answers, deposited_on=deposit.day)
    context: dict[str, Any] = {
        "paper": paper,
        "deposit": deposit,
        "scan": scan,
        "parts_read": [*paper.parts, [scan]],
        "token": token,
        "is_refused": status != 200 or is_asked,
        "reading": read_declaration(declared) if is_asked or status != 200 else None,
    }
    return render(request, "backoffice/entry.html", context, status=status)
