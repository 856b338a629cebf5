"""The house's own source files, read without importing them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
INTERFACES = ("portal", "backoffice", "observatory", "exchange", "cms")
ROOMS = (*INTERFACES, "register", "rules", "config")
FOLDERS = {room: ROOT / room for room in ROOMS} | {
    "cms": ROOT / "site" / "cms",
    "config": ROOT / "site" / "config",
}


def python_files(room: str) -> list[Path]:
    """Every module of a room; generated migrations are left out."""
    return [path for path in sorted(FOLDERS[room].rglob("*.py")) if "migrations" not in path.parts]


def template_files() -> list[Path]:
    """Every template written here, whatever room it lies in."""
    folders = [ROOT / "site" / "templates", *FOLDERS.values()]
    return sorted({path for folder in folders for path in folder.rglob("*.html")})


def shown(path: Path) -> str:
    """The file as somebody looks for it."""
    return str(path.relative_to(ROOT))


def imports(path: Path, module: str) -> Iterator[tuple[str, int]]:
    """Every module or name imported anywhere in the file, in full, with its line.

    `from register import access` gives `register.access`; relative imports are resolved.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(node, module, path.name == "__init__.py")
            yield from ((f"{source}.{alias.name}", node.lineno) for alias in node.names)
        elif dynamic := _imported_by_call(node):
            yield dynamic, node.lineno


def module_name(room: str, path: Path) -> str:
    """Dotted name under which the file is imported."""
    parts = path.relative_to(FOLDERS[room]).with_suffix("").parts
    return ".".join((room, *(part for part in parts if part != "__init__")))


def _absolute(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parents = module.split(".")
    kept = parents[: len(parents) - node.level + is_package]
    return ".".join((*kept, node.module) if node.module else kept)


def _imported_by_call(node: ast.AST) -> str:
    """The name given to `import_module("…")` or `import_string("…")`, if it is written there."""
    if not isinstance(node, ast.Call) or not node.args:
        return ""
    called = (
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    )
    name = node.args[0]
    is_import = called in ("import_module", "import_string", "__import__", "get_model")
    return str(name.value) if is_import and isinstance(name, ast.Constant) else ""
