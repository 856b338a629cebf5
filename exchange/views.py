"""Answers for machines: its health, what the form asks, and the codes that they exchange."""

import logging
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from huey.contrib.djhuey import HUEY

from exchange.code_lists import as_csv
from register import code_lists
from register.form import revisions
from register.form.schema import form_schema
from register.web.audience import audience
from rules import registry

logger = logging.getLogger(__name__)
AN_HOUR = 3600  # seconds: the form changes with a release, or with the questions of a territory
MINIMUM_FREE_BYTES = 50 * 1024 * 1024  # room for the documents of a few demands


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _queue() -> None:
    HUEY.pending_count()


def _storage() -> None:
    root = Path(settings.PRIVATE_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=root) as probe:
        probe.write(b"probe")
        probe.flush()
    if shutil.disk_usage(root).free < MINIMUM_FREE_BYTES:
        raise OSError("not enough room for applicants' documents")


def _rules() -> None:
    if unread := registry.problems():
        raise RuntimeError(", ".join(f"{each.code} {each.number}" for each in unread))


def _is_well(name: str, probe: Callable[[], None]) -> dict[str, bool]:
    try:
        probe()
    except Exception:  # a probe never breaks the answer, whatever the library raises
        logger.exception("health: %s does not answer", name)
        return {"ok": False}
    return {"ok": True}


@never_cache
@audience("system", methods=["GET"])
def health(request: HttpRequest) -> JsonResponse:
    """State of database, rules, queue and storage, and the version that runs.

    503 only without its database: with the queue or the disk in trouble, demands are still
    recorded and delivered later, so the proxy must keep sending people here.
    """
    database = _is_well("database", _database)
    state = {
        "database": database,
        "rules": _is_well("rules", _rules),
        "queue": _is_well("queue", _queue),
        "storage": _is_well("storage", _storage),
        "version": {"ok": True, "number": settings.VERSION},
    }
    return JsonResponse(state, status=200 if database["ok"] else 503)


@audience("public", methods=["GET"])
def codes(request: HttpRequest) -> HttpResponse:
    """The lists of codes, for whoever reads a file of the register or programs one."""
    context = {"lists": code_lists.every().values(), "form": revisions.current().code}
    return render(request, "exchange/codes.html", context)


@audience("public", methods=["GET"])
def codes_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    response = HttpResponse(as_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="codes.csv"'
    return response


@cache_control(public=True, max_age=AN_HOUR)
@audience("public", methods=["GET"])
def form(request: HttpRequest) -> JsonResponse:
    """The form of today as a JSON Schema: the names and codes of "my data", in two languages.

    The same for everybody: it tells what is asked, never what somebody answered.
    """
    schema = form_schema(revisions.current(), request.build_absolute_uri(reverse("form-schema")))
    return JsonResponse(
        schema,
        content_type="application/schema+json",
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
