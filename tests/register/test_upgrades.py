"""What each version changes in the tables holds for a register that has rows, on both engines."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from register.models import Demand, DemandFacts, Document, Event, Mandate, NotesRequest, Task
from tests.config.hostile_world import hostile_world, typed_models
from tests.factories import make_stored_file
from tests.portal.demand import prepare_register

# Before the words and papers to take up: every later step is done again here, on rows.
BEFORE = ("register", "0045_codes_of_online_access")


def go_to(*state: str) -> None:
    call_command("migrate", *state, verbosity=0, interactive=False)


@pytest.fixture
def kept(transactional_db: None) -> Demand:
    """A demand with rows in every table of words, brought back to tables of before."""
    prepare_register()
    demand, _agent, _manager = hostile_world()
    return demand


def _counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in typed_models()}


def test_a_register_with_rows_goes_to_this_version_and_keeps_them(kept: Demand) -> None:
    scanned = kept.documents.earliest("pk")
    now = timezone.now()
    Document.objects.filter(pk=scanned.pk).update(
        kind="form", status="kept", added_at=now - timedelta(hours=2)
    )
    given_over = Document.objects.create(
        demand=kept,
        kind="identity",
        stored_file=make_stored_file(kept.account),
        added_at=now - timedelta(hours=2),
    )
    body = kept.registered_by
    for kind in ("form_kept", "transferred"):
        Event.objects.create(
            demand=kept,
            kind=kind,
            at=now,
            organisation=body,
            from_state=kept.state,
            to_state=kept.state,
        )
    # These had no place in the tables of before.
    for model in (Mandate, NotesRequest, Task):
        model.objects.all().delete()
    before = _counts()
    try:
        go_to(*BEFORE)
    finally:
        go_to()
    assert _counts() == before
    assert Document.objects.get(pk=scanned.pk).put_in_by == body
    assert Document.objects.get(pk=given_over.pk).is_of_former
    assert DemandFacts.objects.get(demand=kept).recompute_on == timezone.localdate()
    assert not MigrationExecutor(connection).migration_plan(
        MigrationExecutor(connection).loader.graph.leaf_nodes()
    )
