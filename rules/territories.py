"""Territories as rules name them: keys such as "commune:21231", "epci:242100410" or "dep:21".

The tree itself (commune → EPCI → department → region, and priority quarters) belongs to the
register, which hands it over with the vocabulary.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from .errors import RuleError

COMMUNE = "commune"
QUARTER = "quarter"
LEVELS = (QUARTER, COMMUNE, "epci", "dep", "region")


class Territories(Protocol):
    """The territory tree of an installation."""

    @property
    def names(self) -> Mapping[str, str]:
        """The official name of every territory, by key."""
        ...

    def label(self, key: str) -> str | None:
        """The name of a territory as a person reads it; None when there is no such territory."""
        ...

    def communes(self, key: str) -> frozenset[str]:
        """The INSEE codes of the communes of a territory (none for a quarter: it is smaller)."""
        ...


class NoTerritories:
    """The tree of an installation that knows none: every key is unknown."""

    names: Mapping[str, str] = {}

    def label(self, key: str) -> str | None:
        """No territory has a name."""
        return None

    def communes(self, key: str) -> frozenset[str]:
        """No territory has communes."""
        return frozenset()


def level(key: str) -> str:
    """What a key names: "commune", "epci", "dep", "region" or "quarter"."""
    return key.partition(":")[0]


def check_keys(
    keys: Iterable[str], territories: Territories, path: str, *, of_a_commune: bool
) -> None:
    """RuleError for the first key that names no territory, or none that could hold a commune."""
    for key in sorted(keys):
        if territories.label(key) is None:
            raise RuleError(path, _("the territory “{key}” does not exist").format(key=key))
        if of_a_commune and level(key) == QUARTER:
            raise RuleError(
                path, _("“{key}” is smaller than a commune: none is within it").format(key=key)
            )


def communes_of(keys: Iterable[str], territories: Territories) -> frozenset[str]:
    """The communes of all these territories together."""
    return frozenset().union(*(territories.communes(key) for key in keys))
