"""A browser as small as can be, so that what is measured is the service: pages, forms, cookies.

It speaks as the proxy in front of the service does: one connection a request, on its socket.
"""

import http.client
import re
import socket
import time
from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

HOST = "register.example.org"
ORIGIN = f"https://{HOST}"
SECONDS = 60
_HIDDEN = re.compile(r'name="(page_state|token)" value="([^"]+)"')


class Unexpected(Exception):
    """An answer that no person should meet: `status` of the page `path`."""

    def __init__(self, status: int, path: str) -> None:
        super().__init__(f"{status} {path}")
        self.status = status


class _Socket(http.client.HTTPConnection):
    """A connection to the socket of a service on this machine, or to `host:port`."""

    def __init__(self, address: str) -> None:
        self.place = address.removeprefix("unix:")
        at = "localhost" if address.startswith("unix:") else address
        super().__init__(at, timeout=SECONDS)

    def connect(self) -> None:
        if self.place == self.host or ":" in self.place:
            return super().connect()
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.place)
        return None


class Browser:
    """What one person opens and sends, with her cookies; keeps how long each answer took."""

    def __init__(self, service: str, address: str) -> None:
        self.service = service
        self.cookies: dict[str, str] = {}
        self.hidden: dict[str, str] = {}
        # Method, page, seconds.
        self.answers: list[tuple[str, str, float]] = []
        self.headers = {
            "Host": HOST,
            "Origin": ORIGIN,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": address,
            "Accept-Language": "fr",
            "Connection": "close",
        }

    def get(self, path: str) -> str:
        """Open a page, following where it leads; the address of the page shown."""
        status, location, body = self._ask("GET", path)
        if location:
            return self.get(location)
        if status != 200:
            raise Unexpected(status, path)
        self.hidden = dict(_HIDDEN.findall(body.decode()))
        return path

    def post(self, path: str, answers: Mapping[str, str | list[str]], file: bytes = b"") -> str:
        """Send a form; the address it leads to. A form shown again is not what was expected."""
        token = self.cookies.get("csrftoken", "")
        fields = {"csrfmiddlewaretoken": token, **self.hidden, **answers}
        kind, body = _several_parts(fields, file) if file else _one_part(fields)
        status, location, _page = self._ask("POST", path, body, {"Content-Type": kind})
        if status != 302:
            raise Unexpected(status, path)
        return location

    def _ask(
        self, method: str, path: str, body: bytes = b"", more: Mapping[str, str] | None = None
    ) -> tuple[int, str, bytes]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = _Socket(self.service)
        started = time.perf_counter()
        try:
            headers = {**self.headers, "Cookie": cookies, **(more or {})}
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        self.answers.append((method, path, time.perf_counter() - started))
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        location = urlsplit(answer.headers.get("Location", ""))
        return answer.status, location.path, content


def _one_part(fields: Mapping[str, str | list[str]]) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urlencode(fields, doseq=True).encode()


def _several_parts(fields: Mapping[str, str | list[str]], file: bytes) -> tuple[str, bytes]:
    """A form with a photo, as a browser writes it."""
    mark = uuid4().hex
    head = f"--{mark}\r\nContent-Disposition: form-data; name="
    texts = "".join(f'{head}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    photo = f'{head}"documents"; filename="carte.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = b"".join([texts.encode(), photo.encode(), file, f"\r\n--{mark}--\r\n".encode()])
    return f"multipart/form-data; boundary={mark}", body
