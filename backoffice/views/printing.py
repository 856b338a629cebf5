"""Letters to print at the manager's desk: put together, downloaded, told as posted, or come back.

Reading changes nothing: letters are put in a run, and told as printed, by forms only.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from backoffice.forms.printing import CameBackForm
from backoffice.gate import second_factor
from register.errors import TransitionRefused
from register.models import PrintRun
from register.selectors import printing as selectors
from register.services.journal import record_export
from register.services.printing import ask_run, letter_came_back, mark_printed
from register.web.audience import audience
from register.web.files import private_file
from register.web.typed import given

UNPROCESSABLE = 422


@audience("manager", ["GET", "POST"])
@never_cache
@second_factor
def printing(request: HttpRequest) -> HttpResponse:
    """How many letters wait, and the runs; posting puts those that wait in a new run."""
    _check(request)
    if request.method == "POST":
        run = ask_run(principal=request.principal)  # type: ignore[attr-defined]
        if run is None:
            messages.info(request, _("No letter waits to be printed."))
        else:
            told = ngettext(
                "%(count)s letter is being put in one file.",
                "%(count)s letters are being put in one file.",
                run.wanted,
            )
            messages.success(request, told % {"count": run.wanted})
        return redirect("desk:printing")
    return _page(request, CameBackForm(given(request)))


@audience("manager", ["GET"])
@never_cache
@second_factor
def letters_file(request: HttpRequest, run: int) -> HttpResponseBase:
    """The letters of a run as one PDF, as often as needed; each demand in it is journalled."""
    found = _run(request, run)
    if found.made_at is None or not found.file:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    keys = found.letters.filter(delivery__in=selectors.IN_FILE).values_list("demand_id", flat=True)
    record_export(principal=request.principal, keys=sorted(set(keys)))  # type: ignore[attr-defined]
    name = f"courriers-{found.pk}.pdf"
    return private_file(content, name=name, content_type="application/pdf")


@audience("manager", ["POST"])
@second_factor
def printed(request: HttpRequest, run: int) -> HttpResponse:
    """The letters of a run are posted: each file says so from now on."""
    found = _run(request, run)
    try:
        mark_printed(principal=request.principal, run=found)  # type: ignore[attr-defined]
    except TransitionRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Each file says that its letter is printed and posted."))
    return redirect("desk:printing")


@audience("manager", ["POST"])
@second_factor
def came_back(request: HttpRequest) -> HttpResponse:
    """A letter came back from the post."""
    _check(request)
    form = CameBackForm(request.POST)
    if form.is_valid():
        principal = request.principal  # type: ignore[attr-defined]
        letter = selectors.printed_letter(principal, form.cleaned_data["number"])
        if letter is not None:
            letter_came_back(principal=principal, letter=letter)
            told = _("Written in the file. For a renewal or an end, somebody must call.")
            messages.success(request, told)
            return redirect("desk:printing")
        form.add_error("number", _("No letter was posted for a demand of this number."))
    return _page(request, form)


def _check(request: HttpRequest) -> None:
    if not selectors.may_print(request.principal):  # type: ignore[attr-defined]
        raise Http404


def _run(request: HttpRequest, run: int) -> PrintRun:
    """The run, if each envelope of it is open today; the same answer otherwise."""
    _check(request)
    found = selectors.runs(request.principal).filter(pk=run).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, form: CameBackForm) -> HttpResponse:
    found = selectors.printing(request.principal)  # type: ignore[attr-defined]
    status = UNPROCESSABLE if form.errors else 200
    context = {"printing": found, "form": form}
    return render(request, "backoffice/printing.html", context, status=status)
