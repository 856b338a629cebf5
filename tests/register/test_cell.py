"""Where files made by others are read: one copy a file, with nothing to reach (R4)."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from register import cell, uploads
from register.cell import Cell
from register.errors import UploadRefused
from tests.faults.corpus import picture

Written = Callable[..., Cell]


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Written]:
    """A cell whose reader does this with each file."""
    opened = []

    def write(answer: str, prepare: str = "pass", seconds: float = 20) -> Cell:
        reader = tmp_path / "reader.py"
        body = answer.replace("\n", "\n    ")
        reader.write_text(
            f"import os, resource, signal, socket, sys, tempfile, time\n"
            f"def prepare(asked):\n    {prepare}\n"
            f"def answer(asked):\n    {body}\n    return 0\n"
        )
        opened.append(Cell(reader, seconds))
        return opened[-1]

    yield write
    for each in opened:
        each.close()


def test_what_comes_of_a_file_comes_back_with_the_verdict(written: Written) -> None:
    reader = written(
        "content = sys.stdin.buffer.read()\n"
        "sys.stdout.buffer.write(asked.encode() + content[::-1])\n"
        "sys.stdout.buffer.flush()\n"
        "return len(content) % 100"
    )
    assert reader.ask(b"abc", "image/png") == (3, b"image/pngcba")
    large = os.urandom(3_000_007)
    assert reader.ask(large) == (7, large[::-1])
    assert reader.ask(b"") == (0, b"")


ATTEMPTS = """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
attempts = {
    "network": lambda: socket.socket(),
    "file": lambda: open("/etc/passwd"),
    "memory": lambda: bytearray(600 * 1024 * 1024),
    "disk": lambda: tempfile.TemporaryFile(),
}
for name, attempt in attempts.items():
    try:
        attempt()
    except (OSError, MemoryError) as refusal:
        print(name, type(refusal).__name__)
    else:
        print(name, "reached")
print("cpu", *resource.getrlimit(resource.RLIMIT_CPU))
print("grown", *resource.getrlimit(resource.RLIMIT_FSIZE))
print("open", *sorted(fd for fd in range(4096) if opened(fd)))
print("told", *sorted(os.environ))
sys.stdout.flush()
"""
OPENED = """
def opened(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
"""


def test_a_copy_reaches_no_network_file_memory_or_disk_and_holds_no_secret(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    left_open = "globals().setdefault('left', tempfile.TemporaryFile())"
    _verdict, said = written(OPENED.strip() + ATTEMPTS, prepare=left_open).ask(b"")
    told = said.decode().splitlines()
    assert told[:-1] == [
        "network OSError",
        "file OSError",
        "memory MemoryError",
        "disk OSError",
        "cpu 10 10",
        "grown 0 0",
        "open 0 1 2",
    ]
    assert not set(told[-1].split()[1:]) - {"LC_CTYPE"}


def test_nothing_of_one_file_is_left_for_the_next(written: Written) -> None:
    reader = written(
        "seen = globals().setdefault('seen', [])\n"
        "seen.append(sys.stdin.buffer.read())\n"
        "sys.stdout.buffer.write(b' '.join(seen))\n"
        "sys.stdout.buffer.flush()"
    )
    assert [reader.ask(each) for each in (b"hers", b"his")] == [(0, b"hers"), (0, b"his")]


def test_what_a_type_needs_is_loaded_once_and_never_by_a_copy(written: Written) -> None:
    reader = written(
        "print(loaded)\nsys.stdout.flush()", "globals().setdefault('loaded', os.getpid())"
    )
    first, second = reader.ask(b"")[1], reader.ask(b"")[1]
    assert first == second


@pytest.mark.parametrize(
    "end", ["os.kill(os.getpid(), signal.SIGSEGV)", "bytearray(600 * 1024**2)"]
)
def test_a_file_that_ends_its_copy_harms_no_other(written: Written, end: str) -> None:
    reader = written(f"content = sys.stdin.buffer.read()\nif content == b'harm':\n    {end}")
    assert reader.ask(b"harm")[0] not in (0, None)
    assert reader.ask(b"good") == (0, b"")


def test_a_copy_that_reads_nothing_of_a_large_file_still_gives_its_verdict(
    written: Written,
) -> None:
    assert written("return 11").ask(bytes(5_000_000)) == (11, b"")


def test_a_reader_that_never_ends_is_stopped_and_the_next_file_is_read(written: Written) -> None:
    reader = written("if sys.stdin.buffer.read() == b'harm':\n    time.sleep(60)", seconds=1)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        reader.ask(b"harm")
    assert time.monotonic() - began < 10
    assert reader.ask(b"good") == (0, b"")


def test_a_reader_that_never_stops_answering_is_stopped(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell, "MOST_ANSWERED", 1_000_000)
    with pytest.raises(TimeoutError):
        written("while True:\n    os.write(1, bytes(65536))").ask(b"")


def test_a_program_killed_or_gone_is_started_again(written: Written) -> None:
    reader = written("print(os.getppid())\nsys.stdout.flush()")
    first = int(reader.ask(b"")[1])
    os.kill(first, signal.SIGKILL)
    assert int(reader.ask(b"")[1]) != first


def test_a_program_that_cannot_load_is_an_error_and_no_endless_wait(written: Written) -> None:
    with pytest.raises(ConnectionResetError):
        written("return 0", prepare="raise RuntimeError").ask(b"")


def test_files_wait_in_line(written: Written) -> None:
    reader = written("sys.stdout.buffer.write(sys.stdin.buffer.read())\nsys.stdout.flush()")
    files = [str(number).encode() for number in range(40)]
    with ThreadPoolExecutor(8) as several:
        assert list(several.map(reader.ask, files)) == [(0, each) for each in files]


def test_the_program_ends_with_whoever_started_it(written: Written) -> None:
    reader = written("print(os.getppid())\nsys.stdout.flush()")
    program = int(reader.ask(b"")[1])
    reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(program, 0)


def test_a_file_whose_reader_never_ends_is_refused(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_cell", written("time.sleep(60)", seconds=1))
    with pytest.raises(UploadRefused):
        uploads.inspect_upload(SimpleUploadedFile("photo.jpg", picture()))
