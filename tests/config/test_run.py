"""`make run` from outside: it gets ready, refuses a taken port, and stops without remains."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.services import free_port

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT = 240  # seconds, on a machine that other suites share
pytestmark = [pytest.mark.slow, pytest.mark.own_servers]


class Run:
    """A supervisor started as `scripts/run` starts it, with what it has said so far."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.said = folder / "said.txt"
        environment = {**os.environ, "PORT": str(port), "DATA_DIR": str(folder / "data")}
        environment.pop("DATABASE_URL", None)
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scripts.run"],
                cwd=ROOT,
                env={**environment, "DEMO_DEMANDS": "30"},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> float:
        started = time.monotonic()
        while time.monotonic() - started < START_LIMIT:
            if f"\nReady: http://127.0.0.1:{self.port}\n" in self.said.read_text():
                return time.monotonic() - started
            assert self.process.poll() is None, self.said.read_text()
            time.sleep(0.1)
        raise AssertionError(self.said.read_text())

    def children(self) -> list[int]:
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in listing.read_text().split()]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared by the tests of this file: the second start finds what the first prepared."""
    return tmp_path_factory.mktemp("run")


@pytest.fixture
def run(folder: Path) -> Iterator[Run]:
    started = Run(folder, free_port())
    yield started
    if started.process.poll() is None:
        started.stop()


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_gets_ready_answers_and_stops_cleanly(run: Run) -> None:
    run.wait_until_ready()
    base = f"http://127.0.0.1:{run.port}"
    for address in ("/", "/health/", "/compte/login/"):
        with urllib.request.urlopen(base + address, timeout=20) as answer:
            assert answer.status == 200
    children = run.children()
    assert len(children) == 2
    assert run.stop() == 0
    assert not any(is_alive(number) for number in children)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", run.port)) != 0


def test_the_second_start_takes_seconds_and_says_which_accounts_to_use(run: Run) -> None:
    assert run.wait_until_ready() < 30
    time.sleep(0.5)
    assert "Accounts" in run.said.read_text()
    assert run.stop() == 0


def test_when_the_worker_dies_the_web_server_stops_too(run: Run) -> None:
    run.wait_until_ready()
    web, worker = run.children()
    os.kill(worker, signal.SIGKILL)
    assert run.process.wait(30) == 1
    assert not is_alive(web)
    assert "worker stopped by itself" in run.said.read_text()


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = Run(tmp_path, taken.getsockname()[1])
        assert refused.process.wait(30) == 1
    assert "is already in use" in refused.said.read_text()
    assert "Traceback" not in refused.said.read_text()
