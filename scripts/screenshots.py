"""Takes the README's pictures from a running demonstration, in the machine's own Chromium.

Usage: `make run` in one terminal, `make screenshots` in another (BASE=http://127.0.0.1:8000).
"""

import os
import shutil
import sys
import tomllib
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
BASE = os.environ.get("BASE") or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
FOLDER = ROOT / "docs" / "screenshots"
PHONE, DESK = (360, 740), (1280, 860)


class Picture(NamedTuple):
    """One picture: its file, the page, the screen, and who looks (a role of the demo's accounts).

    `follow` is a link to open first, for pages whose address holds a number.
    """

    name: str
    path: str
    screen: tuple[int, int]
    role: str | None = None
    follow: str | None = None


PICTURES = (
    Picture("home-phone", "/", PHONE),
    Picture("home", "/", DESK),
    Picture("charter", "/charte/", DESK),
    Picture("demand-start-phone", "/demande/", PHONE),
    Picture("space-phone", "/mon-espace/", PHONE, "applicant"),
    Picture("desk-list", "/bureau/", DESK, "landlord agent"),
    Picture("desk-file", "/bureau/", DESK, "landlord agent", "a[href*='/bureau/dossiers/']"),
    Picture("figures", "/observatoire/", DESK),
)


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        print("Chromium is needed: apt install chromium")
        return 1
    if not _is_running():
        print(f"No demonstration answers at {BASE}: start it with make run.")
        return 1
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for picture in PICTURES:
            _take(browser, picture)
            print(f"docs/screenshots/{picture.name}.png", flush=True)
        browser.close()
    return 0


def _is_running() -> bool:
    try:
        with urllib.request.urlopen(f"{BASE}/health/", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _take(browser: Any, picture: Picture) -> None:
    width, height = picture.screen
    context = browser.new_context(
        base_url=BASE,
        viewport={"width": width, "height": height},
        locale="fr-FR",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.role:
        _sign_in(page, picture.role)
    page.goto(picture.path)
    if picture.follow:
        page.locator(picture.follow).first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{picture.name}.png")
    context.close()


def _sign_in(page: Any, role: str) -> None:
    sheet = tomllib.loads((ROOT / "tests" / "blackbox.toml").read_text(encoding="utf-8"))
    account = next(each for each in sheet["accounts"] if each["role"] == role)
    fields = sheet["sign_in"]["fields"]
    page.goto(sheet["sign_in"]["url"])
    page.fill(f"[name={fields['email']}]", account["email"])
    page.fill(f"[name={fields['password']}]", account["password"])
    page.press(f"[name={fields['password']}]", "Enter")
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    sys.exit(main())
