"""Who helps is told to nobody who may not know who is helped, or how to reach her."""

import logging
from collections.abc import Iterator

import pytest

from tests.installed import built
from tests.partition.seldom_mandates import mandates_seen
from tests.partition.world import World, build_world, rolled_back


@pytest.fixture
def world(db: None, rules: None) -> Iterator[World]:
    logging.disable(logging.WARNING)
    yield built(build_world)
    logging.disable(logging.NOTSET)


def test_who_may_act_is_read_with_the_identity_and_the_contact_alone(world: World) -> None:
    for name, ask in mandates_seen(world).items():
        with rolled_back():
            assert ask() in ([404], [], [False]), name
