"""A clamd that knows one virus, for tests: it speaks the protocol of the real one."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class _Line(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        command = self._read_until_nul()
        if command == b"zPING":
            self.request.sendall(b"PONG\0")
        elif command == b"zINSTREAM":
            content = b"".join(self._pieces())
            found = self.server.virus in content  # type: ignore[attr-defined]
            self.request.sendall(b"stream: Test.Virus FOUND\0" if found else b"stream: OK\0")

    def _read_until_nul(self) -> bytes:
        command = b""
        while not command.endswith(b"\0"):
            command += self.request.recv(1)
        return command[:-1]

    def _pieces(self) -> Iterator[bytes]:
        while size := struct.unpack(">I", self._exactly(4))[0]:
            yield self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        content = b""
        while len(content) < size:
            content += self.request.recv(size - len(content))
        return content


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def clamd(folder: Path, virus: bytes) -> Iterator[str]:
    """A clamd that answers on a socket of this folder while the block lasts."""
    place = str(folder / "clamd.sock")
    with _Server(place, _Line) as server:
        server.virus = virus  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield place
        finally:
            server.shutdown()
            thread.join()
