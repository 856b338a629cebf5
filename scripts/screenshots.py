"""Takes the README's pictures in the machine's own Chromium.

Usage: `make screenshots` starts a small demonstration of its own in a temporary folder, on a free
port, and stops it; `BASE_URL=http://127.0.0.1:8000 make screenshots` looks at one that runs.
"""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from scripts.processes import dies_with_parent

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "screenshots"
SHEET = tomllib.loads((ROOT / "tests" / "blackbox.toml").read_text(encoding="utf-8"))
PHONE, DESK = (360, 740), (1280, 860)
DEMANDS = 300
START_LIMIT = 300  # seconds for a first preparation on a slow machine
HEAVIEST = 200_000  # bytes of one picture
COLOURS = 256
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class Picture(NamedTuple):
    """One picture: its file, the page, the screen, and who looks (a role of the demo's accounts).

    `follow` are links to open one after the other, for pages whose address holds a number.
    """

    name: str
    path: str
    screen: tuple[int, int]
    role: str | None = None
    follow: tuple[str, ...] = ()


FILE = SHEET["desk"]["file_link"]
ACCESS = "a[href$='/acces/']"
PICTURES = (
    Picture("home", "/", DESK),
    Picture("home-phone", "/", PHONE),
    Picture("charter", SHEET["pages"]["charter"], DESK),
    Picture("figures", SHEET["pages"]["statistics"], DESK),
    Picture("demand-start-phone", SHEET["demand"]["start"], PHONE),
    Picture("demand-tasks-phone", SHEET["demand"]["tasks"], PHONE, SHEET["demand"]["account"]),
    Picture("demand-step-phone", "/demande/identite/", PHONE, SHEET["demand"]["account"]),
    Picture("space", SHEET["space"]["home"], DESK, "applicant"),
    Picture("space-phone", SHEET["space"]["home"], PHONE, "applicant"),
    Picture("space-access-phone", SHEET["space"]["home"], PHONE, "applicant", (ACCESS,)),
    Picture("desk-list", SHEET["desk"]["list"], DESK, "landlord agent"),
    Picture("desk-file", SHEET["desk"]["list"], DESK, "landlord agent", (FILE,)),
    Picture("desk-file-phone", SHEET["desk"]["list"], PHONE, "landlord agent", (FILE,)),
)


class NotReady(Exception):
    """No demonstration to look at; the message says why."""


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if not browser:
        print("Chromium is needed: apt install chromium")
        return 1
    running = os.environ.get("BASE_URL", "").rstrip("/")
    try:
        if running:
            take_all(browser, running)
        else:
            with demonstration() as base:
                take_all(browser, base)
    except NotReady as problem:
        print(problem)
        return 1
    return 0


@contextmanager
def demonstration() -> Iterator[str]:
    """A demonstration of our own in a temporary folder; its address."""
    with tempfile.TemporaryDirectory(prefix="register-pictures-") as folder:
        port = _free_port()
        environment = {
            **os.environ,
            "DATA_DIR": folder,
            "PORT": str(port),
            "DEMO_DEMANDS": str(DEMANDS),
        }
        log = Path(folder) / "run.log"
        with log.open("wb") as output:
            command = [sys.executable, "-m", "scripts.run"]
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=dies_with_parent,
            )
            try:
                _wait_until_ready(child, log)
                yield f"http://127.0.0.1:{port}"
            finally:
                child.terminate()
                child.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(child: subprocess.Popen[bytes], log: Path) -> None:
    print("Preparing a demonstration for the pictures", flush=True)
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and child.poll() is None:
        if "Ready: " in log.read_text(encoding="utf-8"):
            return
        time.sleep(0.5)
    raise NotReady(f"The demonstration did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


def take_all(browser_path: str, base: str) -> None:
    """Every picture, each person signed in once."""
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(FLAGS))
        sessions: dict[str | None, Any] = {None: None}
        for picture in PICTURES:
            if picture.role not in sessions:
                sessions[picture.role] = _signed_in(browser, base, str(picture.role))
            content = _take(browser, base, picture, sessions[picture.role])
            size = _keep(picture.name, content)
            print(f"docs/screenshots/{picture.name}.png  {size // 1000} kB", flush=True)
        browser.close()


def _signed_in(browser: Any, base: str, role: str) -> Any:
    """What a browser keeps after signing in: the cookies of this role's account."""
    account = next(each for each in SHEET["accounts"] if each["role"] == role)
    form = SHEET["sign_in"]
    context = browser.new_context(base_url=base, locale="fr-FR")
    page = context.new_page()
    page.goto(form["url"])
    page.fill(f"[name={form['fields']['email']}]", account["email"])
    page.fill(f"[name={form['fields']['password']}]", account["password"])
    page.press(f"[name={form['fields']['password']}]", "Enter")
    page.wait_for_url(lambda url: form["url"] not in url)
    state = context.storage_state()
    context.close()
    return state


def _take(browser: Any, base: str, picture: Picture, session: Any) -> bytes:
    width, height = picture.screen
    context = browser.new_context(
        base_url=base,
        storage_state=session,
        viewport={"width": width, "height": height},
        locale="fr-FR",
        reduced_motion="reduce",
    )
    page = context.new_page()
    answer = page.goto(picture.path)
    for link in picture.follow:
        with page.expect_navigation() as moved:
            page.locator(link).first.click()
        answer = moved.value
    if answer is None or answer.status != 200:
        status = answer.status if answer else "nothing"
        raise NotReady(f"{picture.name}: {page.url} answered {status}")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    content: bytes = page.screenshot()
    context.close()
    return content


def _keep(name: str, content: bytes) -> int:
    """Write a picture in as few colours as needed to stay light; its size."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    colours = COLOURS
    while True:
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() < HEAVIEST or colours <= 16:
            break
        colours //= 2
    (FOLDER / f"{name}.png").write_bytes(out.getvalue())
    return out.tell()


if __name__ == "__main__":
    sys.exit(main())
