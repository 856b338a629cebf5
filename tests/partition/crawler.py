"""Follows every link of our own pages, as somebody curious with a browser."""

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

from tests.partition.answers import body_of

LINK = re.compile(r'(?:href|src|action|hx-get)="([^"#]+)[^"]*"')
NEVER = ("/static/", "/media/", "/compte/logout/", "/langue/", "/demo/")


def crawl(client: Client, starts: list[str], most: int) -> Iterator[tuple[str, Any, bytes]]:
    """Every page reached by GET from `starts`, at most `most`: address, answer, whole body."""
    waiting, known = deque(starts), set(starts)
    while waiting and most:
        url = waiting.popleft()
        response = client.get(url)
        content = body_of(response)
        most -= 1
        yield url, response, content
        for link in _links(response, content, url):
            if link not in known:
                known.add(link)
                waiting.append(link)


def _links(response: Any, content: bytes, url: str) -> Iterator[str]:
    if location := response.get("Location"):
        yield from _inside([location], url)
    elif "html" in response.get("Content-Type", ""):
        yield from _inside(LINK.findall(content.decode("utf-8", "replace")), url)


def _inside(links: list[str], url: str) -> Iterator[str]:
    for link in links:
        parts = urlsplit(urljoin(f"http://testserver{url}", unescape(link)))
        if parts.netloc == "testserver" and not parts.path.startswith(NEVER):
            yield parts.path + (f"?{parts.query}" if parts.query else "")
