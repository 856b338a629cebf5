"""Endpoints of partners' software: registered by the manager, told by automatic rules."""

import base64
import ipaddress
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import access, clock
from register.access import Action
from register.errors import NotAllowed
from register.models import (
    AutomationRun,
    Demand,
    Membership,
    Organisation,
    Outbox,
    Role,
    WebhookEndpoint,
)
from register.principals import Principal, PrincipalKind

SECRET_PREFIX = "whsec_"  # noqa: S105 - a prefix of the convention, not a secret
SECRET_BYTES = 32
WORKING_ROLES = (Role.AGENT, Role.LEAD, Role.MANAGER)


@transaction.atomic
def register_endpoint(
    *, principal: Principal, code: str, organisation: Organisation, url: str
) -> WebhookEndpoint:
    """Name an address of an organisation's software; its secret is shown once, here.

    Raises NotAllowed to anybody but the manager, ValidationError for an address that is not one of
    the open internet.
    """
    if not principal.is_manager or principal.user is None:
        raise NotAllowed(_("Only the manager of the shared file names endpoints."))
    check_address(url)
    key = base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    endpoint = WebhookEndpoint(
        code=code,
        organisation=organisation,
        url=url,
        secret=f"{SECRET_PREFIX}{key}",
        created_at=clock.now(),
        created_by=principal.user,
    )
    endpoint.full_clean()
    endpoint.save(force_insert=True)
    return endpoint


@transaction.atomic
def end_endpoint(*, principal: Principal, endpoint: WebhookEndpoint) -> None:
    """Nothing is told to this address any more; its name stays taken."""
    if not principal.is_manager:
        raise NotAllowed(_("Only the manager of the shared file names endpoints."))
    WebhookEndpoint.objects.filter(pk=endpoint.pk, ended_at__isnull=True).update(
        ended_at=clock.now()
    )


def check_address(url: str) -> None:
    """Refuse what is not https on the open internet; names are looked up again at each sending."""
    parts = urlsplit(url)
    if settings.WEBHOOKS_TO_THIS_MACHINE and parts.hostname in ("127.0.0.1", "localhost"):
        return
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise ValidationError({"url": _("Give an address that begins with https://.")})
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        if "." not in parts.hostname:
            raise ValidationError({"url": _("Give an address of the open internet.")}) from None
    else:
        if not literal.is_global:
            raise ValidationError({"url": _("Give an address of the open internet.")})


def may_tell(endpoint: WebhookEndpoint, demand: Demand) -> bool:
    """True when an agent of the organisation could list the demand; never for a sealed file."""
    return not demand.is_sealed and _is_open(endpoint.organisation, Role.AGENT, demand)


def is_open_to(organisation: Organisation, demand: Demand) -> bool:
    """True when somebody of the organisation could list the demand today."""
    return any(_is_open(organisation, role, demand) for role in WORKING_ROLES)


def _is_open(organisation: Organisation, role: Role, demand: Demand) -> bool:
    member = Membership(organisation=organisation, role=role)
    somebody = Principal(PrincipalKind.MEMBERSHIP, membership=member)
    return access.decide(somebody, Action.LIST, demand).allowed


def told(effect: Outbox) -> tuple[WebhookEndpoint, bytes] | None:
    """The endpoint and the bytes of an effect; None when it may no longer be told.

    Identifiers and codes only: the software asks for the rest under its own rights.
    """
    endpoint = WebhookEndpoint.objects.filter(
        code=effect.payload["endpoint"], ended_at__isnull=True
    ).first()
    run = AutomationRun.objects.select_related("event").filter(pk=effect.payload["run"]).first()
    if endpoint is None or run is None or not may_tell(endpoint, effect.demand):
        return None
    content: dict[str, Any] = {
        "type": f"demand.{run.event.kind}" if run.event else "demand.due",
        "timestamp": run.at.isoformat(),
        "data": {
            "demand": effect.demand.number,
            "event": run.event_id,
            "rule": run.rule,
            "state": effect.demand.state,
        },
    }
    return endpoint, json.dumps(content, separators=(",", ":")).encode()
