"""Where the files of applicants lie: no address on the web, and on the disk for good (R3, F22)."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class PrivateStorage(FileSystemStorage):
    """Files that only `services.files` hands out, after checking the right."""

    def url(self, name: str | None) -> str:
        """No file of an applicant has an address; a template that asks for one is wrong."""
        raise ValueError("This file is not accessible via a URL.")

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Return once the disk itself holds the file: the number given next relies on it."""
        saved = super().save(name, content, max_length)
        path = Path(self.path(saved))
        for place in (path, path.parent):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        return saved
