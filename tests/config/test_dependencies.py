"""Every dependency is explained, at the version that runs."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[.*\])?==(\S+)")


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(match.groups() for line in lines if (match := PIN.match(line)))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_is_explained_at_its_version(name: str) -> None:
    explained = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    unexplained = [f"{p} {v}" for p, v in pins(name).items() if f"| {p} | {v} |" not in explained]
    assert unexplained == []


def test_what_runs_is_what_is_pinned() -> None:
    runtime = pins("requirements.txt")
    different = {p: version(p) for p in runtime if version(p) != runtime[p]}
    assert different == {}
