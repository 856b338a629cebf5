"""A person's own data in one file she can take away (GDPR articles 15 and 20)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone

from register.disclosed import everything
from register.form.definition import DEMAND, FORM, groups_of
from register.models import Demand, EventKind
from register.selectors import space, visibility
from register.selectors.answers import AnswerView, answers_of
from register.selectors.corrections import corrections_of
from register.selectors.declaration import answers_kept, declaration
from register.selectors.history import ChangeView, history_of
from register.selectors.mandates import given_by
from register.selectors.missing import missing_of
from register.selectors.notes_requests import given_notes, latest_request
from register.selectors.separations import told_at

# Technical columns that tell the person nothing.
LEFT_OUT = {"id", "demand", "search_name", "submission_token", "version", "account", "person"}
# Columns of the demand that are answers: told with the declaration.
DECLARED = frozenset(
    name
    for question in FORM
    if question.whose == DEMAND
    for name in (question.column, f"{question.column}_meaning")
)


def own_data(demand: Demand) -> dict[str, Any]:
    """Everything the register keeps about this demand and tells its applicant, ready for JSON.

    Dates in ISO 8601, money in euros. The declaration comes twice: under the names and codes of the
    published schema of the form, and in words. Internal notes are part of it once she asked for
    them, and somebody hid what concerns other people (GDPR art. 15-4).
    """
    whole = space.declared(demand)
    return {
        "exported_at": timezone.now().isoformat(),
        "demand": {
            **{name: value for name, value in _row(demand).items() if name not in DECLARED},
            **({"rank": whole.association.rank} if demand.is_association else {}),
            "counter": str(demand.counter),
            "registered_by": str(demand.registered_by),
            "department": str(demand.department),
        },
        "declaration": answers_kept(whole),
        "declaration_in_words": _in_words(demand),
        "missing": [
            {"code": each.lack.value, "meaning": each.words}
            for each in missing_of(demand, everything())
        ],
        "written_to": _written_to(whole),
        "local_answers": [_answer(view) for view in answers_of(demand)],
        "priorities": [_row(label) for label in demand.labels.all()],
        "documents": [_document(document) for document in space.documents(demand)],
        "history": [_event(event) for event in reversed(space.public_events(demand))],
        "changes": [
            {"asked": answer.label, **_change(change)}
            for answer in history_of(demand)
            for change in answer.changes
        ],
        **_dealings(demand),
        "internal_notes": _notes(demand),
    }


def _written_to(demand: Demand) -> dict[str, Any]:
    """What the form does not ask: the address of the account, and a preference of the space."""
    contact = getattr(demand, "contact", None)
    if contact is None:
        return {}
    told = {"email": contact.email, "wants_letters": contact.wants_letters}
    if demand.is_sealed:
        told |= {"safe_way": contact.safe_way, "safe_words": contact.safe_words}
    return told


def _in_words(demand: Demand) -> list[dict[str, Any]]:
    told = declaration(demand)
    return [
        {"title": str(group.title), "rows": [row._asdict() for row in told[group.code]]}
        for group in groups_of(demand)
    ]


def _change(change: ChangeView) -> dict[str, Any]:
    body = change.event.organisation
    return {
        "at": told_at(change.at, only_month=bool(change.month)),
        "by": body.name if body else change.under or ("counter" if change.month else "applicant"),
        "before": change.before,
        "after": change.after,
        "source": change.source,
    }


def _dealings(demand: Demand) -> dict[str, Any]:
    """What was written, asked for, entrusted and read."""
    return {
        "messages": [
            {
                "from": message.organisation.name if message.organisation else "applicant",
                "sent_at": message.sent_at.isoformat(),
                "body": message.body,
            }
            for message in space.messages(demand)
        ],
        "corrections": [
            {
                "from": each.organisation.name if each.organisation else "applicant",
                **_row(each),
            }
            for each in corrections_of(demand)
        ],
        "shares": [
            {
                "organisation": share.organisation.name,
                "starts_on": share.starts_on.isoformat(),
                "ends_on": share.ends_on.isoformat(),
                "revoked_at": share.revoked_at.isoformat() if share.revoked_at else None,
                "reason": share.reason,
            }
            for share in space.shares(demand)
        ],
        "mandates": [
            {
                "helper": each.mandate.reached_at or each.mandate.who,
                "name": each.mandate.name,
                "kind": each.mandate.kind,
                "reference": each.mandate.reference,
                "telephone": each.mandate.phone,
                "address": each.mandate.place,
                "recorded_by": str(each.mandate.recorded_by or ""),
                "given_by": each.by or "applicant",
                "scope": each.mandate.scope,
                "meaning": each.mandate.get_scope_display(),
                "starts_on": each.mandate.starts_on.isoformat(),
                "ends_on": each.mandate.ends_on.isoformat(),
                "revoked_at": _plain(each.mandate.revoked_at),
                "acts": [_event(event) for event in reversed(each.acts)],
            }
            for each in given_by(demand)
        ],
        "readings": [
            {
                "at": told_at(reading.at, only_month=reading.is_discreet),
                "organisation": reading.organisation,
                "purpose": str(reading.purpose),
            }
            for reading in visibility.readings(demand)
        ],
    }


def _notes(demand: Demand) -> dict[str, Any]:
    """When they were asked for, and those that she was given last."""
    asked, given = latest_request(demand), given_notes(demand)
    return {
        "asked_at": asked.asked_at.isoformat() if asked else None,
        "given_on": given.on.isoformat() if given else None,
        "hidden_because": given.hidden_because if given else "",
        "notes": [
            {"at": note.at.isoformat(), "organisation": note.organisation, "text": note.text}
            for note in (given.notes if given else ())
        ],
    }


def _answer(view: AnswerView) -> dict[str, Any]:
    return {
        "question": view.question.code,
        "asked": str(view.question.label),
        "answer": view.kept,
        "meaning": view.words,
        "answered_at": view.answered_at.isoformat(),
        "module": view.version,
    }


def _document(document: Any) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "meaning": document.get_kind_display(),
        "file": document.stored_file.original_name,
        "status": document.get_status_display(),
        "refusal_reason": document.refusal_reason,
        "checked_at": document.checked_at.isoformat() if document.checked_at else None,
        "valid_until": document.valid_until.isoformat() if document.valid_until else None,
        "added_at": document.added_at.isoformat(),
        "put_in_by": document.put_in_by.name if document.put_in_by else "",
        "came_by": document.came_by,
        "received_on": document.received_day.isoformat(),
    }


def _event(event: Any) -> dict[str, Any]:
    return {
        "at": told_at(event.at, only_month=event.kind == EventKind.SEPARATED),
        "what": event.get_kind_display(),
        "organisation": event.organisation.name if event.organisation else "",
        "reason": event.reason,
        "text": event.text,
        "details": event.details,
    }


def _row(row: Model) -> dict[str, Any]:
    values = {}
    for field in row._meta.concrete_fields:
        if field.name not in LEFT_OUT and not field.is_relation:
            value = getattr(row, field.name)
            values[field.name] = _plain(value)
            if field.choices and value not in (None, ""):
                values[f"{field.name}_meaning"] = str(getattr(row, f"get_{field.name}_display")())
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
