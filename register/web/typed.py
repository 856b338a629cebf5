"""Nothing typed is lost when the session ended meanwhile (R2, R29).

A form in which somebody types bears a signed note of who was shown it (`{% form_state %}`). What is
posted signed out is kept with that note, and given back after sign-in, on its page, to the same
person only: on a shared computer, nobody finds the words of somebody else. Nothing is done with
it: the page shows it, and the person sends it herself.

It is kept in the session, for an hour, then given once. Files are not: the page says to choose
them again, unless they had arrived piece by piece. Passwords and codes are asked by no form that
bears the note. Where the form is offered no more, its words are shown alone, to be copied.
"""

import re
import time
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.forms import Textarea, TextInput
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django_htmx.http import HttpResponseClientRedirect

from register.form.answers import storable

FIELD = "page_state"
TIME_FIELD = "page_time"
AUTOSAVE_HEADER = "X-Autosave"
SESSION_KEY = "typed"
KEPT_FOR = 3600  # seconds
_SALT = "page"
_UNTYPED = (FIELD, TIME_FIELD, "csrfmiddlewaretoken")
# What the page itself put in the form, and the codes that were chosen: nobody wrote them.
_OF_THE_PAGE = ("version", "intent", "token", "seen")
_A_WORD, _A_CODE = re.compile(r"[^\W\d_]{2}"), re.compile(r"[a-z0-9_:.=/+-]{1,40}")
_MAX_PAGES = 3
# The longest paper form is ten times shorter.
_MAX_CHARACTERS = 100_000


@dataclass(frozen=True)
class Typed:
    """What was typed, with the view it was sent to: the page's own, or one that only receives."""

    data: QueryDict
    view: str
    args: dict[str, str]


def note(user_id: int | None, **more: Any) -> str:
    """The signed note of a page about to be shown to somebody."""
    return signing.dumps({"u": user_id, **more}, salt=_SALT, compress=True)


def words(form: forms.Form) -> list[str]:
    """What somebody wrote in a form that a page offers no more: shown to be copied."""
    written = (each for each in form if isinstance(each.field.widget, TextInput | Textarea))
    told = (form.data.get(each.html_name, "").strip() for each in written)
    return [each for each in told if each]


def own_words(request: HttpRequest) -> list[str]:
    """The same of what is posted, without its form, by whoever was shown it: never of a forgery."""
    if read_note(request.POST).get("u") != request.user.pk:
        return []
    names = (name for name in request.POST if name not in (*_UNTYPED, *_OF_THE_PAGE))
    told = (each.strip() for name in names for each in request.POST.getlist(name))
    return [each for each in told if _A_WORD.search(each) and not _A_CODE.fullmatch(each)]


def membership_of(request: HttpRequest) -> int | None:
    """Under which membership this person was typing on this very page, before she signed in."""
    kept = _kept(request)
    mine = (
        each for each in kept if (each["page"], each["user"]) == (request.path, request.user.pk)
    )
    return next((each["membership"] for each in mine), None)


def read_note(data: QueryDict) -> dict[str, Any]:
    """The note of a page sent back; empty when absent or altered."""
    try:
        found = signing.loads(data.get(FIELD, ""), salt=_SALT)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def keep(request: HttpRequest) -> bool:
    """Keep what its writer posted; False for what bears no note, or the note of somebody else."""
    shown = read_note(request.POST)
    writer = shown.get("u")
    user = request.user
    if writer is None or (user.is_authenticated and user.pk != writer):
        return False
    match = request.resolver_match
    kept = {
        "user": writer,
        "membership": shown.get("m"),
        "page": _page(request),
        "view": match.view_name if match else "",
        "args": {name: str(value) for name, value in match.kwargs.items()} if match else {},
        "post": _bounded(request.POST),
        "had_file": bool(request.FILES),
        "until": time.time() + KEPT_FOR,
    }
    others = [each for each in _kept(request) if not _is_same(each, kept)]
    request.session[SESSION_KEY] = [kept, *others][:_MAX_PAGES]
    if not user.is_authenticated:
        request.session.set_expiry(KEPT_FOR)
    return True


