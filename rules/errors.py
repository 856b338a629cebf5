"""The one error a rule author meets."""

from django.utils.functional import Promise


class RuleError(Exception):
    """A rule, a module or a fact that cannot be accepted.

    `path` says where in the definition (for example ``grants[2].row.all[0].value``); `message` is
    written for the person who wrote the rule, in the active language.
    """

    def __init__(self, path: str, message: str | Promise) -> None:
        self.path = path
        self.message = message
        super().__init__(path, message)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else str(self.message)


class MoveRefused(RuleError):
    """A version that cannot take this move now: somebody was faster, or something is missing."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__("", message)

    def __reduce__(self) -> tuple[type["MoveRefused"], tuple[str | Promise]]:
        return type(self), (self.message,)
