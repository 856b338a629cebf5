"""Starts the demonstration: prepares its data, runs web server and worker, stops both cleanly."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType

from scripts.demo_sheet import demo_sheet
from scripts.processes import Child, dies_with_parent
from scripts.sources import fingerprint

ROOT = Path(__file__).resolve().parents[1]
PORT = int(os.environ.get("PORT") or 8000)
DATA_DIR = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
DEMANDS = int(os.environ.get("DEMO_DEMANDS") or 2000)
HOST = "127.0.0.1"
START_LIMIT = 90  # seconds for the web server to answer


class Stop(Exception):
    """Somebody asked to stop."""


def main() -> int:
    signal.signal(signal.SIGTERM, _ask_to_stop)
    signal.signal(signal.SIGINT, _ask_to_stop)
    os.umask(0o077)  # even invented files are nobody else's on this machine
    if not _port_is_free():
        print(f"Port {PORT} is already in use. Choose another one: make run PORT=8001")
        return 1
    environment = _environment()
    children: list[Child] = []
    try:
        _prepare(environment)
        children += _start(environment)
        _wait_until_it_answers(children)
        print(f"Ready: http://{HOST}:{PORT}", flush=True)
        print(demo_sheet(ROOT, f"http://{HOST}:{PORT}", DATA_DIR), flush=True)
        return _watch(children)
    except Stop:
        print("\nStopping", flush=True)
        return 0
    except subprocess.CalledProcessError as failure:
        print(f"\n{' '.join(map(str, failure.cmd[1:]))} failed.", flush=True)
        return 1
    finally:
        for child in children:
            child.stop()


def _ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise Stop


def _port_is_free() -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError:
            return False
    return True


def _environment() -> dict[str, str]:
    (DATA_DIR / "logs").mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "DATA_DIR": str(DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "BASE_URL": f"http://{HOST}:{PORT}",
        "PYTHONUNBUFFERED": "1",
    }


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def _prepare(environment: dict[str, str]) -> None:
    """Load data and collect static files; nothing to do when neither code nor data changed."""
    stamp = DATA_DIR / ".prepared"
    current = fingerprint(ROOT)
    kept = (stamp, DATA_DIR / "register.sqlite3", DATA_DIR / "static")
    if all(path.exists() for path in kept) and stamp.read_text() == current:
        return
    stamp.unlink(missing_ok=True)
    print(f"Preparing the demonstration in {DATA_DIR}", flush=True)
    static = Child("static files", _manage("collectstatic", "--no-input"), environment, DATA_DIR)
    try:
        subprocess.run(
            _manage("prepare_demo", "--demands", str(DEMANDS)),
            env=environment,
            check=True,
            preexec_fn=dies_with_parent,
        )
        print("Static files … ", end="", flush=True)
        if static.process.wait():
            print(static.last_words())
            raise subprocess.CalledProcessError(1, _manage("collectstatic"))
        print("done", flush=True)
    finally:
        static.stop()
    stamp.write_text(current)


def _start(environment: dict[str, str]) -> list[Child]:
    print("Starting web server and worker", flush=True)
    web = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--chdir", "site"]
    web += ["--bind", f"{HOST}:{PORT}", "--workers", "2", "--threads", "4", "--preload"]
    web += ["--no-control-socket", "--graceful-timeout", "10", "--timeout", "60"]
    worker = _manage("run_huey")
    return [
        Child("web server", web, environment, DATA_DIR),
        Child("worker", worker, environment, DATA_DIR, stop_signal=signal.SIGINT),
    ]


def _wait_until_it_answers(children: list[Child]) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        _fail_if_dead(children)
        if _is_well():
            return
        time.sleep(0.2)
    print(f"The web server did not answer within {START_LIMIT} s. Last words:")
    print(children[0].last_words())
    sys.exit(1)


def _is_well() -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{PORT}/health/", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _fail_if_dead(children: list[Child]) -> None:
    for child in children:
        if child.process.poll() is not None:
            print(f"The {child.name} stopped by itself (code {child.process.returncode}):")
            print(child.last_words(), flush=True)
            sys.exit(1)


def _watch(children: list[Child]) -> int:
    while True:
        _fail_if_dead(children)
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
