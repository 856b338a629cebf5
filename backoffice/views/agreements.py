"""Agreements at the desk: the manager keeps them, the parties read them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backoffice.forms.agreements import (
    AgreementForm,
    ReadTerms,
    SignForm,
    StepForm,
    step_label,
)
from backoffice.gate import second_factor
from register.errors import Conflict, UploadRefused
from register.models import Agreement, AgreementPurpose, AgreementStatus
from register.selectors.agreements import (
    agreement_of,
    agreements_of,
    read_agreement,
    territory,
)
from register.services import agreements
from register.services.files import open_stored_file
from register.web.audience import audience
from register.web.files import private_file
from register.web.typed import given, take
from rules.kinds.fields import FieldSet
from rules.publication.words import FIELD_SETS

UNPROCESSABLE = 422
CONFLICT = 409
STEPS: dict[str, Callable[..., Any]] = {
    "suspendre": agreements.suspend_agreement,
    "retablir": agreements.resume_agreement,
    "terminer": agreements.end_agreement,
}
STEPS_FROM = {
    AgreementStatus.DRAFT: ("terminer",),
    AgreementStatus.SIGNED: ("suspendre", "terminer"),
    AgreementStatus.SUSPENDED: ("retablir", "terminer"),
    AgreementStatus.ENDED: (),
}
TONES = {
    AgreementStatus.DRAFT: "info",
    AgreementStatus.SIGNED: "success",
    AgreementStatus.SUSPENDED: "warning",
    AgreementStatus.ENDED: "neutral",
}


@audience("desk", ["GET"])
@second_factor
def listing(request: HttpRequest) -> HttpResponse:
    """Every agreement for the manager; one's own for the others."""
    found = agreements_of(request.principal)  # type: ignore[attr-defined]
    rows = [(each, territory(each), TONES[AgreementStatus(each.status)]) for each in found]
    return render(request, "backoffice/agreements.html", {"rows": rows})


