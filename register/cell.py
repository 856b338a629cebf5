"""Has files made by others read by a program of ours that can reach nothing (R4).

Starting Python and its libraries takes several times what reading a photo takes: the program is
started at the first file, and waits; each file is read by a copy of it, which ends with the file.
What the copy may do is in `cell_child`.
"""

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from register import cell_child

SECONDS = 20  # of a clock, for one file; the copy also has a limit of work
PIECE = 65_536
MOST_ANSWERED = 64 * 1024 * 1024  # what says more does not mean to end


class Cell:
    """One such program of this process. Files wait in line instead of filling the memory."""

    def __init__(self, reader: Path, seconds: float = SECONDS) -> None:
        self.reader, self.seconds = reader, seconds
        self._line = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._door: socket.socket | None = None
        self._owner = 0
        atexit.register(self.close)

    def ask(self, content: bytes, asked: str = "") -> tuple[int, bytes]:
        """The verdict on this file and what came of it; `asked` tells the reader what it is.

        A negative verdict is the signal that ended the copy. Raises TimeoutError when it took too
        long, and OSError when no process can be started.
        """
        with self._line:
            try:
                return self._ask(content, asked)
            except (BrokenPipeError, ConnectionResetError):
                # It left, since nobody had asked for long, or was killed: another takes its place.
                return self._ask(content, asked)

    def close(self) -> None:
        """End the program with whatever it is reading."""
        process, door = self._process, self._door
        self._process = self._door = None
        if process is None or door is None or self._owner != os.getpid():
            return
        door.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _ask(self, content: bytes, asked: str) -> tuple[int, bytes]:
        until = time.monotonic() + self.seconds
        try:
            ours, theirs = socket.socketpair()
            with ours:
                with theirs:
                    socket.send_fds(self._opened(), [f"{asked}\n".encode()], [theirs.fileno()])
                answer = _exchanged(ours, content, until)
            return self._verdict(until), answer
        except BaseException:
            # Whatever it would still answer is about a file that nobody waits for.
            self.close()
            raise

    def _verdict(self, until: float) -> int:
        code = _received(self._opened(), cell_child.CODE_BYTES, until)
        if not code:
            raise ConnectionResetError
        return int.from_bytes(code, "big", signed=True)

    def _opened(self) -> socket.socket:
        if self._door is None or self._owner != os.getpid():
            self._door, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603  (our own program)
                    [sys.executable, "-I", cell_child.__file__, str(self.reader)],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={},
                    cwd="/",
                    start_new_session=True,
                )
            self._owner = os.getpid()
        return self._door


def _exchanged(ours: socket.socket, content: bytes, until: float) -> bytes:
    """Send the file, then read what comes of it to the end."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        ours.settimeout(_left(until))
        ours.sendall(content)
        ours.shutdown(socket.SHUT_WR)
    answer = bytearray()
    with contextlib.suppress(ConnectionResetError):  # it ended before it had read everything
        while piece := _received(ours, PIECE, until):
            answer += piece
            if len(answer) > MOST_ANSWERED:
                raise TimeoutError
    return bytes(answer)


def _received(place: socket.socket, most: int, until: float) -> bytes:
    place.settimeout(_left(until))
    return place.recv(most)


def _left(until: float) -> float:
    """The seconds that are left; raises TimeoutError when none is."""
    if (left := until - time.monotonic()) <= 0:
        raise TimeoutError
    return left
