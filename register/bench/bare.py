"""The barest way of taking the same demands: one Django view that writes the same rows.

It answers the addresses of the form in as many requests (`config.settings.bare`): it keeps who is
signed in, the answers and the proof; on sending it writes copies of the rows of a demand that the
service took. No page, no check, no right.
"""

from functools import cache
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import re_path
from django.utils import timezone

from register.models import Demand, Document, NumberCounter, StoredFile, User

PROOF = "demande/piece-identite/"
Rows = dict[type[models.Model], list[Any]]


def rows_of(demand: Demand) -> Rows:
    """Every row that hangs from a demand, itself first, by table; parents before children."""
    found: Rows = {Demand: [demand]}
    waiting: list[models.Model] = [demand]
    while waiting:
        parent = waiting.pop(0)
        for relation in parent._meta.related_objects:
            if relation.many_to_many:
                continue
            model: type[models.Model] = relation.related_model  # type: ignore[assignment]
            rows = model._base_manager.filter(**{relation.field.name: parent.pk})
            known = {row.pk for row in found.get(model, [])}
            new = [row for row in rows if row.pk not in known]
            if new:
                found.setdefault(model, []).extend(new)
                waiting += new
    return _parents_first(found)


def _parents_first(found: Rows) -> Rows:
    ordered: Rows = {}
    while left := [model for model in found if model not in ordered]:
        free = [model for model in left if not _parents(model) & set(left) - {model}]
        for model in free or left[:1]:
            ordered[model] = found[model]
    return ordered


def _parents(model: type[models.Model]) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.remote_field}


@cache
def _specimen() -> Rows:
    """The rows of a demand that the service took, to be copied."""
    return rows_of(Demand.objects.filter(account__email__startswith="intake-").latest("pk"))


def page(request: HttpRequest, path: str) -> HttpResponse:
    """Show nothing but the token of the draft, or write what was sent."""
    if request.method == "GET":
        return HttpResponse(f'name="token" value="{_token(request)}"')
    if path == "compte/signup/":
        return HttpResponseRedirect(_open_account(request))
    if path.startswith("compte/"):
        return HttpResponseRedirect(_sign_in(request, path))
    if path == "demande/envoi/":
        return HttpResponseRedirect(f"/demande/deposee/{_send(request)}/")
    _keep(request, path)
    return HttpResponseRedirect("/demande/")


def _token(request: HttpRequest) -> str:
    if not request.user.is_authenticated:
        return ""
    draft = _drafts(request).filter(submitted_number="").first()
    return str(draft.submission_token) if draft else ""


def _drafts(request: HttpRequest) -> Any:
    user: Any = request.user
    return user.drafts


@transaction.atomic
def _open_account(request: HttpRequest) -> str:
    user = User.objects.create_user(request.POST["email"], request.POST["password1"])
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return "/compte/confirm-email/"


@transaction.atomic
def _sign_in(request: HttpRequest, path: str) -> str:
    address = EmailConfirmationHMAC.from_key(path.split("/")[-2]).email_address
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    login(request, address.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    UserSession.objects.create(
        user=address.user, session_key=request.session.session_key, ip="127.0.0.1"
    )
    return "/demande/"


@transaction.atomic
def _keep(request: HttpRequest, path: str) -> None:
    drafts = _drafts(request)
    found = drafts.select_for_update().filter(submitted_number="").first()
    draft = found or drafts.model(user=request.user)
    draft.answers[path] = {"raw": dict(request.POST.lists())}
    for upload in request.FILES.getlist("documents"):
        draft.answers[path]["file"] = str(_store(request.user, upload.read()))
    draft.current_step, draft.updated_at = path[:40], timezone.now()
    draft.version += 1
    draft.save()


def _store(user: Any, content: bytes) -> UUID:
    stored = StoredFile(uploaded_by=user, uploaded_at=timezone.now(), size=len(content))
    stored.original_name, stored.content_type = "carte.jpg", "image/jpeg"
    stored.file.save(f"{stored.pk.hex[:2]}/{stored.pk.hex}", ContentFile(content), save=False)
    stored.save(force_insert=True)
    return stored.pk


@transaction.atomic
def _send(request: HttpRequest) -> str:
    draft = _drafts(request).get(submitted_number="")
    specimen = _specimen()
    [original], [document] = specimen[Demand], specimen[Document]
    keys: dict[Any, Any] = {
        (User, original.account_id): draft.user_id,
        (StoredFile, document.stored_file_id): UUID(draft.answers[PROOF]["file"]),
    }
    for model, rows in specimen.items():
        copies = model._base_manager.bulk_create(_copy(row, keys) for row in rows)
        keys |= {(model, old.pk): new.pk for old, new in zip(rows, copies, strict=True)}
    NumberCounter.objects.update(last=F("last") + 1)
    number = str(Demand.objects.values_list("number", flat=True).get(pk=keys[Demand, original.pk]))
    drafts = _drafts(request).filter(pk=draft.pk)
    drafts.update(submitted_number=number, answers={}, current_step="")
    return number


def _copy(row: models.Model, keys: dict[Any, Any]) -> models.Model:
    """The row under another key, tied to the copies made before it; what is unique is new."""
    values = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.remote_field:
            value = keys.get((field.related_model, value), value)
        elif isinstance(field, models.AutoField):
            value = None
        elif field.unique and isinstance(field, models.UUIDField):
            value = uuid4()
        elif field.unique:
            value = uuid4().hex[: field.max_length]
        values[field.attname] = value
    return type(row)(**values)


urlpatterns = [re_path(r"^(?P<path>.*)$", page)]
