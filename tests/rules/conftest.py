import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from .world import STATES, TEAMS, TODAY, TOWNS, Key, Row


@pytest.fixture(scope="session")
def row_tables(django_db_setup, django_db_blocker):
    """The two tables of the tiny world, which no migration knows."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            present = connection.introspection.table_names(cursor)
        with connection.schema_editor() as editor:
            for model in (Key, Row):
                if model._meta.db_table in present:
                    editor.delete_model(model)
            for model in (Row, Key):
                editor.create_model(model)


@pytest.fixture
def rows(row_tables, db):
    """Ninety rows of every sort: about a third of their values are missing."""
    chance = random.Random(21)  # noqa: S311 - reproducible, not secret

    def maybe(value):
        return None if chance.random() < 0.3 else value

    made = [
        Row(
            urgent=maybe(chance.random() < 0.5),
            people=maybe(chance.randint(0, 4)),
            rate=maybe(Decimal(chance.choice(["0", "0.5", "1.25", "2"]))),
            monthly=maybe(Decimal(chance.choice(["0", "10.5", "99.99", "100"]))),
            yearly=maybe(chance.choice([0, 10, 11, 12])),
            received=maybe(TODAY - timedelta(days=chance.choice([0, 27, 28, 30, 31, 59, 365]))),
            state=maybe(chance.choice(["", *STATES])),
        )
        for _ in range(90)
    ]
    Row.objects.bulk_create(made)
    stored = list(Row.objects.order_by("pk"))
    every = [f"town:{town}" for town in TOWNS] + [f"team:{team}" for team in TEAMS]
    Key.objects.bulk_create(
        Key(row=row, key=key)
        for row in stored
        for key in chance.sample(every, chance.randint(0, 3))
    )
    return list(Row.objects.prefetch_related("keys").order_by("pk"))
