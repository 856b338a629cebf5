"""The identity document: photos or files, each kept as soon as it is sent."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import drafts, typed
from portal.addresses import url_of
from portal.models import Draft
from portal.views.common import (
    after,
    goes_back_to_review,
    opened,
    page_context,
    patient,
    saved_for_later,
)
from portal.views.step import LATER
from register.errors import UploadRefused
from register.form.answers import Answers
from register.form.revisions import page_of
from register.form.steps.document import MAX_FILES
from register.services import files
from register.web.audience import audience
from register.web.files import private_file
from register.web.pieces import FIELD, Arrived, files_of, no_room
from register.web.typed import take

KEY = "piece-identite"


@audience("applicant", methods=["GET", "POST"])
@patient
def document(request: HttpRequest) -> HttpResponse:
    """Add, look at or remove files; a refused file never takes the others with it."""
    draft = opened(request)
    if request.method == "POST":
        return _act(request, draft)
    take(request)
    return _show(request, draft, [])


def _act(request: HttpRequest, draft: Draft) -> HttpResponse:
    intent, page = request.POST.get("intent", ""), page_of(Answers(draft.answers), KEY)
    problems = _keep_uploads(request, draft)
    if problems:
        return _show(request, drafts.current(request.user), problems)
    verb, _sign, file_id = intent.partition(":")
    if verb == "remove":
        _remove(request, draft, file_id)
    if verb in ("remove", "add") and (verb == "remove" or request.FILES or FIELD in request.POST):
        return redirect(url_of(page, to_review=goes_back_to_review(request)))
    if intent == LATER:
        return saved_for_later(request)
    draft = drafts.current(request.user)
    if not Answers(draft.answers).files:
        return _show(request, draft, [_("Add a photo or a scan of your identity document.")])
    return after(page, request, Answers(draft.answers))


def _keep_uploads(request: HttpRequest, draft: Draft) -> list[str]:
    """Store every file that can be; returns why the others could not."""
    problems: list[str] = []
    for upload in files_of(request, "documents"):
        if isinstance(upload, UploadRefused):
            problems.append(str(upload.message))
            continue
        if len(Answers(drafts.current(request.user).answers).files) >= MAX_FILES:
            problems.append(_("You have already added 6 files. Remove one before adding another."))
            break
        if problem := _keep_upload(request, draft, upload):
            problems.append(problem)
    return problems


def _keep_upload(request: HttpRequest, draft: Draft, upload: Arrived) -> str:
    try:
        stored = files.store_upload(principal=request.principal, upload=upload.file)
    except UploadRefused as refusal:
        return f"{upload.file.name} – {refusal.message}"
    except OSError:
        return no_room()
    kept = {"id": str(stored.pk), "name": stored.original_name, "size": stored.size}
    again = []

    def edit(answers: Answers) -> None:
        others = [uuid.UUID(each["id"]) for each in answers.files]
        again[:] = [files.same_bytes(stored, others)]
        answers.files = answers.files if any(again) else [*answers.files, kept]

    try:
        drafts.change(draft, edit, step=KEY)
    except Exception:
        files.delete_stored_file(principal=request.principal, stored_file_id=stored.pk)
        raise
    if same := again[0]:
        files.delete_stored_file(principal=request.principal, stored_file_id=stored.pk)
    upload.became(same or stored)
    if stored.doubt:
        messages.warning(request, f"{stored.original_name} – {stored.doubt}")
    return ""


def _remove(request: HttpRequest, draft: Draft, file_id: str) -> None:
    removed = []

    def edit(answers: Answers) -> None:
        removed.extend(each["id"] for each in answers.files if each["id"] == file_id)
        answers.files = [each for each in answers.files if each["id"] != file_id]

    drafts.change(draft, edit, step=KEY)
    for each in removed:
        files.delete_stored_file(principal=request.principal, stored_file_id=uuid.UUID(each))


def _show(request: HttpRequest, draft: Draft, problems: list[str]) -> HttpResponse:
    answers = Answers(draft.answers)
    page = page_of(answers, KEY)
    form = page.form(answers=answers)
    if problems:
        form = page.form({}, answers=answers)
        form.errors.clear()
        for problem in problems:
            form.complain("documents", problem, "refused")
    context = page_context(
        request,
        page,
        draft,
        form=form,
        question=page.question,
        files=answers.files,
        is_full=len(answers.files) >= MAX_FILES,
        state=typed.new_state(draft, 0),
    )
    return render(request, "portal/demand/piece-identite.html", context)


@audience("applicant", methods=["GET"])
@patient
def uploaded(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """One's own file, as it was kept; anybody else's answers like a missing one."""
    stored, content = files.open_stored_file(principal=request.principal, stored_file_id=file_id)
    return private_file(content, name=stored.original_name, content_type=stored.content_type)
