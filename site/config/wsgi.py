"""WSGI entry point for gunicorn: `gunicorn --chdir site config.wsgi`."""

import gc
import os
import sys
from pathlib import Path

for root in (Path(__file__).resolve().parents[1], Path(__file__).resolve().parents[2]):
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
# What is loaded stays: it need not be gone through whenever memory is tidied.
gc.collect()
gc.freeze()
