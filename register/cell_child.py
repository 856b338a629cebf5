"""A waiting program that is copied for each file, and confines the copy (R4).

Started alone by `register.cell`: `python -I cell_child.py reader.py`, a socket as standard input.
The reader is a module with two functions: `prepare(asked)` loads what it needs, `answer(asked)`
reads the file on standard input, writes what comes of it and returns its verdict. The first sees
no file; the second has nothing to reach: no setting, no secret, no network, no other file, 512 MB
and 10 seconds of work.
"""

import importlib.util
import os
import resource
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

MEMORY_LIMIT = 512 * 1024 * 1024
CPU_SECONDS = 10
IDLE_SECONDS = 300  # then it leaves its memory to others, until it is started again
FAILED = 1
LINE = 1024  # the most bytes that are asked
CODE_BYTES = 4


def confine() -> None:
    """Give up, for good, everything that reading one file in memory does not need.

    No further descriptor can be opened, hence no socket and no file; nothing can grow on disk.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def wait(door: socket.socket, reader: Any) -> None:
    """Have each file read by a copy, one after the other, until nobody asks any more."""
    door.settimeout(IDLE_SECONDS)
    while True:
        try:
            line, files, _flags, _address = socket.recv_fds(door, LINE, 1)
        except TimeoutError:
            return
        if not files:
            return  # whoever started us is gone
        asked, [file] = line.decode().strip(), files
        reader.prepare(asked)
        copy = os.fork()
        if not copy:
            _read(file, lambda: reader.answer(asked))  # noqa: B023  (it ends here)
        os.close(file)
        _copy, status = os.waitpid(copy, 0)
        code = os.waitstatus_to_exitcode(status)
        door.sendall(code.to_bytes(CODE_BYTES, "big", signed=True))


def _read(file: int, answer: Callable[[], int]) -> NoReturn:
    """The copy: the file takes the place of all that was open, then it is read."""
    code = FAILED
    try:
        os.dup2(file, sys.stdin.fileno())
        os.dup2(file, sys.stdout.fileno())
        os.closerange(sys.stderr.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
        confine()
        code = answer()
    finally:
        os._exit(code)


def _loaded(path: str) -> Any:
    # `-I` forgets our folder. Last, so that none of our names hides one of Python's own.
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    spec = importlib.util.spec_from_file_location("reader", path)
    reader = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(reader)  # type: ignore[union-attr]
    return reader


if __name__ == "__main__":
    wait(socket.socket(fileno=sys.stdin.fileno()), _loaded(sys.argv[1]))
