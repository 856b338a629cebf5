"""Files scanned at the desk, kept as soon as they are sent: what else is wrong loses none."""

import uuid
from collections.abc import Iterable
from typing import TypeVar

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from backoffice.forms.scan import KeepsFiles, ScanForm
from register.errors import UploadRefused
from register.services.files import not_attached, store_upload
from register.web.pieces import FIELD, Arrived, files_of, no_room

Form = TypeVar("Form", bound=KeepsFiles)


def blank_scan(
    request: HttpRequest, data: QueryDict | None = None, of: type[ScanForm] = ScanForm
) -> ScanForm:
    """The form to fill in, with what had come in before its sender signed in again."""
    return begun_again(request, of(data), data)


def received_scan(request: HttpRequest, of: type[ScanForm] = ScanForm) -> ScanForm:
    """The form as it is posted."""
    return received(request, of(request.POST))


def begun_again(request: HttpRequest, form: Form, data: QueryDict | None) -> Form:
    """A form to fill in, with the files that had come in."""
    if data is not None:
        form.arrived = data.getlist(FIELD)
        _find_kept(request, form, data)
    return form


def received(request: HttpRequest, form: Form) -> Form:
    """A posted form; each file that can be is kept, and why the others are not."""
    form.full_clean()
    _find_kept(request, form, request.POST)
    for sent in files_of(request, form.add_prefix(form.files_in)):
        if isinstance(sent, UploadRefused):
            form.complain(None, sent.message)
        elif form.is_full:
            form.complain(sent.file, _("there are too many files already."))
        else:
            _keep(request, form, sent)
    return form


def keys_in(form: KeepsFiles, data: QueryDict) -> list[uuid.UUID]:
    """The keys of files that the page sends again."""
    return list(_keys(data.getlist(form.keeping)))


def _find_kept(request: HttpRequest, form: KeepsFiles, data: QueryDict) -> None:
    keys = keys_in(form, data)
    form.kept = not_attached(principal=request.principal, keys=keys)  # type: ignore[attr-defined]


def _keep(request: HttpRequest, form: KeepsFiles, sent: Arrived) -> None:
    try:
        stored = store_upload(principal=request.principal, upload=sent.file)  # type: ignore[attr-defined]
    except UploadRefused as refusal:
        form.complain(sent.file, refusal.message)
        return
    except OSError:
        form.complain(None, no_room())
        return
    sent.became(stored)
    form.kept.append(stored)


def _keys(texts: Iterable[str]) -> Iterable[uuid.UUID]:
    for text in texts:
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue
