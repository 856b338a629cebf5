"""The note of a page of the demand: besides who was writing, on which draft and after what."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from portal.models import Draft
from register.web.typed import TIME_FIELD, note, read_note

_MAX_TIME_DIGITS = 15


@dataclass(frozen=True)
class PageState:
    """Who was writing, on which draft, after which version, in which window of the browser."""

    user: int
    token: UUID
    version: int
    writer: str

    def __str__(self) -> str:
        return note(self.user, t=self.token.hex, v=self.version, w=self.writer)


def new_state(draft: Draft, version: int, writer: str = "") -> PageState:
    """The note of a page about to be shown."""
    return PageState(draft.user_id, draft.submission_token, version, writer or secrets.token_hex(4))


def read_state(data: QueryDict) -> PageState | None:
    """The note of a page sent back, or None when absent or altered."""
    try:
        packed = read_note(data)
        return PageState(packed["u"], UUID(packed["t"]), packed["v"], packed["w"])
    except (KeyError, TypeError, ValueError):
        return None


def token_of(data: QueryDict) -> UUID | None:
    """The token of the draft whose page is sent back; None without its note."""
    state = read_state(data)
    return state.token if state else None


def read_time(data: QueryDict) -> int:
    """When the page was sent, by the clock of its own browser (ms); 0 without scripts."""
    text = data.get(TIME_FIELD, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_TIME_DIGITS else 0
