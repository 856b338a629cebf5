"""Whether anything the demonstration is made from has changed since it was prepared."""

import hashlib
import os
from pathlib import Path

FOLDERS = (
    "register",
    "rules",
    "portal",
    "backoffice",
    "observatory",
    "exchange",
    "site",
    "locale",
)
SKIPPED = {"__pycache__"}


def fingerprint(root: Path) -> str:
    """A digest of names, sizes and dates of every source file; quick, and enough to notice."""
    digest = hashlib.sha256()
    for room in FOLDERS:
        for folder, folders, names in os.walk(root / room):
            folders[:] = sorted(set(folders) - SKIPPED)
            for name in sorted(names):
                if name.endswith((".mo", ".pyc")):
                    continue
                path = Path(folder) / name
                status = path.stat()
                digest.update(f"{path}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    digest.update((root / "constraints.txt").read_bytes())
    digest.update((root / "requirements.txt").read_bytes())
    return digest.hexdigest()
