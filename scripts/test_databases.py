"""Migrates one test database and copies it for each worker of the suite.

Migrations take longer than most of the tests: they run once an engine instead of once a worker.
Usage: python -m scripts.test_databases WORKERS, with the environment of the suite.
"""

import shutil
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
    name = str(connection.settings_dict["NAME"])
    connection.close()
    for worker in range(workers):
        # pytest-django's own names for the databases of pytest-xdist's workers.
        if connection.vendor == "sqlite":
            shutil.copyfile(name, f"{name}_gw{worker}")
        else:
            connection.creation.clone_test_db(suffix=f"gw{worker}", verbosity=0, keepdb=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
