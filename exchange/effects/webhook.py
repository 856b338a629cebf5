"""A partner's software is told that something happened: identifiers and codes, signed.

The signature follows Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`,
an HMAC-SHA256 of the three parts under the endpoint's secret. The same effect keeps its id.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop

from exchange.mailing import Undeliverable
from register.models import Outbox
from register.services.webhooks import SECRET_PREFIX, told

TIMEOUT = 10
GONE = 410
ACCEPTED = range(200, 300)


class Refused(Exception):
    """The software did not accept; tried again later. Names the status only."""


def tell_software(effect: Outbox) -> None:
    """Post what happened; Undeliverable when the endpoint is gone or its address is not public."""
    found = told(effect)
    if found is None:
        raise Undeliverable(gettext_noop("endpoint ended, or file not open to it"))
    endpoint, content = found
    identifier = f"msg_{hashlib.sha256(effect.key.encode()).hexdigest()[:32]}"
    status = post(endpoint.url, content, signed(identifier, content, endpoint.secret))
    if status == GONE:
        raise Undeliverable(gettext_noop("endpoint gone"))
    if status not in ACCEPTED:
        raise Refused(status)


def signed(identifier: str, content: bytes, secret: str, at: int | None = None) -> dict[str, str]:
    """The headers of a message, its signature included."""
    stamp = str(at if at is not None else int(time.time()))
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    message = b".".join((identifier.encode(), stamp.encode(), content))
    signature = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    return {
        "Content-Type": "application/json",
        "webhook-id": identifier,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{signature}",
    }


def post(url: str, content: bytes, headers: dict[str, str]) -> int:
    """The status answered. No redirection is followed and nothing of the answer is read."""
    parts = urlsplit(url)
    host, is_https = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_https else 80)
    connection = _Pinned(host, port, address=public_address(host, port), is_https=is_https)
    path = parts.path or "/"
    try:
        connection.request(
            "POST", f"{path}?{parts.query}" if parts.query else path, content, headers
        )
        return connection.getresponse().status
    finally:
        connection.close()


def public_address(host: str, port: int) -> str:
    """The address to call: every one the name has must be of the open internet."""
    found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    for address in sorted(found):
        if not _is_callable(address):
            raise Undeliverable(gettext_noop("address outside the open internet"))
    return sorted(found)[0]


def _is_callable(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if parsed.is_loopback:
        return bool(settings.WEBHOOKS_TO_THIS_MACHINE)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global and not parsed.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name answers meanwhile."""

    def __init__(self, host: str, port: int, *, address: str, is_https: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.address = address
        self.is_https = is_https

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), TIMEOUT)
        if self.is_https:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
