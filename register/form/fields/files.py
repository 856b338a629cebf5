"""What is told before a file is chosen: its kinds and its largest size (R4)."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from register.uploads import ACCEPTED, LIMITS, MAX_BYTES


def attributes(pieces: str = "portal:pieces") -> dict[str, Any]:
    """Those of an input for a document.

    A script refuses a large file before it is sent, and sends the others piece by piece to the
    route `pieces`.
    """
    return {
        "accept": ACCEPTED,
        "data-max-bytes": MAX_BYTES,
        "data-hint": "upload-hint",
        "data-too-big": _("This file is larger than 10 MB. Choose a smaller one."),
        "data-pieces": reverse_lazy(pieces),
        "data-sending": _("Sending"),
        "data-waiting": _(
            "The connection is lost. Keep this page open: the file goes on when it is back."
        ),
        "data-failed": _("The file did not arrive. Choose it again: it goes on where it stopped."),
        "data-signed-out": _("You have been signed out. Sign in, then choose the file again."),
    }


def limits(advice: Any) -> Any:
    """The limits of a file in words, then a piece of advice."""
    return format_lazy("{} {}", LIMITS, advice)
