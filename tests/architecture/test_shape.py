"""Files stay readable, folders stay importable, templates stay safe under the strict policy."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOMS, ROOT, python_files, shown, template_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
OUTSIDE = re.compile(r"""(?:https?:)?//[a-z0-9][^\s"')>]*""", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE | re.DOTALL)
SCRIPT = re.compile(r"<script\b[^>]*>", re.IGNORECASE)
UNSAFE = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|\{%\s*autoescape\s+off")
LOADED = re.compile(
    r"<(?:script|img|link|iframe|source|video|audio|embed|object|use)\b[^>]*?"
    r"\s(?:src|href|srcset|data|poster)\s*=\s*[\"']?((?:https?:)?//[^\s\"'>]+)",
    re.IGNORECASE,
)
# Django's form layouts: the texts and the fields come from the code, never from a person.
TRUSTED_TEXTS = {
    "site/templates/bootstrap5/layout/fieldset.html": 1,
}
OWN_CSS_AND_JS = [
    path
    for folder in ("css", "js")
    for path in sorted((ROOT / "site" / "static" / folder).rglob("*.*"))
]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(_read(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def _ours() -> list[Path]:
    return [path for room in ROOMS for path in python_files(room)]


def _tests() -> list[Path]:
    return sorted((ROOT / "tests").rglob("*.py"))


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    sizes = {shown(path): len(_read(path).splitlines()) for path in [*_ours(), *_tests()]}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{shown(path)} {name}: {lines} lines"
        for path in _ours()
        for name, lines in _functions(path)
        if lines > LONGEST_FUNCTION
    ]
    assert long == []


def test_the_site_folder_is_a_source_root_and_never_a_package() -> None:
    assert not (ROOT / "site" / "__init__.py").exists()
    assert not (ROOT / "locale" / "__init__.py").exists()


def test_every_folder_of_tests_is_a_package_so_that_none_hides_a_room() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [shown(each) for each in sorted(folders) if not (each / "__init__.py").exists()] == []


def test_templates_escape_everything_somebody_typed() -> None:
    found = {shown(path): len(UNSAFE.findall(_read(path))) for path in template_files()}
    assert {name: count for name, count in found.items() if count} == TRUSTED_TEXTS


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [("a style written inline", INLINE_STYLE), ("a handler written inline", HANDLER)],
    ids=["style", "handler"],
)
def test_templates_hold_nothing_the_strict_policy_refuses(
    rule: str, pattern: re.Pattern[str]
) -> None:
    admin = ROOT / "site" / "templates" / "wagtailadmin"
    wrong = [
        shown(p) for p in template_files() if admin not in p.parents and pattern.search(_read(p))
    ]
    assert wrong == [], rule


def test_every_script_of_a_template_is_a_file_or_carries_the_nonce() -> None:
    wrong = [
        f"{shown(path)}: {tag}"
        for path in template_files()
        for tag in SCRIPT.findall(_read(path))
        if "src=" not in tag and "nonce=" not in tag
    ]
    assert wrong == []


def test_no_page_asks_another_site_for_anything() -> None:
    wrong = [
        f"{shown(path)}: {url}" for path in template_files() for url in LOADED.findall(_read(path))
    ]
    assert wrong == []


def test_no_stylesheet_or_script_names_another_site() -> None:
    wrong = [
        f"{shown(path)}: {url}"
        for path in OWN_CSS_AND_JS
        for url in OUTSIDE.findall(_without_comments(_read(path)))
        if "www.w3.org" not in url
    ]
    assert OWN_CSS_AND_JS
    assert wrong == []


def _without_comments(text: str) -> str:
    """The text without comments; what follows `//` on a line is one unless it is in quotes."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"(?m)^\s*//.*$|\s//\s.*$", "", text)
