"""gunicorn behind nginx: `gunicorn -c deploy/gunicorn.conf.py config.wsgi:application`."""

import os
import time
from pathlib import Path
from typing import Any

chdir = str(Path(__file__).resolve().parents[1] / "site")
bind = os.environ.get("WEB_SOCKET", "unix:/run/register/web.sock")
# One request at a time each: threads of a process would take turns at its interpreter, and the
# slowest answers would wait the longest (docs/production.md). nginx keeps slow lines waiting. One
# more than the cores that it may use, for what waits for the database: more only take turns.
workers = int(os.environ.get("WEB_CONCURRENCY", len(os.sched_getaffinity(0)) + 1))
timeout = 65  # above the database's own limit of 60 seconds a statement
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True

# Lists of codes are read once by each process: how often, in seconds, one looks for newer ones.
LISTS_EVERY = 30.0
_looked_at = time.monotonic()


def post_request(worker: Any, _request: Any, _environ: Any, _response: Any) -> None:
    """Let a process that `load_reference` has overtaken end as after `max_requests`.

    Another takes its place at once, with the new lists; requests under way end normally.
    """
    global _looked_at
    if time.monotonic() - _looked_at < LISTS_EVERY:
        return
    _looked_at = time.monotonic()
    from register.reference.fresh import is_overtaken

    if is_overtaken():
        worker.log.info("Newer lists of codes were loaded: this process makes room for another.")
        worker.alive = False
