"""The public directory: where to register a demand, and with whom."""

from dataclasses import dataclass, field

from register.models import Commune, Counter, Organisation, OrganisationKind
from register.selectors.communes import search_communes


@dataclass(frozen=True)
class CounterGroup:
    """Counters held by one kind of organisation."""

    kind: str
    label: str
    counters: list[Counter]


@dataclass(frozen=True)
class Directory:
    """Counters open to the public and landlords; `near` is closest to the commune asked for."""

    commune: Commune | None = None
    near: list[Counter] = field(default_factory=list)
    groups: list[CounterGroup] = field(default_factory=list)
    landlords: list[Organisation] = field(default_factory=list)


def directory(asked: str = "") -> Directory:
    """Everything the directory page shows, in three queries.

    `asked` is a commune's name or postal code as people type it. Every counter registers every
    demand of the department (CCH R441-2-1), so none is hidden: those of the commune, then of its
    EPCI, are only put first. The manager's Internet counter is left out: nobody walks into it.
    """
    counters = list(
        Counter.objects.filter(is_public=True)
        .exclude(organisation__kind=OrganisationKind.MANAGER)
        .select_related("organisation", "commune")
        .order_by("name")
    )
    landlords = Organisation.objects.filter(kind=OrganisationKind.LANDLORD).order_by("name")
    commune = search_communes(asked, limit=1).first() if asked else None
    return Directory(
        commune=commune,
        near=_near(counters, commune) if commune else [],
        groups=_by_kind(counters),
        landlords=list(landlords),
    )


def _near(counters: list[Counter], commune: Commune) -> list[Counter]:
    inside = [counter for counter in counters if counter.commune_id == commune.pk]
    around = [
        counter
        for counter in counters
        if counter.commune
        and counter.commune_id != commune.pk
        and commune.epci_id
        and counter.commune.epci_id == commune.epci_id
    ]
    return inside + around


def _by_kind(counters: list[Counter]) -> list[CounterGroup]:
    groups = []
    for kind in OrganisationKind:
        held = [counter for counter in counters if counter.organisation.kind == kind]
        if held:
            groups.append(CounterGroup(kind.value, str(kind.label), held))
    return groups
