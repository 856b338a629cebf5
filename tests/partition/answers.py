"""Answers made comparable: what changes from one request to the next is taken away."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

_TOKENS = (
    (re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+'), rb"\1-"),
    (re.compile(rb'(["\']X-CSRFToken["\']\s*:\s*["\'])[^"\']+', re.IGNORECASE), rb"\1-"),
    (re.compile(rb'(name="page_state" value=")[^"]+'), rb"\1-"),
    (re.compile(rb"nonce[=-]['\"]?[\w+/=-]+"), b"nonce"),
    (re.compile(rb"([?&;]search=)[\w-]+"), rb"\1-"),
)
_NUMBER = re.compile(r"\d{3}\d{4}\d{6}[A-Z0-9]{5}")
# Names of cookies are compared, never their random values.
_IGNORED_HEADERS = {"set-cookie", "content-length"}


def body_of(response: Any) -> bytes:
    """The whole body, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def normalised(response: Any, *echoed: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body without random tokens, and without `echoed` parts of the request."""
    body = _without(body_of(response), echoed)
    headers = [
        (name.lower(), _without(value.encode(), echoed).decode(errors="replace"))
        for name, value in response.items()
        if name.lower() not in _IGNORED_HEADERS
    ]
    cookies = [("cookie", name) for name in sorted(response.cookies)]
    return response.status_code, sorted(headers) + cookies, body


def _without(content: bytes, echoed: Iterable[str]) -> bytes:
    for text in sorted(filter(None, echoed), key=len, reverse=True):
        for form in {text, quote(text), quote(text, safe="")}:
            content = content.replace(form.encode(), b"ECHO")
    for pattern, replacement in _TOKENS:
        content = pattern.sub(replacement, content)
    return content


def differences(one: Any, two: Any) -> str:
    """Where two normalised answers part, for a message somebody can read."""
    if one == two:
        return ""
    if one[0] != two[0]:
        return f"status {one[0]} / {two[0]}"
    if one[1] != two[1]:
        return f"headers {sorted(set(one[1]) ^ set(two[1]))}"
    place = next(
        (i for i, (a, b) in enumerate(zip(one[2], two[2], strict=False)) if a != b),
        min(len(one[2]), len(two[2])),
    )
    start = max(place - 60, 0)
    return f"body {one[2][start : place + 120]!r} / {two[2][start : place + 120]!r}"
