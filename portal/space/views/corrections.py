"""What is to be put right in the declaration: asked of the applicant, or by her."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.corrections import words_of
from portal.space.forms import AnswerForm, CorrectionForm, ReplacementForm
from portal.space.pages import blame, show
from register import access
from register.access import Action
from register.errors import Conflict, TransitionRefused, UploadRefused
from register.form.single import Asked, mark
from register.form.steps.base import StepForm
from register.models import Correction, Demand
from register.selectors import space
from register.selectors.corrections import (
    asked_in,
    choices_of,
    corrections_of,
    is_read,
    title_of,
)
from register.selectors.given_answers import kept_answer, may_modify
from register.selectors.space import answered_under
from register.services.corrections import answer_correction, ask_correction
from register.services.documents import add_document
from register.services.modification import Proposed
from register.web.audience import audience
from register.web.pieces import FIELD, Arrived, files_of, no_room
from register.web.typed import given

CONFLICT, UNPROCESSABLE = 409, 422


@audience("applicant", methods=["GET", "POST"])
@never_cache
def corrections(request: HttpRequest, number: str) -> HttpResponse:
    """Every request with where it stands, and the form to ask for one (GDPR art. 16)."""
    demand = space.own_demand_of(request.principal, number, Action.EDIT)
    posted = request.method == "POST"
    choices = choices_of(demand, access.fields(request.principal, demand))
    form = CorrectionForm(given(request), choices=choices)
    if posted and form.is_valid() and _asked(request, demand, form):
        messages.success(request, _("Your request is sent. The counter answers with its reasons."))
        return redirect("space:corrections", number=demand.number)
    rows = [(each, title_of(each), words_of(each)) for each in corrections_of(demand)]
    return show(request, "corrections", "summary", demand, form=form, rows=rows)


@audience("applicant", methods=["GET", "POST"])
@never_cache
def correction(request: HttpRequest, number: str, correction: int) -> HttpResponse:
    """One request, the answer or the document that it opens and nothing else, and her words.

    A helper whose mandate says it answers what she may read, and the applicant is told.
    """
    demand = space.demand_of(request.principal, number, Action.ANSWER)
    rights = access.fields(request.principal, demand)
    found = next((each for each in corrections_of(demand) if each.pk == correction), None)
    if found is None or not is_read(found, rights):
        raise Http404
    found.demand = demand
    page = _Page(request, found, rights)
    status = page.send() if request.method == "POST" else 200
    if status is None:
        own = space.is_own(request.principal, demand)
        return redirect("space:corrections" if own else "space:demand", number=demand.number)
    shown = show(request, "correction", "summary", demand, **page.context())
    shown.status_code = status
    return shown


class _Page:
    """What one request opens, as it was sent when it was."""

    def __init__(self, request: HttpRequest, asked: Correction, rights: access.FieldRights) -> None:
        self.request, self.correction, self.is_overtaken = request, asked, False
        self.asked = self._asked_today()
        data = given(request)
        self.arrived = data.getlist(FIELD) if data else []
        kind = ReplacementForm if asked.document else AnswerForm
        self.sent = next(files_of(request, "upload"), None) if data and asked.document else None
        files = {"upload": self.sent.file} if isinstance(self.sent, Arrived) else {}
        self.form: forms.Form = kind(data, files)
        self.question: StepForm | None = None
        own = space.is_own(request.principal, asked.demand)  # type: ignore[attr-defined]
        if self.asked and may_modify(rights, self.asked, own=own):
            self.question = self.asked.form(kept_answer(self.asked), data)

    def send(self) -> int | None:
        """Keep what was sent; else the status of the page that says what is wrong."""
        is_readable = self.form.is_valid()
        if isinstance(self.sent, UploadRefused):
            self.form.add_error("upload", str(self.sent.message))
        if not (self._is_answered() and is_readable) or self.form.errors:
            return UNPROCESSABLE
        try:
            self._keep_document()
            answer_correction(
                principal=self.request.principal,  # type: ignore[attr-defined]
                correction=self.correction,
                text=self.form.cleaned_data["text"] or self._said_by_document(),
                proposed=self._proposed(),
            )
        except Conflict:
            self.is_overtaken = True
            return CONFLICT
        except TransitionRefused as refusal:
            messages.warning(self.request, str(refusal))
        except UploadRefused as refusal:
            self.form.add_error("upload", str(refusal))
        except OSError:
            self.form.add_error("upload", no_room())
        except ValidationError as error:
            self._blame(error)
        else:
            messages.success(self.request, _("Your answer is sent."))
        return UNPROCESSABLE if self._has_errors() else None

    def context(self) -> dict[str, Any]:
        """The answer of this moment beside what was typed: after a conflict both are read (R15)."""
        asked = self._asked_today()
        kept = kept_answer(asked) if asked else None
        return {
            "correction": self.correction,
            "title": title_of(self.correction),
            "words": words_of(self.correction),
            "asked": asked,
            "now": asked.said(kept) if asked else "",
            "seen": mark(kept),
            "answered_by": answered_under(self.correction),
            "may_open": space.opens_documents(self.request.principal, self.correction.demand),  # type: ignore[attr-defined]
            "is_overtaken": self.is_overtaken,
            "question": self.question,
            "form": self.form,
            "arrived": self.arrived,
            "is_for_counter": bool(asked and asked.question.is_civil_status),
        }

    def _asked_today(self) -> Asked | None:
        """The question as it is put today, of what is recorded now."""
        correction = self.correction
        correction.demand = space.asked_today(correction.demand, correction.question)
        return asked_in(correction)

    def _is_answered(self) -> bool:
        return self.question is None or self.question.is_valid()

    def _has_errors(self) -> bool:
        return bool(self.form.errors or (self.question and self.question.errors))

    def _proposed(self) -> Proposed | None:
        if self.question is None or self.asked is None:
            return None
        answer = self.question.cleaned_data[self.asked.question.name]
        return Proposed(answer, self.request.POST.get("seen", ""))

    def _keep_document(self) -> None:
        document = self.correction.document
        if isinstance(self.sent, Arrived) and document and self.correction.waits_for_applicant:
            added = add_document(
                principal=self.request.principal,  # type: ignore[attr-defined]
                demand=self.correction.demand,
                kind=document.kind,
                upload=self.form.cleaned_data["upload"],
            )
            self.sent.became(added.stored_file)

    def _said_by_document(self) -> str:
        return _("Another document is in the file.") if self.sent is not None else ""

    def _blame(self, error: ValidationError) -> None:
        """Beside the question when it is of the answer, else beside the words."""
        name = self.asked.question.name if self.asked else ""
        if self.question is not None and name in getattr(error, "error_dict", {}):
            self.question.add_error(name, error.error_dict[name])
        else:
            blame(self.form, error, "text")


def _asked(request: HttpRequest, demand: Demand, form: CorrectionForm) -> bool:
    try:
        ask_correction(principal=request.principal, demand=demand, **form.cleaned_data)
    except (ValidationError, TransitionRefused) as error:
        blame(form, error, "text")
    return not form.errors
