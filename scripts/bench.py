"""Measures the pages agents and visitors wait for, on a large synthetic register of its own.

Usage: `make bench` (BENCH_DEMANDS=20000, BENCH_ROUNDS=15). SQLite in a temporary folder, or the
PostgreSQL of DATABASE_URL, which must then be empty: the demands are left in it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DEMANDS = int(os.environ.get("BENCH_DEMANDS") or 20_000)
ROUNDS = int(os.environ.get("BENCH_ROUNDS") or 15)


class Page(NamedTuple):
    """A page to measure, and the role that opens it (None: a visitor)."""

    label: str
    path: str
    role: str | None = None


PAGES = (
    Page("home", "/"),
    Page("search the site", "/recherche/?q=etudiant"),
    Page("charter", "/charte/"),
    Page("desk list, landlord", "/bureau/", "landlord agent"),
    Page("desk list, commune", "/bureau/", "commune counter agent"),
    Page("applicant's space", "/mon-espace/", "applicant"),
    Page("public figures", "/observatoire/"),
)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="register-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.demo"
        prepare = [sys.executable, "manage.py", "prepare_demo", "--demands", str(DEMANDS)]
        for command in (prepare, [sys.executable, "manage.py", "collectstatic", "--no-input"]):
            quiet = subprocess.DEVNULL if "collectstatic" in command else None
            subprocess.run(command, cwd=ROOT, check=True, stdout=quiet)
        measure()
        compare()
    return 0


def measure() -> None:
    """Print median, 95th percentile and number of queries of each page."""
    sys.path.insert(0, str(ROOT / "site"))
    import django

    django.setup()
    from django.db import connection

    print(f"\n{DEMANDS} demands on {connection.vendor}, {ROUNDS} rounds, one process")
    print(f"{'page':<26} {'median':>9} {'95 %':>9} {'queries':>8}")
    for page in PAGES:
        client = _client(page.role)
        queries = _count_queries(lambda client=client, page=page: client.get(page.path))
        times = sorted(_seconds(client, page.path) for _round in range(ROUNDS))
        slow = times[max(0, round(0.95 * len(times)) - 1)]
        median = statistics.median(times)
        print(f"{page.label:<26} {median * 1000:>6.0f} ms {slow * 1000:>6.0f} ms {queries:>8}")


def compare() -> None:
    """Print what the register's own work costs beside the barest way of doing it."""
    from django.core.management import call_command

    print("", flush=True)
    call_command("bench", "all", rounds=ROUNDS)


def _client(role: str | None) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1")
    if role:
        sheet = tomllib.loads((ROOT / "tests" / "blackbox.toml").read_text(encoding="utf-8"))
        account = next(each for each in sheet["accounts"] if each["role"] == role)
        user = get_user_model().objects.get(email=account["email"])
        client.force_login(user)
    return client


def _seconds(client: Any, path: str) -> float:
    started = time.perf_counter()
    answer = client.get(path, follow=True)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return time.perf_counter() - started


def _count_queries(call: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call()  # caches warm, as on a site that lives
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


if __name__ == "__main__":
    sys.exit(main())
