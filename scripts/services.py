"""Private PostgreSQL and Redis servers for tests: own folder, own port, gone afterwards."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts.processes import dies_with_parent

START_LIMIT = 30  # seconds
# A throw-away cluster: durability would only cost time.
POSTGRESQL_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "128MB",
}


def postgresql_binaries() -> Path | None:
    """The folder holding `initdb` and `postgres`, newest version first, if there is one."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = [Path(found).parent] if (found := shutil.which("postgres")) else []
    for folder in (*debian, *on_path):
        if all((folder / name).exists() for name in ("initdb", "postgres")):
            return folder
    return None


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())


def postgresql_version(binaries: Path) -> str:
    """For the closing line: which PostgreSQL the suite ran on."""
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True)
    return said.stdout.strip().removeprefix("postgres (PostgreSQL) ").split(" ")[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_other_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: lend the folder to an unprivileged account."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def postgresql(binaries: Path) -> Iterator[dict[str, str]]:
    """A private cluster on a local socket; yields the environment that leads to it."""
    folder = Path(tempfile.mkdtemp(prefix="register-pg-"))
    try:
        with kept_postgresql(binaries, folder, POSTGRESQL_SETTINGS) as environment:
            yield environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def kept_postgresql(
    binaries: Path, folder: Path, settings: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    """The same in a folder that stays: its data are found again, the server is stopped."""
    who = _as_other_user(folder)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        command = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        command += ["--locale=C.UTF-8", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **who)
    # A folder may lie too deep for the path of a socket.
    sockets = Path(tempfile.mkdtemp(prefix="register-pg-"))
    _as_other_user(sockets)
    options = [f"--{name}={value}" for name, value in settings.items()]
    command = [binaries / "postgres", "-D", data, "-k", sockets, *options]
    try:
        with _running(command, folder, stop=signal.SIGINT, **who) as process:
            _wait(process, folder, lambda: (sockets / ".s.PGSQL.5432").exists())
            environment = {"PGHOST": str(sockets), "PGPORT": "5432", "PGUSER": "postgres"}
            _wait(process, folder, lambda: _accepts(binaries, environment))
            yield {**environment, "DATABASE_URL": "postgres://postgres@/postgres"}
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


def _accepts(binaries: Path, environment: dict[str, str]) -> bool:
    command = [binaries / "psql", "-Atc", "SELECT 1", "postgres"]
    said = subprocess.run(command, env={**os.environ, **environment}, capture_output=True)
    return said.returncode == 0


@contextlib.contextmanager
def redis(binary: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A private Redis without persistence; yields its address and its process."""
    folder = Path(tempfile.mkdtemp(prefix="register-redis-"))
    port = free_port()
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    try:
        with _running(command, folder) as process:
            _wait(process, folder, lambda: _answers(port))
            yield f"redis://127.0.0.1:{port}/0", process
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def _running(
    command: list[Any], folder: Path, stop: int = signal.SIGTERM, **who: Any
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, preexec_fn=dies_with_parent, **who
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)  # a test may have frozen it
        process.send_signal(stop)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], folder: Path, ready: Any) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        if ready():
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError((folder / "server.log").read_text(errors="replace")[-2000:])
