"""Deletes what the demonstration keeps in its data folder, and only that."""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA_DIR = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
# Named one by one: DATA_DIR may be a folder that holds other things.
FILES = ("register.sqlite3*", "queue.sqlite3*", "test.sqlite3*", ".prepared")
FOLDERS = ("logs", "mail", "media", "private", "static")


def main() -> int:
    if not DATA_DIR.exists():
        print(f"Nothing to delete in {DATA_DIR}")
        return 0
    for pattern in FILES:
        for path in DATA_DIR.glob(pattern):
            path.unlink()
    for name in FOLDERS:
        shutil.rmtree(DATA_DIR / name, ignore_errors=True)
    print(f"The demonstration's data in {DATA_DIR} is gone; `make run` builds it again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
