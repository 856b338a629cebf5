"""Keyed lookups of the set facts: one query that says whether a demand is found under some keys."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from register import bits
from register.bits import mask
from register.models import (
    DemandAudience,
    DemandGroupPermission,
    DemandUserPermission,
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


def _with_bits(name: str, places: Mapping[str, int]) -> Callable[[frozenset[str]], Q]:
    """The row holds the bit of one of these codes."""

    def held(keys: frozenset[str]) -> Q:
        found = F(f"facts__{name}").bitand(mask(keys, places))
        return Q(GreaterThan(found, 0))

    return held


RELATIONS = {
    "audience": _in_audience,
    "account": _of_account,
    "mandate": _with_mandate,
    "share": _with_share,
    "reasons": _with_bits("reasons", bits.REASONS),
    "wished_home_types": _with_bits("wished_home_types", bits.HOME_TYPES),
    "verified_documents": _with_bits("verified_documents", bits.DOCUMENTS),
    "priority_labels": _with_bits("priority_labels", bits.LABELS),
    "refused_priorities": _with_bits("refused_priorities", bits.LABELS),
    "detected_priorities": _with_bits("detected_priorities", bits.LABELS),
    "person_share": _with_person_share,
}
