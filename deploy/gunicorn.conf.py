"""gunicorn behind nginx: `gunicorn -c deploy/gunicorn.conf.py config.wsgi:application`."""

import os
from pathlib import Path

chdir = str(Path(__file__).resolve().parents[1] / "site")
bind = os.environ.get("WEB_SOCKET", "unix:/run/register/web.sock")
workers = int(os.environ.get("WEB_CONCURRENCY", "3"))
threads = 4
timeout = 65  # above the database's own limit of 60 seconds a statement
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True
