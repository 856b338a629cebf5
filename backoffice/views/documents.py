"""Supporting documents: shown beside the declaration, served only after a new check (R3)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backoffice.forms.act import how_told
from backoffice.forms.documents import CheckedForm, UnusedForm
from backoffice.gate import second_factor
from backoffice.views.acts import CONFLICT, attempt, back_to_file
from register import access
from register.access import Action
from register.codes import DocumentStatus
from register.models import AccessPurpose, Document, EventKind, StoredFile
from register.preview import PICTURE, page_count, page_picture, reader_mark, stamped, thumbnail
from register.principals import Principal
from register.selectors.channels import matters, way_to_tell
from register.selectors.file import DemandFile, document_of, read_file
from register.services import documents
from register.services.files import may_leave, open_stored_file
from register.services.journal import record_access
from register.web.audience import audience
from register.web.files import confined, private_file
from register.web.typed import take

EXTENSIONS = {"application/pdf": ".pdf", "image/jpeg": ".jpg"}
UNPROCESSABLE = 422


@audience("desk", ["GET"])
@second_factor
def document(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """The document beside what was declared, with the two answers an agent may give."""
    found = _document(request, number, document_id)
    kept = take(request)
    return _show(request, found, _answered(request, found, kept.data) if kept else None)


@audience("desk", ["POST"])
@second_factor
def check(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """Record that the document conforms, or that it is not used and why."""
    principal = request.principal  # type: ignore[attr-defined]
    found = document_of(principal, number, document_id, Action.VERIFY_DOCUMENT)
    form = _answered(request, found, request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    conforms = isinstance(form, CheckedForm)
    given = {**form.cleaned_data}
    version = given.pop("version")
    service = documents.verify_document if conforms else documents.refuse_document
    answer = attempt(
        request,
        found.demand,
        form,
        lambda: service(
            principal=principal,
            demand=found.demand,
            document=found,
            expected_version=version,
            **given,
        ),
    )
    if answer is None:
        return _show(request, _document(request, number, document_id), form)
    if answer.status_code == CONFLICT:
        return answer
    messages.success(request, _recorded(principal, found))
    return redirect(back_to_file(request, number))


def _recorded(principal: Principal, found: Document) -> str:
    """What was recorded; of a document that is not used, how the applicant knows."""
    if found.status == DocumentStatus.VERIFIED:
        return _("The document is recorded as checked.")
    is_unlisted = found.status == DocumentStatus.UNLISTED
    kind = EventKind.DOCUMENT_UNLISTED if is_unlisted else EventKind.DOCUMENT_REFUSED
    way = way_to_tell(found.demand, kind)
    told = how_told(principal, found.demand, way, is_owed=matters(kind))
    return f"{_('The document is recorded as not used.')} {told}"


def _document(request: HttpRequest, number: str, document_id: int) -> Document:
    principal = request.principal  # type: ignore[attr-defined]
    return document_of(principal, number, document_id, Action.VIEW_DOCUMENT)


def _answered(request: HttpRequest, found: Document, data: QueryDict) -> CheckedForm | UnusedForm:
    if data.get("answer") != "conforms":
        return UnusedForm(data)
    return _checked(read_file(request.principal, found.demand), found, data)  # type: ignore[attr-defined]


def _checked(shown: DemandFile, found: Document, data: Any = None) -> CheckedForm:
    adults = [person for person in shown.people if person.is_adult]
    initial = {"version": found.demand.version}
    return CheckedForm(data, initial=initial, document=found, rights=shown.rights, adults=adults)


def _show(
    request: HttpRequest, found: Document, refused: CheckedForm | UnusedForm | None = None
) -> HttpResponse:
    principal = request.principal  # type: ignore[attr-defined]
    demand = found.demand
    record_access(principal=principal, demand=demand, purpose=AccessPurpose.VIEW)
    shown = read_file(principal, demand)
    conforms, unused = _checked(shown, found), UnusedForm(initial={"version": demand.version})
    context = {
        "document": found,
        "demand": demand,
        "file": shown,
        "form": refused,
        "conforms": refused if isinstance(refused, CheckedForm) else conforms,
        "unused": refused if isinstance(refused, UnusedForm) else unused,
        "pages": range(1, page_count(found.stored_file) + 1),
        "may_leave": may_leave(found.stored_file),
        "back": back_to_file(request, demand.number),
        "can_verify": access.decide(principal, Action.VERIFY_DOCUMENT, demand).allowed
        and found.status != DocumentStatus.KEPT
        and not found.is_of_former,
    }
    status = UNPROCESSABLE if refused and refused.errors else 200
    return render(request, "backoffice/document.html", context, status=status)


@audience("desk", ["GET"])
@second_factor
def document_page(request: HttpRequest, number: str, document_id: int, page: int) -> HttpResponse:
    """One page as a picture with the reader's name: nothing needs to leave the screen."""
    stored = _read(request, _document(request, number, document_id))
    return _picture(page_picture(stored, page, reader_mark(request.principal)))  # type: ignore[attr-defined]


@audience("desk", ["GET"])
@second_factor
def document_thumbnail(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """The first page, too small to be read: it counts as looking at the file, not at the paper."""
    return _picture(thumbnail(_kept(request, _document(request, number, document_id))))


@audience("desk", ["GET"])
@second_factor
def document_file(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """The file to take away, once the antivirus read it; each page says who took it and when."""
    found = _document(request, number, document_id)
    if not may_leave(found.stored_file):
        raise Http404
    stored = _read(request, found)
    copy = stamped(stored, reader_mark(request.principal))  # type: ignore[attr-defined]
    if copy is None:
        return confined(HttpResponse(status=UNPROCESSABLE))
    content, kind = copy
    return private_file(content, name=f"{found.kind}-{number}{EXTENSIONS[kind]}", content_type=kind)


def _picture(drawn: bytes | None) -> HttpResponse:
    if drawn is None:
        return confined(HttpResponse(status=UNPROCESSABLE))
    return confined(HttpResponse(drawn, content_type=PICTURE))


def _kept(request: HttpRequest, found: Document) -> StoredFile:
    """The file that is kept, after checking the right once more."""
    principal = request.principal  # type: ignore[attr-defined]
    stored, content = open_stored_file(principal=principal, stored_file_id=found.stored_file_id)
    content.close()
    return stored


def _read(request: HttpRequest, found: Document) -> StoredFile:
    """The same, to be read: it is journalled."""
    stored = _kept(request, found)
    record_access(
        principal=request.principal,  # type: ignore[attr-defined]
        demand=found.demand,
        purpose=AccessPurpose.DOCUMENT,
        document=stored.pk,
    )
    return stored
