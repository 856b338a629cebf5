"""A real Chromium on a phone-sized screen, allowed to talk to the live server only.

Fixtures: `page` (one person, 360 × 740; ask `@pytest.mark.parametrize("javascript", [True, False])`
to run with scripts off too) and `new_page(...)` for journeys with several people. Helper:
`axe(page)`, and `follow(page, button)` to leave a page for the next one.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

VENDOR = Path(__file__).parent / "vendor" / "axe"
PHONE = {"width": 360, "height": 740}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
BLOCKING_IMPACTS = {"serious", "critical"}
PATIENCE = 30_000  # milliseconds, for an action or for what a page should come to say


def _chromium_path() -> str:
    wanted = os.environ.get("CHROMIUM")
    found = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if path := wanted or found:
        return path
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("Chromium is required here and was not found")
    pytest.skip("Chromium is not on this machine")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the whole run; each test opens its own fresh context in it."""
    path = _chromium_path()
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    # Playwright keeps an event loop in this thread; Django would refuse the database there.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_OPTIONS))
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def javascript() -> bool:
    """Whether the page may run scripts; parametrise it to test both."""
    return True


@pytest.fixture
def new_page(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """Open a browser for one more person: `new_page(javascript=False, width=1280)`.

    At the end of the test, any request to another machine, any script error and anything the
    security policy refused fails it.
    """
    contexts: list[Any] = []
    faults: list[str] = []

    def open_page(*, javascript: bool = True, width: int = 360, height: int = 740) -> Any:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            service_workers="block",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)

        def only_the_live_server(route: Any) -> None:
            url = route.request.url
            if url.startswith((f"{live_server.url}/", "data:", "blob:")):
                route.continue_()
            else:
                faults.append(f"outside request: {url}")
                route.abort()

        context.route("**/*", only_the_live_server)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", lambda message: _note_refusal(message, faults))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def _note_refusal(message: Any, faults: list[str]) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        faults.append(message.text)


@pytest.fixture
def page(new_page: Callable[..., Any], javascript: bool) -> Any:
    """One person on a phone."""
    return new_page(javascript=javascript)


def follow(page: Any, pressed: Any) -> None:
    """Press what leads to another page and wait for that page, even under the same address.

    Whatever is asked right after a mere click may still be asked of the page before.
    """
    with page.expect_navigation():
        pressed.click()


@cache
def _axe_source() -> str:
    french = (VENDOR / "fr.json").read_text(encoding="utf-8")
    library = (VENDOR / "axe.min.js").read_text(encoding="utf-8")
    return f"{library}\naxe.configure({{locale: {french}}});"


def axe(page: Any, *, exclude: tuple[str, ...] = ()) -> None:
    """Fail on any serious or critical accessibility finding of the page as it is now."""
    page.evaluate(_axe_source())
    result = page.evaluate(
        "exclude => axe.run({exclude}, {resultTypes: ['violations']})",
        [[selector] for selector in exclude],
    )
    findings = [
        f"{violation['impact']} {violation['id']}: {violation['help']}\n    "
        + "\n    ".join(node["html"][:200] for node in violation["nodes"][:5])
        for violation in result["violations"]
        if violation["impact"] in BLOCKING_IMPACTS
    ]
    assert not findings, f"{page.url}\n" + "\n".join(findings)


LOOKS = 12  # a quarter of a second each


def assert_fits_the_screen(page: Any) -> None:
    """Nothing scrolls sideways: people read this on small phones.

    A page that is still arriving is given the time to take its shape.
    """
    page.wait_for_load_state("load")
    overflow = 0
    for _look in range(LOOKS):
        overflow = page.evaluate(
            "document.documentElement ?"
            " document.documentElement.scrollWidth - document.documentElement.clientWidth : 1"
        )
        if overflow <= 0:
            return
        page.wait_for_timeout(250)
    assert overflow <= 0, f"{page.url} is {overflow} px wider than the screen"


_OUT_OF_REACH = """exclude => [...document.querySelectorAll(
  "a, button, input, select, textarea, summary"
)].filter((each) => !exclude.some((frame) => each.closest(frame))).map(
  (each) => [each, each.getBoundingClientRect()]
).filter(([, box]) => box.width > 1 && box.height > 1
  && (box.left < -0.5 || box.right > document.documentElement.clientWidth + 0.5)
).map(([each, box]) => `${each.outerHTML.slice(0, 120)}: ${box.left} to ${box.right}`)"""


def assert_within_reach(page: Any, *, exclude: tuple[str, ...] = ()) -> None:
    """Everything that is pressed or filled in stands on the screen.

    A page that cuts what is too wide scrolls nowhere: `assert_fits_the_screen` does not see it.
    """
    found = page.evaluate(_OUT_OF_REACH, list(exclude))
    assert not found, f"{page.url}\n" + "\n".join(found)
