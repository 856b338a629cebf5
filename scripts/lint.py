"""Every check that needs no database, one after the other; all are run before it says no."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
CHECKS = {
    "style": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "types": [PYTHON, "-m", "mypy", "register", "rules"],
    "templates": [PYTHON, "-m", "djlint", "--lint", "--quiet", "site", "portal", "backoffice"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "French texts": [PYTHON, "manage.py", "catalogue", "--check"],
}


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory(prefix="register-lint-") as folder:
        environment = {
            **os.environ,
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        }
        for name, command in CHECKS.items():
            started = time.monotonic()
            done = subprocess.run(
                command, cwd=ROOT, env=environment, text=True, capture_output=True
            )
            verdict = "failed" if done.returncode else "ok"
            print(f"{name:<14} {verdict:<7} {time.monotonic() - started:.1f} s", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
