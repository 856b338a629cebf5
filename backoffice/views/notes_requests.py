"""Applicants' requests to read the notes about them, at the manager's desk (GDPR art. 15)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.forms.notes_requests import GiveNotesForm
from backoffice.gate import second_factor
from register.errors import NotAllowed, TransitionRefused
from register.models import AccessPurpose, NotesRequest
from register.selectors import notes_requests as selectors
from register.services.journal import record_access
from register.services.notes_requests import give_notes
from register.web.audience import audience
from register.web.typed import given

UNPROCESSABLE = 422


@audience("manager", ["GET"])
@never_cache
@second_factor
def notes_requests(request: HttpRequest) -> HttpResponse:
    """Which requests wait, the nearest end of the month first; no note is shown here."""
    principal = request.principal  # type: ignore[attr-defined]
    if not principal.is_manager or principal.observer is not None:
        raise Http404
    waiting = [(each, selectors.answer_by(each)) for each in selectors.waiting(principal)]
    return render(request, "backoffice/notes_requests.html", {"waiting": waiting})


@audience("manager", ["GET", "POST"])
@never_cache
@second_factor
def notes_request(request: HttpRequest, asked: int) -> HttpResponse:
    """The notes of one demand, whose applicant asked for them; reading them is written down."""
    principal = request.principal  # type: ignore[attr-defined]
    found = selectors.request_of(principal, asked)
    record_access(principal=principal, demand=found.demand, purpose=AccessPurpose.VIEW)
    form = GiveNotesForm(given(request), notes=selectors.kept_notes(found.demand))
    if request.method == "POST" and form.is_valid() and _given(request, found, form):
        messages.success(request, _("The applicant has the notes in her data, and is told."))
        return redirect("desk:notes_requests")
    context = {"asked": found, "answer_by": selectors.answer_by(found), "form": form}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "backoffice/notes_request.html", context, status=status)


def _given(request: HttpRequest, found: NotesRequest, form: GiveNotesForm) -> bool:
    principal = request.principal  # type: ignore[attr-defined]
    try:
        give_notes(principal=principal, request=found, **form.given())
    except NotAllowed:
        raise Http404 from None
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal.message))
    except ValidationError as refusal:
        for name, problems in refusal.message_dict.items():
            form.add_error(name if name in form.fields else None, problems)
    return not form.errors
