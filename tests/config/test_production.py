"""Production as documented: PostgreSQL, Redis, gunicorn behind nginx, and what may break."""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import services
from tests.config.production import HOST, Production, hashed_stylesheet, production

pytestmark = [pytest.mark.slow, pytest.mark.own_servers]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
    present = {
        "PostgreSQL": services.postgresql_binaries(),
        "Redis": shutil.which("redis-server"),
        "nginx": nginx,
    }
    absent = [name for name, found in present.items() if not found]
    if absent or nginx is None:
        pytest.skip(f"not on this machine: {', '.join(absent)}")
    with production(tmp_path_factory.mktemp("production"), nginx) as running:
        yield running


def health(stack: Production) -> tuple[int, dict[str, dict[str, object]]]:
    answer, body = stack.get("/health/")
    return answer.status, json.loads(body)


def test_the_deployment_check_finds_nothing_to_say(stack: Production) -> None:
    done = stack.manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "System check identified no issues (0 silenced)." in done.stdout + done.stderr


def test_everything_is_well_through_nginx(stack: Production) -> None:
    status, state = health(stack)
    assert status == 200
    assert all(part["ok"] for part in state.values()), state


def test_pages_come_with_the_headers_that_protect_people(stack: Production) -> None:
    answer, page = stack.get("/")
    assert answer.status == 200
    assert "max-age=31536000; includeSubDomains" in answer.headers["Strict-Transport-Security"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert 'lang="fr"' in page.decode()


def test_cookies_never_travel_in_the_clear(stack: Production) -> None:
    answer, _page = stack.get("/compte/login/")
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert cookies
    assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)


def test_plain_http_leads_to_https(stack: Production) -> None:
    answer, _page = stack.get("/demande/", secure=False)
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{HOST}/demande/"


def test_nginx_serves_static_files_for_ever(stack: Production) -> None:
    _answer, page = stack.get("/")
    answer, style = stack.get(hashed_stylesheet(page))
    assert answer.status == 200
    assert style
    assert "immutable" in answer.headers["Cache-Control"]


def test_applicants_files_are_on_no_address(stack: Production) -> None:
    private = Path(stack.environment["DATA_DIR"]) / "private"
    private.mkdir(exist_ok=True)
    (private / "identity.pdf").write_bytes(b"canary")
    for address in ("/private/identity.pdf", "/media/../private/identity.pdf"):
        answer, body = stack.get(address)
        assert answer.status in (400, 404)
        assert b"canary" not in body


def test_a_frozen_redis_holds_nobody_up(stack: Production) -> None:
    stack.redis.send_signal(signal.SIGSTOP)
    try:
        started = time.monotonic()
        status, state = health(stack)
        assert status == 200
        assert state["queue"] == {"ok": False}
        assert time.monotonic() - started < 5
        assert stack.get("/")[0].status == 200
        assert stack.get("/compte/login/")[0].status == 200
    finally:
        stack.redis.send_signal(signal.SIGCONT)


def test_when_gunicorns_workers_are_killed_others_take_over(stack: Production) -> None:
    master = stack.children["web server"].process.pid
    listing = Path(f"/proc/{master}/task/{master}/children")
    for number in listing.read_text().split():
        os.kill(int(number), signal.SIGKILL)
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        if stack.get("/health/")[0].status == 200:
            return
        time.sleep(0.2)
    raise AssertionError("nobody took over")
