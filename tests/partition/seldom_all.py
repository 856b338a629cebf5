"""Every question that is seldom asked, under one roof: the walk of the call sites asks them all."""

from collections.abc import Callable
from typing import Any

from tests.partition.seldom import seldom_seen
from tests.partition.seldom_calendar import calendar_seen
from tests.partition.seldom_contact import contact_seen
from tests.partition.seldom_entry import entered_seen
from tests.partition.seldom_pairs import pairs_seen
from tests.partition.seldom_papers import papers_seen
from tests.partition.seldom_rights import answers_seen, corrections_seen
from tests.partition.seldom_words import words_seen
from tests.partition.world import World

ASKED = (
    seldom_seen,
    calendar_seen,
    papers_seen,
    corrections_seen,
    answers_seen,
    pairs_seen,
    contact_seen,
    words_seen,
    entered_seen,
)


def all_seen(world: World) -> dict[str, Callable[[], Any]]:
    """What each of them asks, by its name."""
    return {name: ask for seen in ASKED for name, ask in seen(world).items()}
