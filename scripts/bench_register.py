"""A register of its own for a bench: built once in a folder that stays, measured many times.

SQLite or a private PostgreSQL, tuned like a small dedicated server and stopped at the end.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts import bench_servers, services
from scripts.processes import dies_with_parent

ROOT = Path(__file__).resolve().parents[1]
TUNED = {
    "listen_addresses": "",
    "max_connections": "40",
    "shared_buffers": "4GB",
    "effective_cache_size": "12GB",
    "work_mem": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
}
# While it is built, a crash costs a rebuild; while it is measured, a commit is a commit.
BUILDING = {
    **TUNED,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "maintenance_work_mem": "1GB",
    "autovacuum": "off",
}
# What a built register depends on: another version of these builds it again.
BUILDERS = (
    "register/bench/builder.py",
    "register/bench/multiply.py",
    "register/bench/nation.py",
)
# Those that came since are run when it is used again; one that changed builds it again.
MIGRATIONS = ("register/migrations/*.py",)
SMALLER = {"shared_buffers": "512MB", "maintenance_work_mem": "256MB"}


# The bench that asks by web servers.
SERVED = "intake"


def usual_engine(name: str) -> str:
    """What a bench is measured on unless somebody says: the web servers, as in production."""
    return "postgres" if name == SERVED and services.postgresql_binaries() else "sqlite"


def run(name: str, demands: int, engine: str, folder: Path, arguments: list[str]) -> int:
    """Build the register if need be, run `manage.py bench NAME` in it; its exit code."""
    if name == SERVED:
        bench_servers.keep_to_two_cores()
    home = folder / f"{engine}-{demands}"
    migrations = _digests(MIGRATIONS)
    wanted = {"demands": demands, "builders": _digests(BUILDERS)}
    marker = home / "built.json"
    if not serves(marker, wanted, migrations):
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        started = time.monotonic()
        with _environment(engine, home, BUILDING) as environment:
            _build(demands, environment)
        marker.write_text(json.dumps({**wanted, "migrations": migrations}))
        _say(f"built in {time.monotonic() - started:.0f} s, kept in {home}")
    if name == "build":
        return 0
    with _environment(engine, home, TUNED) as environment:
        _manage(environment, "migrate", "--no-input", quiet=True)
        marker.write_text(json.dumps({**wanted, "migrations": migrations}))
        _manage(environment, "rules", "install", quiet=True)
        command = [sys.executable, "manage.py", "bench", name, "--here", *arguments]
        if name != SERVED:
            return subprocess.run(command, cwd=ROOT, env=environment).returncode
        with bench_servers.both(environment, home) as (environment, addresses):
            command += ["--addresses", *addresses]
            return subprocess.run(command, cwd=ROOT, env=environment).returncode


def serves(marker: Path, wanted: Mapping[str, object], migrations: Mapping[str, str]) -> bool:
    """True when the kept register is the one wanted, some migrations later at most."""
    if not marker.exists():
        return False
    kept = json.loads(marker.read_text())
    run = kept.pop("migrations", {"": ""})
    return bool(kept == wanted and run.items() <= migrations.items())


def _build(demands: int, environment: Mapping[str, str]) -> None:
    for step in (["migrate", "--no-input"], ["createcachetable"], ["load_reference"]):
        _manage(environment, *step, quiet=True)
    _manage(environment, "rules", "install", quiet=True)
    _manage(environment, "bench", "build", "--here", "--demands", str(demands))


def _manage(environment: Mapping[str, str], *arguments: str, quiet: bool = False) -> None:
    _say(f"manage.py {' '.join(arguments)}")
    # Standard output is the report's alone.
    said = subprocess.DEVNULL if quiet else sys.stderr
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=said,
        check=True,
        preexec_fn=dies_with_parent,
    )


@contextlib.contextmanager
def _environment(engine: str, home: Path, settings: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Where `manage.py` finds this register; its server runs as long as the block."""
    environment = {
        **os.environ,
        "DATA_DIR": str(home),
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
    }
    environment.pop("DATABASE_URL", None)
    if engine == "sqlite":
        yield environment
        return
    binaries = services.postgresql_binaries()
    if binaries is None:
        raise LookupError("PostgreSQL is not installed here")
    home.chmod(0o755)
    folder = home / "postgresql"
    folder.mkdir(exist_ok=True)
    settings = settings if _memory() > 12 else {**settings, **SMALLER}
    with services.kept_postgresql(binaries, folder, settings) as where:
        yield {**environment, **where}


def _memory() -> float:
    """Of this machine, in gigabytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _digests(patterns: tuple[str, ...]) -> dict[str, str]:
    """What each of these files holds."""
    paths = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
