"""A paper brought to a counter or sent by post, put in the shared file, checked at once or not."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.forms.act import how_told
from backoffice.forms.received import ReceivedForm
from backoffice.gate import second_factor
from backoffice.scans import begun_again, keys_in, received
from backoffice.views.acts import back_to_file, blame
from register import access
from register.access import Action
from register.errors import Conflict, NotAllowed, TransitionRefused, UploadRefused
from register.models import AccessPurpose, Demand, EventKind
from register.selectors.channels import matters, way_to_tell
from register.selectors.file import holds_files, read_file, takes_papers
from register.services.journal import record_access
from register.services.received import receive_document
from register.web.audience import audience
from register.web.pieces import FIELD
from register.web.typed import given

UNPROCESSABLE = 422
TOLD_OF = EventKind.DOCUMENT_ADDED


@audience("desk", ["GET", "POST"])
@never_cache
@second_factor
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """Add a document received; "not found" for whoever may not check documents of this demand."""
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.VERIFY_DOCUMENT, number)
    if not takes_papers(demand):
        raise Http404
    shown, data = read_file(principal, demand), given(request)
    form = ReceivedForm(data, principal=principal, demand=demand, people=shown.people)
    if request.method != "POST":
        begun_again(request, form, data)
    else:
        received(request, form)
        if _is_sent_twice(request, form, demand):
            return redirect(back_to_file(request, number))
        if form.check() and _put_in(request, form, demand):
            return redirect(back_to_file(request, number))
    record_access(principal=principal, demand=demand, purpose=AccessPurpose.VIEW)
    context = {
        "demand": demand,
        "file": shown,
        "form": form,
        "back": back_to_file(request, number),
    }
    status = UNPROCESSABLE if form.is_bound and request.method == "POST" else 200
    return render(request, "backoffice/received.html", context, status=status)


def _is_sent_twice(request: HttpRequest, form: ReceivedForm, demand: Demand) -> bool:
    """True when the page was sent before, and its file is in the demand."""
    if form.kept or form.errors:
        return False
    return FIELD in request.POST or holds_files(demand, keys_in(form, request.POST))


def _put_in(request: HttpRequest, form: ReceivedForm, demand: Demand) -> bool:
    """False once a refusal stands beside what was typed."""
    try:
        document = receive_document(
            principal=request.principal,  # type: ignore[attr-defined]
            demand=demand,
            receipt=form.receipt,
            file=form.kept[-1].pk,
            conforms=form.cleaned_data["conforms"],
            valid_until=form.cleaned_data["valid_until"],
            expected_version=form.cleaned_data["version"],
        )
    except NotAllowed:
        raise Http404 from None
    except Conflict as refusal:
        form.add_error("conforms", _("%(what)s Compare it again.") % {"what": refusal.message})
        form.read_again(demand)
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal.message))
    except UploadRefused as refusal:
        form.complain(None, refusal.message)
    except ValidationError as refusal:
        blame(form, refusal)
    else:
        if document is None:
            messages.info(request, _("This very document is in the file already."))
        else:
            done, way = _("The document is in the file."), way_to_tell(demand, TOLD_OF)
            told = how_told(request.principal, demand, way, is_owed=matters(TOLD_OF))  # type: ignore[attr-defined]
            messages.success(request, f"{done} {told}")
    return not form.errors
