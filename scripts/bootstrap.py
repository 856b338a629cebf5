"""Builds the virtual environment: pinned wheels only, nothing from the system but Python.

A stamp of the pins makes the next start immediate. Debian ships Python without `ensurepip`
unless python3-venv is installed: pip is then fetched as a wheel from the package index.
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = Path(os.environ.get("VENV", ROOT / ".venv"))
PYTHON = VENV / "bin" / "python"
PINS = {
    "runtime": ("requirements.txt",),
    "dev": ("requirements.txt", "requirements-dev.txt"),
}
DEFAULT_INDEX = "https://pypi.org/simple"


class SetupFailed(Exception):
    """The environment could not be built; the message says what to do."""


def stamp_of(kind: str) -> str:
    """What the environment must match: the pins, and the Python that loads them."""
    digest = hashlib.sha256(sys.version.encode())
    for name in (*PINS[kind], "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def works(python: Path) -> bool:
    if not python.exists():
        return False
    return subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0


def create() -> None:
    """An empty environment with pip in it."""
    print(f"  creating {VENV}", flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    if importlib.util.find_spec("venv") is None:
        raise SetupFailed("This Python has no `venv` module. On Debian: apt install python3-venv")
    with_pip = importlib.util.find_spec("ensurepip") is not None
    command = [sys.executable, "-m", "venv", str(VENV)]
    run(command if with_pip else [*command, "--without-pip"])
    if not with_pip:
        add_pip()


def add_pip() -> None:
    """Give pip to an environment made without it."""
    if importlib.util.find_spec("pip") is not None:
        command = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "-q", "pip"]
        if subprocess.run(command, capture_output=True).returncode == 0:
            return
    with tempfile.TemporaryDirectory() as folder:
        wheel = download_pip(Path(folder))
        run([str(PYTHON), f"{wheel}/pip", "install", "-q", "--no-index", str(wheel)])


def download_pip(folder: Path) -> Path:
    """Fetch pip's own wheel from the package index that pip would use."""
    index = os.environ.get("PIP_INDEX_URL", DEFAULT_INDEX).rstrip("/") + "/pip/"
    try:
        with urllib.request.urlopen(index, timeout=60) as answer:
            page = answer.read().decode()
        links = re.findall(r'href="([^"]+/pip-[\d.]+-py3-none-any\.whl)[#"]', page)
        newest = max(links, key=version_of)
        target = folder / newest.rpartition("/")[2]
        with urllib.request.urlopen(urllib.parse.urljoin(index, newest), timeout=60) as answer:
            target.write_bytes(answer.read())
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise SetupFailed(
            f"Python has no `ensurepip` here and pip could not be fetched from {index}: {error}\n"
            "On Debian: apt install python3-venv"
        ) from error
    return target


def version_of(link: str) -> tuple[int, ...]:
    found = re.search(r"/pip-([\d.]+)-", link)
    return tuple(int(part) for part in found.group(1).split(".")) if found else ()


def install(kind: str) -> None:
    """Install the pins, wheels only: no compiler is needed, and nothing runs at install time."""
    command = [str(PYTHON), "-m", "pip", "install", "--only-binary", ":all:", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off"]
    command += ["-c", "constraints.txt", "-r", PINS[kind][-1]]
    lines: list[str] = []
    found = 0
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            found += line.startswith("Collecting")
            if line.startswith("Collecting") and found % 15 == 0:
                print(f"  {found} packages fetched", flush=True)
            if line.startswith("Installing"):
                print(f"  installing {found} packages", flush=True)
    if pip.returncode:
        raise SetupFailed("".join(lines[-15:]) + "pip could not install the pinned packages.")


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SetupFailed(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def main(kind: str) -> None:
    holder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)  # `make run` and `make test` may be started together
    stamp = VENV / f".installed-{kind}"
    if works(PYTHON) and stamp.exists() and stamp.read_text() == stamp_of(kind):
        return
    started = time.monotonic()
    print("Preparing Python packages (only the first time)", flush=True)
    if not works(PYTHON):
        create()
    install(kind)
    stamp.write_text(stamp_of(kind))
    if kind == "dev":
        (VENV / ".installed-runtime").write_text(stamp_of("runtime"))
    print(f"  done in {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "runtime")
    except SetupFailed as failure:
        sys.exit(f"\n{failure}")
