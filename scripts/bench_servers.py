"""The web servers that a bench asks, as `deploy/` starts them: the service, and a bare view.

On sockets of a private folder, behind no proxy: whoever asks says what the proxy would say. Both
end with the block.
"""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts import services
from scripts.processes import Child, dies_with_parent

ROOT = Path(__file__).resolve().parents[1]
HOST = "register.example.org"
START_LIMIT = 60  # seconds
CORES = 2
SERVICES = {"intake": "config.settings.production", "intake-bare": "config.settings.bare"}
# Known to the bench too: it writes the link that the mail to a new applicant holds.
KEY = "only-for-this-bench-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"


def keep_to_two_cores() -> None:
    """This process and all that it starts, the database included, share two cores."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


@contextlib.contextmanager
def both(environment: Mapping[str, str], home: Path) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Where the bench runs and the addresses that it asks, while the servers answer."""
    with contextlib.ExitStack() as stack:
        sockets = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="register-web-")))
        redis_url = ""
        if "PGHOST" in environment and (redis := shutil.which("redis-server")):
            redis_url, _process = stack.enter_context(services.redis(redis))
        environment = {**environment, "SECRET_KEY": KEY, "REDIS_URL": redis_url}
        _prepare(
            {**_served(environment, home, sockets), "DJANGO_SETTINGS_MODULE": SERVICES["intake"]}
        )
        addresses = []
        for name, settings in SERVICES.items():
            address = f"unix:{sockets / name}"
            served = _served(environment, home, sockets)
            served |= {"DJANGO_SETTINGS_MODULE": settings, "WEB_SOCKET": address}
            command = [
                sys.executable,
                "-m",
                "gunicorn",
                "-c",
                str(ROOT / "deploy/gunicorn.conf.py"),
            ]
            child = Child(name, [*command, "config.wsgi:application"], served, home)
            stack.callback(child.stop)
            _wait_until_it_answers(child, sockets / name)
            addresses.append(address)
        yield environment, addresses


def _served(environment: Mapping[str, str], home: Path, mails: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{home / 'register.sqlite3'}",
        **environment,
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"https://{HOST}",
        # One slash more: what is read begins after the first.
        "EMAIL_URL": f"filemail:///{mails / 'mail'}",
        "PYTHONUNBUFFERED": "1",
    }


def _prepare(environment: Mapping[str, str]) -> None:
    """The steps of docs/production.md that a register of a bench has not had yet."""
    for step in (["catalogue", "--compile"], ["collectstatic", "--no-input"]):
        subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *step],
            env=environment,
            stdout=subprocess.DEVNULL,
            check=True,
            preexec_fn=dies_with_parent,
        )


def _wait_until_it_answers(child: Child, place: Path) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and child.process.poll() is None:
        with contextlib.suppress(OSError):
            if _status(place) < 500:
                return
        time.sleep(0.2)
    raise LookupError(f"a web server did not answer: {child.last_words()}")


def _status(place: Path) -> int:
    connection = http.client.HTTPConnection(HOST, timeout=START_LIMIT)
    connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with contextlib.closing(connection):
        connection.sock.connect(str(place))
        connection.request("GET", "/health/", headers={"X-Forwarded-Proto": "https"})
        return connection.getresponse().status
