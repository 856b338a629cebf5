"""The applicant asks for the notes about her; the manager reads them, hides what is of others."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from register import clock, lifecycle
from register.errors import NotAllowed, TransitionRefused
from register.models import Demand, NotesRequest
from register.principals import Principal
from register.selectors.notes_requests import kept_notes, may_answer
from register.selectors.space import is_own
from register.services.acts import clean_text, send_message

LONGEST_REASON = 300


@transaction.atomic
def ask_for_notes(*, principal: Principal, demand: Demand) -> NotesRequest:
    """Ask to read what agents write about oneself; asking again while it waits changes nothing.

    For the applicant herself, never for a helper: a mandate gives no right of access. NotAllowed
    too on a demand that goes on under another number: that one holds its notes.
    """
    if not is_own(principal, demand) or lifecycle.goes_on_elsewhere(demand):
        raise NotAllowed(_("You cannot do this with this demand."))
    request, _created = NotesRequest.objects.get_or_create(
        demand=demand, answered_at=None, defaults={"asked_at": clock.now()}
    )
    return request


@transaction.atomic
def give_notes(
    *,
    principal: Principal,
    request: NotesRequest,
    read: Sequence[int],
    hidden: Mapping[int, Sequence[str]],
    because: str = "",
) -> None:
    """Give the applicant the notes that the manager has read, without what concerns other people.

    `read` are the keys of the notes on the page, `hidden` the passages of each that she does not
    get, in its very words; `because` is the reason, which she reads. She is told by a message.
    Raises NotAllowed to anybody else, TransitionRefused for a request already answered or when a
    note was written meanwhile, ValidationError for a passage that a note does not hold, or hidden
    without a reason.
    """
    current = NotesRequest.objects.select_for_update().get(pk=request.pk)
    if not may_answer(principal, current.demand):
        raise NotAllowed(_("You cannot do this with this demand."))
    texts = {event.pk: event.text for event in kept_notes(current.demand)}
    if current.answered_at is not None or set(read) != set(texts):
        raise TransitionRefused(_("This request changed meanwhile: read the notes again."))
    for key, passages in hidden.items():
        if any(not passage or passage not in texts.get(key, "") for passage in passages):
            raise ValidationError({f"hide_{key}": _("Copy the passage as it is in the note.")})
    is_partial = any(hidden.values())
    because = clean_text(because)
    if is_partial and not because:
        raise ValidationError({"because": _("Say why some passages are hidden.")})
    if len(because) > LONGEST_REASON:
        raise ValidationError({"because": _("Write at most 300 characters.")})
    current.given = [{"event": key, "hidden": list(hidden.get(key, ()))} for key in texts]
    current.hidden_because = because if is_partial else ""
    current.answered_at, current.answered_by = clock.now(), principal.user
    current.save()
    with override(current.demand.language):
        body = _message(is_partial, current.hidden_because, has_any=bool(texts))
    send_message(principal=principal, demand=current.demand, body=body)


def _message(is_partial: bool, because: str, *, has_any: bool) -> str:
    if not has_any:
        return str(_("You asked for the notes that agents keep about your demand: there is none."))
    told: list[Any] = [
        _(
            "You asked for the notes that agents keep about your demand: they are in your data, on"
            " the page “Who can see my file”."
        )
    ]
    if is_partial:
        told.append(_("Some passages are hidden: %(reason)s") % {"reason": because})
        told.append(_("If you disagree, you can write to us, or complain to the CNIL (cnil.fr)."))
    return " ".join(map(str, told))
