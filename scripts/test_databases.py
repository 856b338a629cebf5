"""Migrates one test database; on PostgreSQL, copies it for each worker of the suite.

Migrations take longer than most of the tests: they run once an engine instead of once a worker.
Usage: python -m scripts.test_databases WORKERS, with the environment of the suite.
"""

import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]


def main(workers: int) -> None:
    sys.path.insert(0, str(ROOT / "site"))
    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases

    setup_databases(verbosity=0, interactive=False, keepdb=True, serialized_aliases=set())
    connection.close()
    if connection.vendor == "sqlite":
        return  # a file, which each part of the suite copies
    for worker in range(workers):
        connection.creation.clone_test_db(suffix=f"gw{worker}", verbosity=0, keepdb=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