def take(request: HttpRequest) -> Typed | None:
    """What this person had typed on this very page; given once, and said on top of it."""
    if request.method != "GET":
        return None
    kept = _kept(request)
    found = next((each for each in kept if each["page"] == request.path), None)
    if found is None:
        return None
    _store(request, [each for each in kept if each is not found])
    if found["user"] != request.user.pk:
        return None
    data = QueryDict(mutable=True)
    for name, values in found["post"].items():
        data.setlist(name, values)
    words = [value for name in data if name != "intent" for value in data.getlist(name)]
    if any(words) or not found["had_file"]:
        told = _("You are signed in again. What you had typed is here: nothing is sent yet.")
        messages.success(request, told)
    if found["had_file"]:
        messages.warning(request, _("The file that you had chosen was not kept: choose it again."))
    return Typed(data, found["view"], found["args"])


def given(request: HttpRequest) -> QueryDict | None:
    """What a form is filled with: what is posted, else what was typed before signing in again.

    Only a POST may be acted on.
    """
    if request.method == "POST":
        return request.POST
    kept = take(request)
    return kept.data if kept else None


def forget_others(request: HttpRequest) -> None:
    """Once somebody is signed in, what others typed is gone, and her session lasts as any other."""
    if SESSION_KEY not in request.session:
        return
    _store(request, [each for each in _kept(request) if each["user"] == request.user.pk])
    request.session.set_expiry(None)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """What whoever is signed out is answered: sign in, then find this page as it was left."""
    kept = keep(request)
    if AUTOSAVE_HEADER in request.headers or (request.htmx and not kept):  # type: ignore[attr-defined]
        return HttpResponse(status=401)
    if kept:
        messages.info(
            request, _("You have been signed out. Sign in: what you have just typed is kept.")
        )
    to = redirect_to_login(_address(request))
    # A script would put the page of sign-in inside this one.
    return HttpResponseClientRedirect(to["Location"]) if request.htmx else to  # type: ignore[attr-defined]


def from_before(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What answers a page whose token against forgery is not that of the session any more.

    Most often it was shown before its reader signed in again in another tab: it is shown anew,
    with what she typed. A forged one bears no note of hers.
    """
    if AUTOSAVE_HEADER in request.headers or not keep(request):
        return csrf_failure(request, reason)
    return redirect(_address(request)) if request.user.is_authenticated else ask_to_sign_in(request)


def _kept(request: HttpRequest) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = request.session.get(SESSION_KEY, [])
    return [each for each in kept if each["until"] > time.time()]


def _store(request: HttpRequest, kept: list[dict[str, Any]]) -> None:
    if kept:
        request.session[SESSION_KEY] = kept
    else:
        request.session.pop(SESSION_KEY, None)


def _is_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one[name] == other[name] for name in ("page", "view", "args"))


def _bounded(post: QueryDict) -> dict[str, list[str]]:
    """What can be kept of it, in its order, until there is too much."""
    kept: dict[str, list[str]] = {}
    left = _MAX_CHARACTERS
    for name, values in post.lists():
        if name in _UNTYPED:
            continue
        stored = [storable(value) for value in values]
        left -= len(name) + sum(map(len, stored))
        if left < 0:
            break
        kept[storable(name)] = stored
    return kept


def _address(request: HttpRequest) -> str:
    """The page with the list it was opened from."""
    query = request.GET.urlencode()
    return f"{_page(request)}?{query}" if query else _page(request)


def _page(request: HttpRequest) -> str:
    """The page that shows the form: this address, or the nearest page above one that receives."""
    path, match = request.path, request.resolver_match
    if match is None or _shows(match):
        return path
    while path != "/":
        path = path[: path.rstrip("/").rindex("/") + 1]
        try:
            above = resolve(path)
        except Resolver404:
            continue
        # Beyond the room, every address may be one of the editors' pages.
        if above.namespace == match.namespace and _shows(above):
            break
    return path


def _shows(match: ResolverMatch) -> bool:
    return "GET" in getattr(match.func, "methods", ("GET",))
