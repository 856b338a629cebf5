"""Keeps the audience rows of a demand in step with its tables: the index that lists are read from.

Called by `facts.refresh_facts`, in the transaction of every service that changes the demand.
"""

from collections.abc import Mapping
from typing import Any

from register.models import (
    KEPT_STATES,
    LIVE_STATES,
    BuiltAudience,
    Demand,
    DemandAudience,
    DemandFacts,
)
from register.vocabulary.lookups import Place
from rules.writing import update_where

WRITTEN = [
    field.attname
    for field in DemandAudience._meta.concrete_fields
    if field.name not in ("demand", "audience")
]
# The same in every row of the demand.
COPIED = [name for name in WRITTEN if name != "quarter"]


def refresh_audiences(
    *,
    demand: Demand,
    facts: DemandFacts,
    communes: Mapping[str, str | None],
    quarters: Mapping[str, str],
) -> None:
    """Write the audience rows that changed, delete those that no longer hold.

    `communes` gives the EPCI of each wished commune, `quarters` the quarter wished in some.
    """
    rows = audience_rows(demand, facts, communes, quarters)
    wanted = {row.audience: row for row in rows}
    stored = {row.audience: row for row in DemandAudience.objects.filter(demand=demand)}
    gone = stored.keys() - wanted.keys()
    if gone:
        DemandAudience.objects.filter(demand=demand, audience__in=gone).delete()
    changed = [row for key, row in wanted.items() if _copies(row) != _copies(stored.get(key))]
    DemandAudience.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["demand", "audience"],
        update_fields=WRITTEN,
    )


def copy_again(*, demand: Demand, before: DemandFacts, facts: DemandFacts) -> None:
    """Write again what every audience row repeats, if it changed; the audiences are the same.

    One statement reaches the rows of audiences built meanwhile too: their builder holds the demand
    while it writes them.
    """
    stored = copied_values(demand, before)
    copied = copied_values(demand, facts)
    changed = {name: value for name, value in copied.items() if value != stored[name]}
    update_where(DemandAudience, "demand", demand.pk, changed)


def audience_rows(
    demand: Demand,
    facts: DemandFacts,
    communes: Mapping[str, str | None],
    quarters: Mapping[str, str],
) -> list[DemandAudience]:
    """The audience rows a demand should have, not saved."""
    keys = audiences_from(demand, communes)
    keys |= _built_for(keys | _quarters_reached(communes, quarters))
    copied = copied_values(demand, facts)
    return [
        DemandAudience(demand=demand, audience=key, **copied, quarter=quarter_in(key, quarters))
        for key in sorted(keys)
    ]


def audiences_from(demand: Demand, communes: Mapping[str, str | None]) -> set[str]:
    """Every audience of the demand: department, registering body, wished territories.

    `communes` gives the EPCI of each wished commune. A region is the sum of its departments.
    """
    keys = {f"dep:{demand.department_id}", f"org:{demand.registered_by_id}"}
    keys |= {f"commune:{insee}" for insee in communes}
    return keys | {f"epci:{siren}" for siren in communes.values() if siren}


def quarter_in(audience: str, quarters: Mapping[str, str]) -> str:
    """The quarter wished in the commune of an audience; "" for the whole of it, and elsewhere."""
    prefix, _colon, insee = audience.partition(":")
    return quarters.get(insee, "") if prefix == "commune" else ""


def _quarters_reached(communes: Mapping[str, str | None], quarters: Mapping[str, str]) -> set[str]:
    places = [Place(insee, epci, quarters.get(insee)) for insee, epci in communes.items()]
    return {f"quarter:{code}" for place in places for code in place.quarters}


def _built_for(keys: set[str]) -> set[str]:
    """The audiences built for a body that hold a demand of these keys, being built or ready."""
    kept = BuiltAudience.objects.filter(state__in=KEPT_STATES)
    return {built.audience for built in kept if not keys.isdisjoint(built.keys)}


def copied_values(demand: Demand, facts: DemandFacts) -> dict[str, Any]:
    """What every audience row of the demand repeats, by column."""
    return {
        "is_live": facts.state in LIVE_STATES,
        "received_on": facts.received_on,
        "household_size": facts.household_size,
        "home_types": facts.wished_home_types,
        "is_sealed": facts.is_sealed,
        "is_priority": facts.is_priority,
        "identity_verified": facts.identity_verified,
        "registered_by": demand.registered_by_id,
        "department": facts.department,
    }


def _copies(row: DemandAudience | None) -> list[Any]:
    return [getattr(row, name) for name in WRITTEN] if row else []
