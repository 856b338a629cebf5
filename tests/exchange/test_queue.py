"""The queue of the embedded installation keeps wake-ups, and makes nobody wait for the disk."""

from pathlib import Path

import environ
from config.settings import engines
from huey.contrib.djhuey import get_backend


def test_a_wake_up_is_kept_in_its_own_file_without_waiting_for_the_disk(tmp_path: Path) -> None:
    told = engines.huey(environ.Env(), tmp_path)
    made = get_backend(told["huey_class"])
    first, second = (
        made(told["name"], immediate=False, results=False, **told["connection"]) for _each in "ab"
    )
    first.storage.enqueue(b"a wake-up")
    assert second.storage.dequeue() == b"a wake-up"
    # 1 is NORMAL: the file is whole after a power cut, the last wake-ups may be gone.
    assert first.storage.conn.execute("PRAGMA synchronous").fetchone() == (1,)
    assert first.storage.conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
