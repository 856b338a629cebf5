"""Refusals of the domain; screens translate them into messages, never into traces."""

from django.utils.functional import Promise


class RegisterError(Exception):
    """A refusal with a sentence a person can read."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


class NotAllowed(RegisterError):
    """The principal may not do this to this demand; screens answer like a missing page."""


class AskedTooOften(RegisterError):
    """Somebody asked for as much as one may in a day."""


class TransitionRefused(RegisterError):
    """The demand is not in a state from which this step can be taken."""


class UploadRefused(RegisterError):
    """A file that cannot be kept: wrong kind, too large, damaged or infected."""


class SubmissionRefused(RegisterError):
    """The legal minimum for registration is missing (CCH R441-2-3)."""

    def __init__(self, message: str | Promise, missing: list[str]) -> None:
        super().__init__(message)
        self.missing = missing


class Conflict(RegisterError):
    """Somebody else changed the demand since it was read (R15)."""
