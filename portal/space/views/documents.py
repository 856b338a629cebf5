"""The documents of a demand: read, and send one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space import todo
from portal.space.forms import PieceForm
from portal.space.pages import blame, show
from register import access, codes, papers
from register.access import Action
from register.errors import TransitionRefused, UploadRefused
from register.models import AccessPurpose, Demand
from register.preview import reader_mark, stamped
from register.selectors import space
from register.services.documents import add_document
from register.services.files import open_stored_file
from register.services.journal import record_access
from register.web.audience import audience
from register.web.files import private_file
from register.web.pieces import FIELD, Arrived, files_of
from register.web.typed import given

TONES = {
    codes.DocumentStatus.RECEIVED: "info",
    codes.DocumentStatus.VERIFIED: "success",
    codes.DocumentStatus.REFUSED: "danger",
    codes.DocumentStatus.UNLISTED: "plain",
    codes.DocumentStatus.OBSOLETE: "warning",
    codes.DocumentStatus.KEPT: "plain",
}


@audience("applicant", methods=["GET", "POST"])
@never_cache
def documents(request: HttpRequest, number: str) -> HttpResponse:
    """Every document with what an agent found, and the form to send another."""
    posted = request.method == "POST"
    demand = space.demand_of(request.principal, number, Action.ANSWER if posted else Action.VIEW)
    data = given(request) or QueryDict()
    if posted:
        sent = next(files_of(request, "upload"), None)
        if sent is None and FIELD in request.POST:  # kept already: the page was sent twice
            return redirect("space:documents", number=demand.number)
        form = PieceForm(request.POST, {"upload": sent.file} if isinstance(sent, Arrived) else {})
        if isinstance(sent, UploadRefused):
            form.fields["upload"].error_messages["required"] = str(sent.message)
        if form.is_valid() and _add(request, demand, form, sent):
            messages.success(request, _("Your document is in your file. An agent will check it."))
            return redirect("space:documents", number=demand.number)
    else:
        form = PieceForm(initial={"kind": data.get("kind") or request.GET.get("piece", "")})
    rights = access.fields(request.principal, demand)
    rows = [row for row in space.documents(demand) if rights.can_read_document(row.kind)]
    return show(
        request,
        "documents",
        "documents",
        demand,
        form=form,
        arrived=data.getlist(FIELD),
        rows=[(row, TONES[codes.DocumentStatus(row.status)]) for row in rows],
        readable=rights.can_read("documents"),
        rule=rights.reason("documents"),
        pieces=[todo.send_task(demand, piece) for piece in space.pieces_to_send(demand, rights)],
        papers=papers.expected(demand, rights),
        # The list of papers is that of the people to be housed.
        may_send=not demand.is_association
        and access.decide(request.principal, Action.ANSWER, demand).allowed,
        may_open=space.opens_documents(request.principal, demand),
    )


def _add(request: HttpRequest, demand: Demand, form: PieceForm, sent: Arrived) -> bool:
    try:
        document = add_document(
            principal=request.principal,
            demand=demand,
            kind=form.cleaned_data["kind"],
            upload=form.file,
        )
        sent.became(document.stored_file)
        if document.stored_file.doubt:
            messages.warning(request, document.stored_file.doubt)
    except UploadRefused as refusal:
        form.add_error("upload", str(refusal))
    except (ValidationError, TransitionRefused) as error:
        blame(form, error, "upload")
    except OSError:
        form.add_error(
            "upload",
            _("We could not keep your document just now. Please try again in a few minutes."),
        )
    return not form.errors


@audience("applicant", methods=["GET"])
@never_cache
def document_file(request: HttpRequest, number: str, stored_file: UUID) -> HttpResponse:
    """One of the person's own files, after a new check of the right (R3).

    The copy of a helper bears her name on each page.
    """
    demand = space.demand_of(request.principal, number)
    space.document_of(demand, stored_file)
    stored, content = open_stored_file(principal=request.principal, stored_file_id=stored_file)
    if space.is_own(request.principal, demand):
        return private_file(content, name=stored.original_name, content_type=stored.content_type)
    content.close()
    record_access(
        principal=request.principal,
        demand=demand,
        purpose=AccessPurpose.DOCUMENT,
        document=stored_file,
    )
    copy = stamped(stored, reader_mark(request.principal))
    if copy is None:
        raise Http404
    return private_file(copy[0], name=stored.original_name, content_type=copy[1])
