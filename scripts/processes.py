"""Processes this repository's scripts start, and only those, stopped by their own number."""

import ctypes
import os
import signal
import subprocess
from pathlib import Path

PR_SET_PDEATHSIG = 1
STOP_LIMIT = 15  # seconds to finish requests and tasks under way


def dies_with_parent() -> None:
    """Ask Linux to end this process when the one that started it is killed outright."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    except (OSError, AttributeError):
        return  # elsewhere than on Linux, a normal stop is the only one handled


def _lead_a_group() -> None:
    """Away from the terminal's Ctrl-C: the supervisor decides in which order things stop."""
    os.setsid()
    dies_with_parent()


class Child:
    """A long-running process with its log file under `DATA_DIR/logs`."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        data_dir: Path,
        stop_signal: int = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log = data_dir / "logs" / f"{name.replace(' ', '-')}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.stop_signal = stop_signal
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=_lead_a_group,
            )

    def last_words(self, lines: int = 25) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """Ask, wait, then end this process and what it started itself."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
