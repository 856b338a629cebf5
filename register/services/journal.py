"""Appends to the two journals: what happened to a demand, and who read it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from register import clock
from register.models import (
    AccessLog,
    AccessPurpose,
    Demand,
    EffectKind,
    Event,
    EventKind,
    Organisation,
)
from register.principals import Principal
from register.services.outbox import enqueue
from rules import registry
from rules.writing import insert

# Rows that whoever writes a journal holds already: foreign keys vouch for them.
KNOWN = ("demand", "user", "organisation")


def record_event(
    *,
    principal: Principal,
    demand: Demand,
    kind: EventKind,
    from_state: str = "",
    rule_versions: Iterable[int] = (),
    reason: str = "",
    text: str = "",
    details: dict[str, Any] | None = None,
    is_public: bool = True,
    on_behalf_of: Organisation | None = None,
) -> Event:
    """Append one event, in the transaction of the change it tells (R441-2-15).

    An automatic rule acts `on_behalf_of` an organisation; a person always for her own.
    """
    event = Event(
        demand=demand,
        kind=kind,
        at=clock.now(),
        from_state=from_state or demand.state,
        to_state=demand.state,
        user=principal.user,
        organisation=principal.organisation or on_behalf_of,
        rule_versions=sorted(set(rule_versions)),
        reason=reason,
        text=text,
        details=details or {},
        is_public=is_public,
    )
    event.full_clean(exclude=KNOWN)
    insert(event)
    _start_automatic_rules(event)
    return event


def _start_automatic_rules(event: Event) -> None:
    """Ask for the rules of this step after the commit, never within the person's transaction."""
    modules = () if clock.is_replaying() else registry.in_force("automation")
    if any(module.body.started_by(event.kind) for module in modules):
        enqueue(
            kind=EffectKind.AUTOMATION,
            key=f"automation:{event.pk}",
            demand=event.demand,
            payload={"event": event.pk},
        )


def record_access(
    *,
    principal: Principal,
    demand: Demand,
    purpose: AccessPurpose | str,
    document: UUID | None = None,
) -> AccessLog:
    """Append one reading of a named file; the applicant sees the organisation and the date."""
    access = AccessLog(
        demand=demand,
        user=principal.author.user,
        organisation=principal.author.organisation,
        purpose=purpose,
        document=document,
        rule_versions=versions_read(),
        at=clock.now(),
    )
    access.full_clean(exclude=KNOWN)
    insert(access)
    return access


def record_export(*, principal: Principal, keys: Iterable[int]) -> None:
    """Append one reading per demand written in an export, at once."""
    now, versions = clock.now(), versions_read()
    AccessLog.objects.bulk_create(
        [
            AccessLog(
                demand_id=key,
                user=principal.author.user,
                organisation=principal.author.organisation,
                purpose=AccessPurpose.EXPORT,
                rule_versions=versions,
                at=now,
            )
            for key in keys
        ],
        batch_size=500,
    )


def versions_read() -> list[int]:
    """The versions that decide who opens a file and what of it is shown, today."""
    opening = [module.version_id for module in registry.in_force("rights")]
    showing = [module.version_id for module in registry.in_force("fields")]
    return sorted({*opening, *showing})