@audience("desk", ["GET"])
@second_factor
def agreement(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """One agreement: its terms, what it opens, its steps."""
    found = agreement_of(request.principal, agreement_id)  # type: ignore[attr-defined]
    kept = take(request)
    step = kept.args.get("step") if kept else None
    if kept is None or step not in STEPS:
        return _show(request, found)
    return _show(request, found, refused={step: StepForm(kept.data, auto_id=f"{step}_%s")})


@audience("manager", ["GET", "POST"])
@second_factor
def new(request: HttpRequest) -> HttpResponse:
    """Draft an agreement."""
    form = AgreementForm(given(request))
    if request.method == "POST" and form.is_valid():
        saved = _attempt(
            form,
            lambda: agreements.draft_agreement(
                principal=request.principal,  # type: ignore[attr-defined]
                terms=form.terms(),
            ),
        )
        if saved is not None:
            messages.success(request, _("The agreement is drafted; it opens nothing yet."))
            return redirect("desk:agreement", saved.pk)
    return _form(request, form, None)


@audience("manager", ["GET", "POST"])
@second_factor
def change(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Change the terms of an agreement."""
    found = agreement_of(request.principal, agreement_id)  # type: ignore[attr-defined]
    form = AgreementForm(given(request), agreement=found)
    if request.method == "POST" and form.is_valid():
        saved = _attempt(
            form,
            lambda: agreements.change_agreement(
                principal=request.principal,  # type: ignore[attr-defined]
                agreement=found,
                generation=form.cleaned_data["generation"],
                terms=form.terms(),
                reason=form.cleaned_data.get("reason", ""),
            ),
            read=found,
        )
        if saved is not None:
            messages.success(request, _("The agreement is changed; rights follow at once."))
            return redirect("desk:agreement", saved.pk)
    return _form(request, form, found)


@audience("manager", ["POST"])
@second_factor
def sign(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Receive the signed document: the agreement opens what it names from its first day."""
    found = agreement_of(request.principal, agreement_id)  # type: ignore[attr-defined]
    form = SignForm(request.POST, request.FILES)
    if form.is_valid():
        saved = _attempt(
            form,
            lambda: agreements.sign_agreement(
                principal=request.principal,  # type: ignore[attr-defined]
                agreement=found,
                generation=form.cleaned_data["generation"],
                upload=form.cleaned_data["signed_file"],
            ),
            read=found,
        )
        if saved is not None:
            messages.success(request, _("The agreement is signed."))
            return redirect("desk:agreement", found.pk)
    return _show(request, found, sign_form=form)


@audience("manager", ["POST"])
@second_factor
def step(request: HttpRequest, agreement_id: int, step: str) -> HttpResponse:
    """Suspend, resume or end an agreement, for a reason."""
    found = agreement_of(request.principal, agreement_id)  # type: ignore[attr-defined]
    if step not in STEPS:
        raise Http404
    form = StepForm(request.POST, auto_id=f"{step}_%s")
    if form.is_valid():
        saved = _attempt(
            form,
            lambda: STEPS[step](
                principal=request.principal,  # type: ignore[attr-defined]
                agreement=found,
                reason=form.cleaned_data["reason"],
            ),
        )
        if saved is not None:
            messages.success(request, _("Done: rights follow at once."))
            return redirect("desk:agreement", found.pk)
    return _show(request, found, refused={step: form})


@audience("desk", ["GET"])
@second_factor
def signed_file(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The signed document, for the manager and the parties."""
    principal = request.principal  # type: ignore[attr-defined]
    found = agreement_of(principal, agreement_id)
    if found.signed_file_id is None:
        raise Http404
    stored, content = open_stored_file(principal=principal, stored_file_id=found.signed_file_id)
    name = f"convention-{found.pk}.pdf"
    return private_file(content, name=name, content_type=stored.content_type)


def _attempt(
    form: forms.Form, service: Callable[[], Agreement], *, read: Agreement | None = None
) -> Agreement | None:
    """Call a service; None when its refusal now stands beside the fields of the form.

    After a conflict the form is about the terms as `read` now, which its page shows or leads to.
    """
    try:
        return service()
    except UploadRefused as refusal:
        form.add_error("signed_file", str(refusal.message))
    except Conflict as refusal:
        form.add_error(None, str(refusal.message))
        if isinstance(form, ReadTerms) and read is not None:
            form.read_again(read)
    except ValidationError as refusal:
        by_field = (
            refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
        )
        for name, problems in by_field.items():
            form.add_error(name if name in form.fields else None, problems)
    return None


def _form(request: HttpRequest, form: AgreementForm, found: Agreement | None) -> HttpResponse:
    status = UNPROCESSABLE if form.errors else 200
    context = {"form": form, "agreement": found}
    return render(request, "backoffice/agreement_form.html", context, status=status)


def _show(
    request: HttpRequest,
    found: Agreement,
    *,
    sign_form: SignForm | None = None,
    refused: dict[str, StepForm] | None = None,
) -> HttpResponse:
    principal = request.principal  # type: ignore[attr-defined]
    steps, status = [], AgreementStatus(found.status)
    if principal.is_manager:
        for name in dict.fromkeys((*STEPS_FROM[status], *(refused or {}))):
            form = (refused or {}).get(name) or StepForm(auto_id=f"{name}_%s")
            steps.append((name, step_label(name), form))
    typed = sign_form or next(iter((refused or {}).values()), None)
    context = {
        "view": read_agreement(principal, found),
        "form": typed,
        "agreement": found,
        "tone": TONES[status],
        "purposes": [AgreementPurpose(code).label for code in found.purposes],
        "data_classes": [str(FIELD_SETS[FieldSet(name)]) for name in found.data_classes],
        "steps": steps,
        "can_change": principal.is_manager and status != AgreementStatus.ENDED,
        "sign_form": _sign_form(found, sign_form) if principal.is_manager else None,
    }
    answer = UNPROCESSABLE if typed and typed.errors else 200
    return render(request, "backoffice/agreement.html", context, status=answer)


def _sign_form(found: Agreement, refused: SignForm | None) -> SignForm | None:
    if refused is None and found.status != AgreementStatus.DRAFT:
        return None
    return refused or SignForm(initial={"generation": found.generation})
