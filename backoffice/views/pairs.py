"""Demands that may be one person's: the list of pairs, and one pair side by side."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice import pairs as words
from backoffice.forms.pairs import DifferentForm, MergeForm, PartForm
from backoffice.gate import second_factor
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.models import AccessPurpose, DuplicatePair
from register.selectors import pairs as selectors
from register.selectors.merges import undoable
from register.services.journal import record_access
from register.services.merging import merge, part
from register.services.pairs import judge_different, put_off
from register.web.audience import audience
from register.web.typed import given

UNPROCESSABLE = 422
LAST_PAGE = 10_000


@audience("desk", ["GET"])
@never_cache
@second_factor
def pairs(request: HttpRequest) -> HttpResponse:
    """Pairs to review, the most likely first."""
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    number = min(max(number, 1), LAST_PAGE)
    of_merged = request.GET.get("merged") == "1"
    page = selectors.read_pairs(request.principal, number, of_merged=of_merged)  # type: ignore[attr-defined]
    also = "&merged=1" if of_merged else ""
    context = {
        "page": page,
        "of_merged": of_merged,
        "rows": [(line, words.strength(line.pair.probability)) for line in page.lines],
        "previous_url": f"?page={number - 1}{also}" if number > 1 else "",
        "next_url": f"?page={number + 1}{also}" if page.has_next else "",
    }
    return render(request, "backoffice/pairs.html", context)


@audience("desk", ["GET", "POST"])
@never_cache
@second_factor
def pair(request: HttpRequest, pair: int) -> HttpResponse:
    """One pair; the same answer for a pair beyond the rights and for none."""
    principal = request.principal  # type: ignore[attr-defined]
    found = get_object_or_404(
        selectors.reviewable(principal).select_related("first", "second"), pk=pair
    )
    data = given(request)
    if data is None:
        return _page(request, found)
    answer = data.get("answer", "")
    if answer not in ANSWERS:
        raise Http404
    form = _form(found, answer, data)
    if request.method != "POST":
        return _page(request, found, form)
    return ANSWERS[answer](request, found, form)


def _form(found: DuplicatePair, answer: str, data: QueryDict) -> Form:
    if answer == "same":
        return MergeForm(found, data)
    return {"different": DifferentForm, "part": PartForm}.get(answer, Form)(data)


def _different(request: HttpRequest, found: DuplicatePair, form: Form) -> HttpResponse:
    done = _("Written down: these are two people. The pair is not proposed again.")
    record = partial(judge_different, pair=found)
    return _answered(request, found, form, record, done)


def _later(request: HttpRequest, found: DuplicatePair, form: Form) -> HttpResponse:
    done = _("The pair comes back in a week.")
    return _answered(request, found, form, partial(put_off, pair=found), done)


def _same(request: HttpRequest, found: DuplicatePair, form: Form) -> HttpResponse:
    done = _(
        "The two demands are one. The applicant is told, with both numbers, the date kept and what"
        " was not kept."
    )
    return _answered(request, found, form, partial(merge, pair=found), done)


def _part(request: HttpRequest, found: DuplicatePair, form: Form) -> HttpResponse:
    made = undoable(found)
    if made is None:
        messages.warning(request, _("This merge can no longer be undone."))
        return redirect("desk:pairs")
    done = _("The two demands are separate again. The applicant is told.")
    return _answered(request, found, form, partial(part, made=made), done)


def _answered(
    request: HttpRequest,
    found: DuplicatePair,
    form: Form,
    record: Callable[..., object],
    done: str,
) -> HttpResponse:
    """Record an answer and go back to the list; what is refused is told and nothing is lost."""
    if not form.is_valid():
        return _page(request, found, form)
    try:
        record(principal=request.principal, **form.cleaned_data)  # type: ignore[attr-defined]
    except NotAllowed:
        raise Http404 from None
    except (Conflict, TransitionRefused) as refusal:
        messages.warning(request, str(refusal))
    except ValidationError as refusal:
        told = getattr(refusal, "error_dict", None) or {"": refusal.messages}
        for name, problems in told.items():
            form.add_error(name if name in form.fields else None, problems)
        return _page(request, found, form)
    else:
        messages.success(request, done)
    return redirect("desk:pairs")


ANSWERS = {"different": _different, "later": _later, "same": _same, "part": _part}


def _page(request: HttpRequest, found: DuplicatePair, form: Form | None = None) -> HttpResponse:
    principal = request.principal  # type: ignore[attr-defined]
    view = selectors.read_pair(principal, found)
    for side in (view.first, view.second):
        record_access(principal=principal, demand=side.file.demand, purpose=AccessPurpose.VIEW)
    same = form if isinstance(form, MergeForm) else MergeForm(found)
    same.tell(view.choices)
    context = {
        "view": view,
        "parts": words.parts(view),
        "strength": words.strength(found.probability),
        "form": form,
        "different": form if isinstance(form, DifferentForm) else DifferentForm(),
        "same": same,
        "part": form if isinstance(form, PartForm) else PartForm(),
        "made": undoable(found),
    }
    status = UNPROCESSABLE if form is not None and form.errors else 200
    return render(request, "backoffice/pair.html", context, status=status)
