"""Keyed lookups of the set facts: one query that says whether a demand is found under some keys."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from register.models import (
    DemandAudience,
    DemandGroupPermission,
    DemandUserPermission,
    Label,
    Mandate,
    Share,
)
from register.principals import in_force_on

SHARE_PERMISSION = "view_demand"


def _in_audience(keys: frozenset[str]) -> Q:
    rows = DemandAudience.objects.filter(demand=OuterRef("pk"), audience__in=sorted(keys))
    return Q(Exists(rows))


def _of_account(keys: frozenset[str]) -> Q:
    return Q(account_id__in=[int(key) for key in keys])


def mandates_in_force(**where: Any) -> Any:
    """Mandates that hold today: begun, not ended, not revoked."""
    return Mandate.objects.filter(
        in_force_on(timezone.localdate()), revoked_at__isnull=True, **where
    )


def _with_mandate(keys: frozenset[str]) -> Q:
    helpers = [int(key) for key in keys]
    return Q(Exists(mandates_in_force(demand=OuterRef("pk"), helper_id__in=helpers)))


def shares_in_force(**where: Any) -> Any:
    """Exceptional shares that hold today."""
    return Share.objects.filter(in_force_on(timezone.localdate()), revoked_at__isnull=True, **where)


def granted_to(group_ids: Any) -> Any:
    """guardian's rows of the shares of these organisations."""
    return DemandGroupPermission.objects.filter(
        permission__codename=SHARE_PERMISSION, group__organisation__in=group_ids
    )


def _with_share(keys: frozenset[str]) -> Q:
    """Both rows of a share are needed: guardian's right and its dated reason."""
    organisations = [int(key) for key in keys]
    dated = shares_in_force(
        demand=OuterRef("pk"), organisation_id__in=organisations, recipient__isnull=True
    )
    granted = granted_to(organisations).filter(content_object=OuterRef("pk"))
    return Q(Exists(dated)) & Q(Exists(granted))


def granted_to_people(user_ids: Any) -> Any:
    """guardian's rows of the shares with these people."""
    return DemandUserPermission.objects.filter(
        permission__codename=SHARE_PERMISSION, user__in=user_ids
    )


def _with_person_share(keys: frozenset[str]) -> Q:
    """Keys are "account:organisation": the share is with an agent while acting for it."""
    pairs = [key.split(":") for key in sorted(keys)]
    theirs = Q(pk__in=[])
    for person, organisation in pairs:
        theirs |= Q(recipient_id=int(person), organisation_id=int(organisation))
    dated = shares_in_force(demand=OuterRef("pk")).filter(theirs)
    people = [int(person) for person, _organisation in pairs]
    granted = granted_to_people(people).filter(content_object=OuterRef("pk"))
    return Q(Exists(dated)) & Q(Exists(granted))


def labels_today(**where: Any) -> Any:
    """Priorities recognised today."""
    today = timezone.localdate()
    return Label.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today), valid_from__lte=today, **where
    )


def _with_label(keys: frozenset[str]) -> Q:
    return Q(Exists(labels_today(demand=OuterRef("pk"), code__in=sorted(keys))))


RELATIONS = {
    "audience": _in_audience,
    "account": _of_account,
    "mandate": _with_mandate,
    "share": _with_share,
    "person_share": _with_person_share,
    "label": _with_label,
}
