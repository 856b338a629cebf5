import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from .world import AREAS, BADGES, STATES, TEAMS, TODAY, TOWNS, VOCABULARY, Key, Row

# Ends of months, a leap day, the day itself and the next: where counting months goes wrong.
DATES = [
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 3, 1),
    date(2026, 2, 28),
    date(2025, 9, 30),
    date(2025, 10, 1),
    date(2025, 3, 31),
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2020, 1, 31),
]
# Halves of the last decimal, thirds, zero, and as much as a column holds.
WEIGHTS = ["0", "0.0001", "0.5", "1", "1.5", "3", "7", "2.0002", "99999999.9999", "-4", "-0.0001"]


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

    badges = VOCABULARY.fact("row.badges")
    made = [
        Row(
            urgent=maybe(chance.random() < 0.5),
            people=maybe(chance.randint(0, 4)),
            rate=maybe(Decimal(chance.choice(["0", "0.5", "1.25", "2"]))),
            monthly=maybe(Decimal(chance.choice(["0", "10.5", "99.99", "100"]))),
            yearly=maybe(chance.choice([0, 10, 11, 12])),
            received=maybe(TODAY - timedelta(days=chance.choice([0, 27, 28, 30, 31, 59, 365]))),
            state=maybe(chance.choice(["", *STATES])),
            since=maybe(chance.choice(DATES)),
            lease=maybe(chance.choice([0, 1, 11, 12, 36])),
            effort=maybe(Decimal(chance.choice(["0", "32.9999", "33", "33.0001", "140.25"]))),
            weight=maybe(Decimal(chance.choice(WEIGHTS))),
            commune=maybe(chance.choice(["", *TOWNS])),
            badges=maybe(badges.mask(chance.sample(list(BADGES), chance.randint(0, 3)))),
        )
        for _ in range(90)
    ]
    Row.objects.bulk_create(made)
    stored = list(Row.objects.order_by("pk"))
    every = [f"town:{town}" for town in TOWNS] + [f"team:{team}" for team in TEAMS]
    every += AREAS
    Key.objects.bulk_create(
        Key(row=row, key=key)
        for row in stored
        for key in chance.sample(every, chance.randint(0, 4))
    )
    return list(Row.objects.prefetch_related("keys").order_by("pk"))
