"""Facts of the step that starts an automatic rule; unknown to every other kind of rule."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from register.models import Event, EventKind, OrganisationKind
from rules.facts import Fact
from rules.types import FactType


def event_facts() -> list[Fact]:
    """What a step says of itself, in codes only."""
    source = "CCH R441-2-15"
    return [
        Fact(
            code="event.kind",
            type=FactType.CODE,
            label=_("the step of the demand"),
            source=source,
            choices=dict(EventKind.choices),
        ),
        Fact(
            code="event.reason",
            type=FactType.CODE,
            label=_("the reason or the document that the step names"),
            source=source,
        ),
        Fact(
            code="event.organisation_kind",
            type=FactType.CODE,
            label=_("the kind of the organisation that took the step"),
            source=source,
            choices=dict(OrganisationKind.choices),
        ),
        Fact(
            code="event.by_applicant",
            type=FactType.BOOLEAN,
            label=_("the applicant took the step"),
            source=source,
        ),
        Fact(
            code="event.is_automatic",
            type=FactType.BOOLEAN,
            label=_("an automatic rule took the step"),
            source=source,
        ),
    ]


def event_bindings(event: Event | None) -> dict[str, Any]:
    """What rules may read of a step; nothing is known where a delay starts the rule."""
    if event is None:
        return {}
    organisation = event.organisation
    return {
        "event.kind": event.kind,
        "event.reason": event.reason or None,
        "event.organisation_kind": organisation.kind if organisation else None,
        "event.by_applicant": event.user_id is not None and organisation is None,
        "event.is_automatic": "automation" in event.details,
    }
