"""Runs the suite: on SQLite, on a private PostgreSQL, and in Chromium when they are here.

`REQUIRE=postgresql,redis,chromium` turns an absent program, or any skipped test, into a failure;
`SLOW=1` adds the tests that take more than a few seconds. Nothing is left behind.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from scripts import services
from scripts.processes import dies_with_parent

ROOT = Path(__file__).resolve().parents[1]
REQUIRED = {name for name in os.environ.get("REQUIRE", "").split(",") if name}
SLOW = os.environ.get("SLOW") == "1" or bool(REQUIRED)
WORKERS = 2
STOP_LIMIT = 30  # seconds for the workers to leave
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Outcome:
    """How one part of the suite went."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0

    def __str__(self) -> str:
        told = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"  {self.name:<24} {told} in {self.seconds:.0f} s"


@dataclass
class Part:
    """A selection of tests on an engine."""

    name: str
    selection: str
    environment: dict[str, str]


def run_part(part: Part, sqlite: Path) -> Outcome:
    """Run one selection of tests in a folder of its own, and count.

    `sqlite` is the migrated database file that the parts on SQLite copy for their workers.
    """
    print(f"\n=== {part.name} ===", flush=True)
    started = time.monotonic()
    for worker in range(WORKERS):
        # pytest-django's own names for the databases of pytest-xdist's workers.
        shutil.copyfile(sqlite, f"{sqlite}_gw{worker}")
    with tempfile.TemporaryDirectory(prefix="register-test-") as folder:
        (Path(folder) / "static").mkdir()
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-ra", "--reuse-db", "-n", str(WORKERS)]
        command += ["--dist", "worksteal", "-m", part.selection, f"--junitxml={report}"]
        code = run_to_its_end([*command, *sys.argv[1:]], _environment(part, Path(folder), sqlite))
        outcome = _count(part.name, report, code)
    outcome.seconds = time.monotonic() - started
    return outcome


def migrate(parts: list[Part], sqlite: Path) -> bool:
    """Make the database of each engine, all at once; False when one could not be made.

    One migration after another keeps one core busy for a minute.
    """
    started = time.monotonic()
    command = [sys.executable, "-m", "scripts.test_databases", str(WORKERS)]
    making = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(part, sqlite.parent, sqlite),
            preexec_fn=dies_with_parent,
        )
        for part in parts
    ]
    codes = [process.wait() for process in making]
    print(f"databases ready after {time.monotonic() - started:.0f} s", flush=True)
    return not any(codes)


def _environment(part: Part, folder: Path, sqlite: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATA_DIR": str(folder),
        "TEST_DATABASE": str(sqlite),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        **part.environment,
    }


def run_to_its_end(command: list[str], environment: dict[str, str]) -> int:
    """Wait for the suite; when we are stopped, let it end its workers before its folder goes."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _count(name: str, report: Path, code: int) -> Outcome:
    if not report.exists():
        return Outcome(name, failed=1)
    suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314  (our own file)
    if suite is None:
        return Outcome(name, failed=1)
    tests, failures, errors, skipped = (
        int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    # 5: nothing was selected, as when a path is given on the command line.
    broken = code not in (0, 1, 5)
    return Outcome(name, max(tests - failed - skipped, 0), failed or int(broken), skipped)


def chromium() -> str | None:
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES))
    return next((path for path in found if path), None)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    binaries, browser = services.postgresql_binaries(), chromium()
    present = {
        "postgresql": binaries,
        "redis": shutil.which("redis-server"),
        "chromium": browser,
    }
    absent = sorted(name for name, found in present.items() if not found)
    if missing := REQUIRED.intersection(absent):
        print(f"Required here and not found: {', '.join(sorted(missing))}")
        return 1
    with tempfile.TemporaryDirectory(prefix="register-test-") as folder:
        outcomes = run_all(Path(folder) / "test.sqlite3", binaries, browser)
    return conclude(outcomes, absent)


def run_all(sqlite: Path, binaries: Path | None, browser: str | None) -> list[Outcome]:
    """The suite on each engine that is here, then the journeys in Chromium."""
    pace = "" if SLOW else " and not slow"
    parts = [Part("SQLite", f"not browser{pace}", {})]
    with contextlib.ExitStack() as stack:
        if binaries:
            name = f"PostgreSQL {services.postgresql_version(binaries)}"
            # Properties draw their many examples once: on the second engine as many as on a desk.
            few = {"HYPOTHESIS_PROFILE": "dev"}
            server = stack.enter_context(services.postgresql(binaries))
            parts.append(Part(name, parts[0].selection, {**server, **few}))
        if not migrate(parts, sqlite):
            return [Outcome("databases", failed=1)]
        if browser:
            required = {"REQUIRE_BROWSER": "1"} if "chromium" in REQUIRED else {}
            parts.append(Part("Chromium, on SQLite", f"browser{pace}", required))
        return [run_part(part, sqlite) for part in parts]


def conclude(outcomes: list[Outcome], absent: list[str]) -> int:
    """Say what ran on what, then the totals on a line of their own."""
    print("\nWhat ran on what")
    for outcome in outcomes:
        print(outcome)
    if absent:
        print(f"  not on this machine, so not run: {', '.join(absent)}")
    passed, failed, skipped = (
        sum(getattr(outcome, field) for outcome in outcomes)
        for field in ("passed", "failed", "skipped")
    )
    if REQUIRED and skipped:
        print(f"  {skipped} skipped tests count as failures here")
        failed, skipped = failed + skipped, 0
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
