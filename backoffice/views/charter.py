"""The rules at the desk: partners read them and sign them, the manager puts them in force."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from backoffice.forms.charter import MOVES, MoveForm
from backoffice.gate import second_factor
from register.charter import may
from register.errors import Conflict, NotAllowed
from register.selectors.charter import readable_version, sections, version_page
from register.selectors.simulation import version_to_simulate
from register.web.audience import audience
from register.web.typed import take
from rules.models import RuleModuleVersion

UNPROCESSABLE = 422
CONFLICT = 409


@audience("desk", ["GET"])
@second_factor
def versions(request: HttpRequest) -> HttpResponse:
    """What is to be signed, what is in force, what was."""
    found = sections(request.principal)  # type: ignore[attr-defined]
    return render(request, "backoffice/charter.html", {"sections": found})


@audience("desk", ["GET"])
@second_factor
def version(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One version: its text, what it changes, who signed, what one may do."""
    principal = request.principal  # type: ignore[attr-defined]
    found = readable_version(principal, code, version)
    kept = take(request)
    form = MOVES.get(kept.args.get("act", "")) if kept else None
    if kept is None or form is None or not may(principal, form.action, found):
        return _show(request, code, version)
    return _show(request, code, version, refused=form(kept.data))


@audience("desk", ["POST"])
@second_factor
def move(request: HttpRequest, code: str, version: int, act: str) -> HttpResponse:
    """Take one move. Unknown version, unknown move or missing right all answer "not found"."""
    principal = request.principal  # type: ignore[attr-defined]
    found = readable_version(principal, code, version)
    if act not in MOVES or not may(principal, MOVES[act].action, found):
        raise Http404
    form = MOVES[act](request.POST)
    if not form.is_valid():
        return _show(request, code, version, refused=form)
    try:
        moved = form.move(principal=principal, version=found)
    except NotAllowed:
        raise Http404 from None
    except Conflict as refusal:
        again = _on_what_is_there_now(form, readable_version(principal, code, version))
        again.add_error(None, str(refusal.message))
        return _show(request, code, version, refused=again, status=CONFLICT)
    except ValidationError as refusal:
        for problem in refusal.messages:
            form.add_error(None, problem)
        return _show(request, code, version, refused=form)
    messages.success(request, form.done)
    return redirect("desk:charter_version", code, moved.number)


def _on_what_is_there_now(form: MoveForm, current: RuleModuleVersion) -> MoveForm:
    """What was typed, with the content that the page now shows: it is to be read again."""
    typed = form.data.copy()
    typed["fingerprint"] = current.content_hash
    return type(form)(typed)


def _show(
    request: HttpRequest,
    code: str,
    number: int,
    *,
    refused: MoveForm | None = None,
    status: int = UNPROCESSABLE,
) -> HttpResponse:
    page = version_page(request.principal, code, number)  # type: ignore[attr-defined]
    seen = {"fingerprint": page.text.version.content_hash}
    forms = [
        refused if isinstance(refused, form) else form(initial=seen)
        for form in MOVES.values()
        if form.action in page.actions or isinstance(refused, form)
    ]
    context = {
        "page": page,
        "version": page.text.version,
        "simulates": version_to_simulate(request.principal, page.text.version.pk) is not None,  # type: ignore[attr-defined]
        "forms": forms,
        "refused": refused,
    }
    status = status if refused and refused.errors else 200
    return render(request, "backoffice/charter_version.html", context, status=status)
