"""Statements kept as text: planned once on PostgreSQL, and never stuck with a plan that is over."""

from threading import Thread
from unittest.mock import patch

import pytest
from django.db import NotSupportedError, connection
from django.db.models import CharField, IntegerField, Value
from hypothesis import given
from hypothesis import strategies as st

from register.models import Department
from rules import prepared
from rules.statements import Slot, compiled


def told_twice():
    """A statement that answers what it is given, beside a value that stays."""
    rows = Department.objects.order_by("code").annotate(
        given=Slot("given", IntegerField()), kept=Value("100 %s", CharField())
    )
    return compiled(rows.values_list("code", "given", "kept")[:1])


@pytest.mark.django_db
@given(number=st.integers(-(2**31), 2**31 - 1))
def test_a_statement_answers_with_the_values_of_the_moment(reference, number):
    [(_code, found, kept)] = told_twice().rows(given=number)
    assert (found, kept) == (number, "100 %s")


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_statement_is_planned_once_whatever_the_size_of_its_values(reference):
    statement = told_twice()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    for number in (1, 40_000, 2**31 - 1):
        statement.rows(given=number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%%$1%%'")
        assert cursor.fetchone() == (1,)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_plan_that_a_migration_made_false_is_made_again():
    statement = compiled(Department.objects.values_list("name"))
    statement.rows()
    widened("varchar(300)")
    try:
        assert statement.rows() == []
    finally:
        widened("varchar(100)")


def widened(kind):
    """Change the type of a column through another connection, as a migration does."""

    def change():
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE register_department ALTER COLUMN name TYPE {kind}")
        connection.close()

    other = Thread(target=change)
    other.start()
    other.join()


@pytest.mark.postgresql
@pytest.mark.django_db
def test_within_a_transaction_nothing_is_run_twice(reference):
    with (
        patch.object(prepared.PreparingCursor, "execute", side_effect=NotSupportedError),
        pytest.raises(NotSupportedError),
    ):
        told_twice().rows(given=1)
