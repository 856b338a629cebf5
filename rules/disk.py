"""Modules as files: `<code>/manifest.json`, `body.json` and `tests.json`, readable by anybody."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .cases import failures
from .conditions import content_hash
from .errors import RuleError
from .kinds import Body, parse_body
from .kinds.parts import items
from .kinds.questions import Questions
from .manifest import Manifest, parse_manifest
from .questions import check_continuity
from .storable import check_storable
from .vocabulary import Vocabulary

MODULES = Path(__file__).resolve().parent / "modules"
LARGEST_FILE = 2 * 1024 * 1024


@dataclass(frozen=True)
class Package:
    """A module read from files: parsed, not yet installed."""

    manifest: Manifest
    body: Body
    raw_manifest: dict[str, Any]
    raw_body: dict[str, Any]
    tests: list[dict[str, Any]]

    @property
    def content_hash(self) -> str:
        """The fingerprint of what is published and executed; test cases are not part of it."""
        return fingerprint(self.raw_manifest, self.raw_body)

    def failures(self, vocabulary: Vocabulary, today: date) -> Iterator[str]:
        """One message for each of its test cases that does not come out as written."""
        return failures(self.manifest.kind, self.body, self.tests, vocabulary, today)


def fingerprint(manifest: dict[str, Any], body: dict[str, Any]) -> str:
    """SHA-256 of a module's manifest and body, in hexadecimal."""
    return content_hash({"manifest": manifest, "body": body})


def read_package(folder: Path, vocabulary: Vocabulary) -> Package:
    """The module of a folder; RuleError, naming the folder, when it is not acceptable.

    A code that is retired today is refused: what is installed already keeps it.
    """
    vocabulary = vocabulary.dated(timezone.localdate())
    try:
        raw_manifest = _read(folder / "manifest.json")
        raw_body = _read(folder / "body.json")
        tests = _read(folder / "tests.json") if (folder / "tests.json").exists() else []
        package = parse_package(raw_manifest, raw_body, tests, vocabulary)
        if package.manifest.code != folder.name:
            raise RuleError("manifest.code", _("the folder must bear the code of its module"))
    except RuleError as error:
        place = f"{folder.name}: {error.path}" if error.path else folder.name
        raise RuleError(place, error.message) from error
    return package


def parse_package(manifest: Any, body: Any, tests: Any, vocabulary: Vocabulary) -> Package:
    """A module given as JSON; RuleError, with its place, for whatever is not acceptable."""
    parsed = parse_manifest(manifest)
    rules = parse_body(parsed.kind, body, vocabulary)
    check_chapters(parsed, rules)
    for path, case in items(tests, "tests"):
        if not isinstance(case, dict):
            raise RuleError(path, _("an object is expected here"))
    for name, data in (("manifest", manifest), ("body", body), ("tests", tests)):
        check_storable(data, name)
    return Package(parsed, rules, manifest, body, tests)


def read_packages(root: Path, vocabulary: Vocabulary) -> list[Package]:
    """Every module under a folder, those that others depend on first.

    Rules may speak of the local questions of the same folder, whether they are installed or not.
    """
    asking, answering = folders_of(root)
    questions = [read_package(folder, vocabulary) for folder in asking]
    known = with_questions_of(questions, vocabulary)
    packages = [*questions, *(read_package(folder, known) for folder in answering)]
    ordered, circular = in_order(packages)
    for package in circular:
        raise needs_itself(package)
    return ordered


def needs_itself(package: Package) -> RuleError:
    """What is said of a module that, through others or not, depends on itself."""
    return RuleError(package.manifest.code, _("it depends on modules that depend on it"))


def folders_of(root: Path) -> tuple[list[Path], list[Path]]:
    """The folders of modules that ask local questions, and the others, whose rules may use them."""
    folders = sorted(path.parent for path in root.glob("*/manifest.json"))
    asking = [folder for folder in folders if _asks(folder)]
    return asking, [folder for folder in folders if folder not in asking]


def with_questions_of(packages: Iterable[Package], vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary in which rules that come together with these modules are written."""
    asked = {p.manifest.code: p.body.questions for p in packages if isinstance(p.body, Questions)}
    return vocabulary.with_questions(asked) if asked else vocabulary


def _asks(folder: Path) -> bool:
    try:
        manifest = _read(folder / "manifest.json")
    except RuleError:
        # Told with its place when the module is read.
        return False
    return isinstance(manifest, dict) and manifest.get("kind") == "questions"


def refusals(root: Path, vocabulary: Vocabulary, today: date) -> Iterator[RuleError]:
    """Everything that keeps the modules of a folder from being installed, each at its place."""
    packages = []
    for folder in sorted(path.parent for path in root.glob("*/manifest.json")):
        try:
            packages.append(read_package(folder, vocabulary))
        except RuleError as error:
            yield error
    for package in packages:
        try:
            for failure in package.failures(vocabulary, today):
                yield RuleError(package.manifest.code, failure)
        except RuleError as error:
            yield RuleError(f"{package.manifest.code}: {error.path}", error.message)


def check(packages: Iterable[Package], vocabulary: Vocabulary, today: date) -> None:
    """Run the modules' own test cases; RuleError on the first that gives something else."""
    packages = list(packages)
    known = with_questions_of(packages, vocabulary)
    for package in packages:
        if isinstance(package.body, Questions):
            check_continuity(package.manifest.code, package.body, vocabulary)
        for failure in package.failures(known, today):
            raise RuleError(package.manifest.code, failure)


def write_package(
    folder: Path, manifest: dict[str, Any], body: dict[str, Any], tests: list[dict[str, Any]]
) -> None:
    """Write a module as files, in the form in which the repository keeps them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in (("manifest", manifest), ("body", body), ("tests", tests)):
        text = json.dumps(data, ensure_ascii=False, indent=2)
        (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def check_chapters(manifest: Manifest, body: Body) -> None:
    """Every item that names a chapter of the charter names one that the manifest announces."""
    announced = {chapter.number for chapter in manifest.chapters}
    for item in body.items:
        if item.chapter is not None and item.chapter not in announced:
            raise RuleError(
                item.code,
                _("its chapter {number} is not in the manifest").format(number=item.chapter),
            )


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RuleError(path.name, _("this file is larger than 2 MB"))
        written = path.read_text(encoding="utf-8")
        return json.loads(written, object_pairs_hook=_once, parse_constant=_no_number)
    except OSError as error:
        raise RuleError(path.name, _("this file is missing")) from error
    except ValueError as error:
        raise RuleError(
            path.name, _("this file is not valid JSON: {reason}").format(reason=error)
        ) from error
    except RecursionError as error:
        raise RuleError(path.name, _("this file is nested too deeply")) from error


def _no_number(name: str) -> NoReturn:
    """NaN and Infinity, which Python reads and no database keeps."""
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are each written once: of two, one would be lost unseen."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise RuleError(twice, _("this name is written twice in one object"))
    return found


def in_order(packages: Iterable[Package]) -> tuple[list[Package], list[Package]]:
    """By code, those that others depend on first; then those that depend on each other."""
    by_code = sorted(packages, key=lambda package: package.manifest.code)
    waiting = {package.manifest.code: package for package in by_code}
    ordered: list[Package] = []
    while ready := [p for p in waiting.values() if not set(p.manifest.depends) & set(waiting)]:
        for package in ready:
            ordered.append(waiting.pop(package.manifest.code))
    return ordered, list(waiting.values())
