"""Tables of the shared file."""

from .user import User

__all__ = ["User"]
