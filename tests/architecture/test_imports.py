"""Imports point one way: interfaces → register → rules; settings name rooms by text only."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import (
    INTERFACES,
    ROOMS,
    imports,
    module_name,
    python_files,
    shown,
)

# What a room may import of the house, itself included.
MAY_IMPORT = {room: {room, "register", "rules"} for room in INTERFACES} | {
    "register": {"register", "rules"},
    "rules": {"rules"},
    "config": {"config"},
}
# What the web glue of the register is: only rooms with addresses may hold it.
WEB = "register.web"
KNOWN_TO_RULES = ("django.http", "django.contrib.auth", "django.views", "django.urls")


def _house_imports(room: str) -> list[tuple[Path, str, int]]:
    return [
        (path, name, line)
        for path in python_files(room)
        for name, line in imports(path, module_name(room, path))
        if name.partition(".")[0] in ROOMS
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_nothing_beside_or_above_it(room: str) -> None:
    wrong = [
        f"{shown(path)}:{line} imports {name}"
        for path, name, line in _house_imports(room)
        if name.partition(".")[0] not in MAY_IMPORT[room]
    ]
    assert wrong == []


def test_the_direction_is_really_looked_at() -> None:
    known = {name for room in ROOMS for _path, name, _line in _house_imports(room)}
    assert "register.access" in known
    assert "rules.registry" in known
    assert "register.web.audience.audience" in known


@pytest.mark.parametrize("folder", ["models", "services", "selectors", "letters", "reference"])
def test_the_register_itself_knows_no_web_page(folder: str) -> None:
    wrong = [
        f"{shown(path)}:{line} imports {name}"
        for path in python_files("register")
        if folder in path.parts
        for name, line in imports(path, module_name("register", path))
        if name.startswith((WEB, "django.shortcuts", "django.views", "django.template.response"))
    ]
    assert wrong == []


def test_the_rules_know_neither_requests_nor_accounts() -> None:
    wrong = [
        f"{shown(path)}:{line} imports {name}"
        for path in python_files("rules")
        for name, line in imports(path, module_name("rules", path))
        if name.startswith(KNOWN_TO_RULES)
    ]
    assert wrong == []


@pytest.mark.parametrize("room", INTERFACES)
def test_an_interface_never_queries_a_table_of_the_register_itself(room: str) -> None:
    wrong = []
    for path in python_files(room):
        ours = {
            name.rpartition(".")[2]
            for name, _line in imports(path, module_name(room, path))
            if name.startswith(("register.models", "rules.models"))
        }
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in ("objects", "_default_manager", "_base_manager")
                and isinstance(node.value, ast.Name)
                and node.value.id in ours
            ):
                wrong.append(f"{shown(path)}:{node.lineno} {node.value.id}.{node.attr}")
    assert wrong == []


@pytest.mark.parametrize("room", INTERFACES)
def test_an_interface_saves_no_row_of_the_register_itself(room: str) -> None:
    """Rows of the register are written by services: an interface builds none to save it."""
    wrong = []
    for path in python_files(room):
        ours = {
            name.rpartition(".")[2]
            for name, _line in imports(path, module_name(room, path))
            if name.startswith("register.models.") and name.rpartition(".")[2][:1].isupper()
        }
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            built = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if built and node.func.id in ours and node.keywords:
                wrong.append(f"{shown(path)}:{node.lineno} builds {node.func.id}")
    assert wrong == []
