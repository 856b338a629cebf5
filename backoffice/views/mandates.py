"""Who may act for an applicant, recorded from a paper at a counter, and how it ends (ADR 0029)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.forms.mandates import EndMandateForm, MandateForm
from backoffice.forms.scan import MandateScanForm, ScanForm
from backoffice.gate import second_factor
from backoffice.scans import blank_scan, received_scan
from backoffice.views.acts import back_to_file
from register import access
from register.access import Action, FieldSet
from register.errors import NotAllowed, TransitionRefused, UploadRefused
from register.models import Demand
from register.selectors.mandates import current, mandate_of, why_none_recorded
from register.services.recorded_mandates import end_recorded, record_mandate
from register.web.audience import audience
from register.web.typed import given

UNPROCESSABLE = 422


@audience("desk", ["GET", "POST"])
@never_cache
@second_factor
def mandates(request: HttpRequest, number: str) -> HttpResponse:
    """Record a mandate with its scan; "not found" for whoever may not put the demand right."""
    demand = _demand(request, number)
    if request.method != "POST":
        kept = given(request)
        return _page(request, demand, MandateForm(kept), blank_scan(request, kept, MandateScanForm))
    form, scan = MandateForm(request.POST), received_scan(request, MandateScanForm)
    # Both are looked at: whoever made two mistakes reads both.
    is_scanned = scan.check(is_required=True)
    if form.is_valid() and is_scanned and _record(request, demand, form, scan):
        messages.success(request, _("The mandate is recorded. The applicant is told of it."))
        return redirect(request.get_full_path())
    return _page(request, demand, form, scan)


@audience("desk", ["POST"])
@never_cache
@second_factor
def end_mandate(request: HttpRequest, number: str, mandate: int) -> HttpResponse:
    """End one at once, on a proof said in words."""
    demand = _demand(request, number)
    found = mandate_of(demand, mandate)
    if found is None:
        raise Http404
    form = EndMandateForm(request.POST, mandate=found)
    if not form.is_valid():
        return _page(request, demand, MandateForm(), blank_scan(request, of=MandateScanForm), form)
    try:
        end_recorded(
            principal=request.principal,  # type: ignore[attr-defined]
            mandate=found,
            text=form.cleaned_data["text"],
        )
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("The mandate has ended. The applicant is told of it."))
    return redirect("desk:mandates", number=number)


def _demand(request: HttpRequest, number: str) -> Demand:
    """Whoever helps tells who is helped, and where: both are read here."""
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.EDIT, number)
    rights = access.fields(principal, demand)
    if not (rights.can_read(FieldSet.IDENTITY) and rights.can_read(FieldSet.CONTACT)):
        raise Http404
    return demand


def _record(request: HttpRequest, demand: Demand, form: MandateForm, scan: ScanForm) -> bool:
    try:
        record_mandate(
            principal=request.principal,  # type: ignore[attr-defined]
            demand=demand,
            files=[each.pk for each in scan.kept],
            **form.told(),
        )
    except NotAllowed:
        raise Http404 from None
    except UploadRefused as refusal:
        scan.complain(None, refusal.message)
        return False
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal.message))
        return False
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _page(
    request: HttpRequest,
    demand: Demand,
    form: MandateForm,
    scan: ScanForm,
    ending: EndMandateForm | None = None,
) -> HttpResponse:
    held = [
        (each, ending if ending and ending.mandate == each else EndMandateForm(mandate=each))
        for each in current(demand)
    ]
    refused = [each for each in (form, scan, ending) if each is not None and each.errors]
    context = {
        "demand": demand,
        "held": held,
        "form": form,
        "scan": scan,
        "refused": refused,
        "why_none": why_none_recorded(demand),
        "back": back_to_file(request, demand.number),
    }
    status = UNPROCESSABLE if refused else 200
    return render(request, "backoffice/mandates.html", context, status=status)
