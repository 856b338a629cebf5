"""The territory tree that rules speak of: commune → EPCI → department → region, and quarters.

Read once from the files that fill the reference tables: territories follow these files.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from register.reference.loader import read_data


@dataclass(frozen=True)
class TerritoryTree:
    """Names of territories by key ("commune:21231", "dep:21"…) and the communes each holds."""

    names: Mapping[str, str]
    members: Mapping[str, frozenset[str]]
    holders: Mapping[str, tuple[str, ...]]
    quarters: Mapping[str, frozenset[str]]

    def label(self, key: str) -> str | None:
        """The name of a territory; None when there is none under this key."""
        return self.names.get(key)

    def communes(self, key: str) -> frozenset[str]:
        """The INSEE codes of the communes of a territory; none for a quarter."""
        return self.members.get(key, frozenset())

    def quarters_of(self, commune: str) -> frozenset[str]:
        """The codes of the quarters of a commune, by its INSEE code."""
        return self.quarters.get(commune, frozenset())

    def commune_of(self, quarter: str) -> str:
        """The INSEE code of the commune that holds a quarter; "" for one that nobody knows."""
        above = self.holders.get(f"quarter:{quarter}", ("",))
        return above[0].removeprefix("commune:")

    def department_of(self, commune: str) -> str:
        """The code of the department of a commune; "" for one that nobody knows."""
        above = self.holders.get(f"commune:{commune}", ())
        return next((key.removeprefix("dep:") for key in above if key.startswith("dep:")), "")

    def departments(self, region: str) -> tuple[str, ...]:
        """The keys of the departments of a region."""
        return tuple(
            key for key, above in self.holders.items() if key.startswith("dep:") and region in above
        )

    def chain(self, key: str) -> tuple[str, ...]:
        """A territory and those that hold it, the most local first.

        An EPCI over two departments is held by neither.
        """
        return (key, *self.holders.get(key, ()))


@lru_cache(maxsize=1)
def territory_tree() -> TerritoryTree:
    """The tree of this installation."""
    data, quarters = read_data("bourgogne"), read_data("quarters")["quarters"]
    regions = {row["code"]: f"region:{row['region']}" for row in data["departments"]}
    names = {f"region:{row['code']}": row["name"] for row in data["regions"]}
    names |= {f"dep:{row['code']}": row["name"] for row in data["departments"]}
    names |= {f"epci:{row['siren']}": row["name"] for row in data["epci"]}
    names |= {f"commune:{row['insee']}": row["name"] for row in data["communes"]}
    for row in quarters:
        names[f"quarter:{row['code']}"] = f"{row['name']} ({names['commune:' + row['commune']]})"
    holders: dict[str, tuple[str, ...]] = {
        f"dep:{code}": (region,) for code, region in regions.items()
    }
    members: dict[str, set[str]] = defaultdict(set)
    departments: dict[str, set[str]] = defaultdict(set)
    for row in data["communes"]:
        key, department = f"commune:{row['insee']}", f"dep:{row['department']}"
        epci = f"epci:{row['epci']}" if row["epci"] else None
        held = tuple(k for k in (epci, department, regions[row["department"]]) if k)
        holders[key] = held
        for holder in (key, *held):
            members[holder].add(row["insee"])
        if epci:
            departments[epci].add(department)
    for epci, found in departments.items():
        department = next(iter(found))
        holders[epci] = (department, *holders[department]) if len(found) == 1 else ()
    inside: dict[str, set[str]] = defaultdict(set)
    for row in quarters:
        commune = f"commune:{row['commune']}"
        holders[f"quarter:{row['code']}"] = (commune, *holders[commune])
        inside[row["commune"]].add(row["code"])
    return TerritoryTree(names, _frozen(members), holders, _frozen(inside))


@lru_cache(maxsize=1)
def departments_of_france() -> dict[str, str]:
    """The name of every department by its code (Insee, COG): law sets delays for all of them."""
    return {row["code"]: row["name"] for row in read_data("departments")["departments"]}


def _frozen(sets: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(codes) for key, codes in sets.items()}
