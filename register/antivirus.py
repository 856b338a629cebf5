"""Asks clamd, when there is one, whether a file holds something known to harm (R5).

Without one, or when it does not answer, a file is accepted and said not to be scanned: what that
allows is told in `services.files.may_leave`.
"""

import logging
import socket
import struct

from django.conf import settings

from register.codes import ScanStatus

logger = logging.getLogger(__name__)

SECONDS = 15  # for one exchange; a file of 10 MB takes one or two
PIECE = 256 * 1024
LONGEST_REPLY = 4096


def is_answering() -> bool:
    """True when an antivirus is set and answers now."""
    return bool(settings.CLAMD) and _reply_to(b"zPING\0") == "PONG"


def scan(content: bytes) -> ScanStatus:
    """What the antivirus says of these bytes; `NOT_SCANNED` when it says nothing."""
    if not settings.CLAMD:
        return ScanStatus.NOT_SCANNED
    reply = _reply_to(b"zINSTREAM\0", content)
    if reply.endswith(" FOUND"):
        return ScanStatus.INFECTED
    if reply.endswith(": OK"):
        return ScanStatus.CLEAN
    logger.warning("the antivirus gave no verdict on %s bytes", len(content))
    return ScanStatus.NOT_SCANNED


def _reply_to(command: bytes, content: bytes | None = None) -> str:
    """The answer of clamd to one command, or an empty text when it cannot be reached."""
    try:
        with _connected() as line:
            line.sendall(command)
            if content is not None:
                for start in range(0, len(content), PIECE):
                    piece = content[start : start + PIECE]
                    line.sendall(struct.pack(">I", len(piece)) + piece)
                line.sendall(struct.pack(">I", 0))
            return _read(line)
    except OSError as error:
        logger.warning("the antivirus does not answer: %s", type(error).__name__)
        return ""


def _connected() -> socket.socket:
    """A line to `/path/of/a/socket` or `host:port`."""
    where = settings.CLAMD
    if where.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        try:
            line.connect(where)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def _read(line: socket.socket) -> str:
    reply = b""
    while not reply.endswith(b"\0") and len(reply) < LONGEST_REPLY:
        received = line.recv(LONGEST_REPLY)
        if not received:
            break
        reply += received
    return reply.rstrip(b"\0").decode("utf-8", "replace").strip()
