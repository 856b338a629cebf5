"""Sets of codes kept as one integer: each code of a list has its bit, given once for ever.

A bit is the place of the code in its list, so a list only ever grows at its end.
"""

from collections.abc import Iterable, Mapping

from django.db.models import TextChoices

from register import code_lists, codes


def _places(choices: type[TextChoices]) -> Mapping[str, int]:
    listed = choices in code_lists.NAMED
    values: Iterable[str] = code_lists.of(choices).labels if listed else choices.values
    return {code: place for place, code in enumerate(values)}


HOME_TYPES = _places(codes.HomeType)
REASONS = _places(codes.DemandReason)
LABELS = _places(codes.PriorityLabel)
DOCUMENTS = _places(codes.DocumentKind)
DECLINES = _places(codes.DeclineReason)


def mask(values: Iterable[str], places: Mapping[str, int]) -> int:
    """The integer that holds these codes; a code that is not of the list is left out."""
    return sum(1 << places[value] for value in set(values) if value in places)


def codes_in(held: int, places: Mapping[str, int]) -> frozenset[str]:
    """The codes an integer holds."""
    return frozenset(code for code, place in places.items() if held >> place & 1)
