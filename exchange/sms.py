"""Text messages: the way out that the settings name; by default they are only shown on the console.

A backend is a class with one method, `send(to=…, text=…, key=…)`: it raises what its operator
answers, for the outbox to try again. `key` is the same at each try, for operators that know theirs.
"""

import logging
import sys
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)
SHOWN_DIGITS = 2


class SmsBackend(Protocol):
    """What sends a text message."""

    def send(self, *, to: str, text: str, key: str) -> None:
        """Send it, or raise."""


class ConsoleBackend:
    """Writes messages on the console, for whoever develops; the number is hidden but its end."""

    def send(self, *, to: str, text: str, key: str) -> None:
        """Show the message instead of sending it."""
        hidden = "•" * max(len(to) - SHOWN_DIGITS, 0) + to[-SHOWN_DIGITS:]
        sys.stdout.write(f"SMS {hidden}\n{text}\n")


class MemoryBackend:
    """Keeps messages for tests to read."""

    sent: list[tuple[str, str, str]] = []

    def send(self, *, to: str, text: str, key: str) -> None:
        """Keep the message, once for the same key."""
        if key not in {known for _to, _text, known in self.sent}:
            self.sent.append((to, text, key))


def backend() -> SmsBackend:
    """The backend of the settings."""
    made: SmsBackend = import_string(settings.SMS_BACKEND)()
    return made
