"""The machine's own count of time, which goes on whatever anybody does to its clock."""

from dataclasses import dataclass
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_UPTIME = Path("/proc/uptime")


@dataclass(frozen=True)
class Uptime:
    """Since which start of the machine, and for how many seconds, sleep included."""

    boot: str
    seconds: float


def uptime() -> Uptime | None:
    """None on a machine that does not tell it."""
    try:
        told = _UPTIME.read_text().split()[0]
        return Uptime(_BOOT.read_text().strip(), float(told))
    except (OSError, ValueError, IndexError):
        return None
