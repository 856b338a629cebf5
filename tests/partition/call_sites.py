"""Every place of the code that asks `register.access`, and each taken away in turn.

Taken away: at that one line, the question answers yes to everybody; everywhere else it is asked.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q
from django.http import Http404

from register import access
from register.access import FieldRights, FieldSet, Level
from register.models import Demand
from tests.architecture.sources import ROOT

ASKED = ("scope", "decide", "fields", "readable", "get_demand", "may_ever", "can_use_desk")
ROOMS = ("register", "portal", "backoffice", "observatory", "exchange", "site")
# Asked for measures, with no person on the other side.
NO_DOOR = ("register/bench/", "register/demo/")
# Asked again after another question that is as strict: second walls, each with its first one.
SECOND_WALLS = {
    ("backoffice/views/acts.py", "conflict", "get_demand"): "the right to record, just before",
    ("backoffice/views/entry.py", "_left_to_do", "decide"): "the link; `receive` refuses",
    ("backoffice/views/file.py", "act_forms", "fields"): "the form; `add_note` refuses",
    ("backoffice/views/file.py", "file", "get_demand"): "`read_file` gives the same answer",
    ("backoffice/views/file.py", "show_file", "decide"): "buttons; each service refuses",
    ("backoffice/views/documents.py", "_show", "decide"): "the button; `begin_change` refuses",
    ("backoffice/views/declaration.py", "declaration", "decide"): "links; `rectify` refuses",
    ("backoffice/views/declaration.py", "rectify", "get_demand"): "`fields`; the service refuses",
    ("portal/space/views/corrections.py", "corrections", "fields"): "her own file, all of it",
    ("portal/space/modifying.py", "_asked", "fields"): "fields of a page; `modify` refuses",
    ("portal/space/views/summary.py", "summary", "decide"): "links; `modify` asks again",
    ("portal/space/views/preferences.py", "preferences", "decide"): "boxes; the service refuses",
    ("register/selectors/notes_requests.py", "waiting", "scope"): "`readable`, likewise",
    ("register/selectors/printing.py", "_addressed", "scope"): "`readable`, likewise",
    ("register/selectors/demand_form.py", "_own", "scope"): "the person's own account",
    ("register/selectors/file.py", "read_file", "decide"): "`get_demand`; alone for a refused act",
    ("register/selectors/home_ranking.py", "_opened", "scope"): "the keys, which `top_of` gave",
    ("register/selectors/oversight.py", "_reading", "scope"): "`readable` holds the right to view",
    ("register/services/assertions.py", "_counter_examples", "scope"): "`readable`, likewise",
    ("register/selectors/statistics.py", "observe_department", "scope"): "everybody's figures",
    ("register/services/waiting_times.py", "housed", "scope"): "everybody's figures",
    (
        "register/selectors/score_list.py",
        "by_points",
        "scope",
    ): "the keys; each line, drawn by `read_lines`",
}


@dataclass(frozen=True, order=True)
class Site:
    """One call of `access`: file, line and the question asked."""

    path: str
    line: int
    name: str
    within: str = field(default="", compare=False)

    @property
    def is_second_wall(self) -> bool:
        """True when another question as strict is asked before, or nothing hangs on the answer."""
        return self.asked in SECOND_WALLS

    @property
    def asked(self) -> tuple[str, str, str]:
        """Where the question is asked, however the lines move."""
        return self.path, self.within, self.name

    def __str__(self) -> str:
        return f"{self.path}:{self.line} access.{self.name}"


def call_sites() -> list[Site]:
    """Every call of a question of `access` in our rooms, but those with nobody at the door."""
    found = (
        site
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for site in _calls(path)
    )
    return sorted({site for site in found if not site.path.startswith(NO_DOOR)})


def _calls(path: Path) -> Iterator[Site]:
    shown = path.relative_to(ROOT).as_posix()
    for function in ast.parse(path.read_text(encoding="utf-8")).body:
        parts = function.body if isinstance(function, ast.ClassDef) else [function]
        for part in parts:
            within = getattr(part, "name", "")
            for node in ast.walk(part):
                name = _question(node, inside=shown == "register/access.py")
                if name:
                    yield Site(shown, node.lineno, name, within)  # type: ignore[attr-defined]


def _question(node: ast.AST, *, inside: bool) -> str:
    """The question asked by a node, or an empty text."""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        asked = function.attr if function.value.id == "access" else ""
    else:
        asked = function.id if inside and isinstance(function, ast.Name) else ""
    return asked if asked in ASKED else ""


def _any_demand(_principal: Any, _action: Any, number: str) -> Demand:
    found = Demand.objects.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _yes(original: Callable[..., Any], name: str) -> Callable[..., Any]:
    if name == "decide":
        return lambda *args: replace(original(*args), allowed=True)
    levels = {str(group): Level.WRITE for group in FieldSet}
    return {
        "scope": lambda *_args: Demand.objects.all(),
        "fields": lambda *_args: FieldRights(levels, {}),
        "readable": lambda *_args: Q(pk__isnull=False),
        "get_demand": _any_demand,
        "may_ever": lambda *_args: True,
        "can_use_desk": lambda *_args: True,
    }[name]


def take_away(patch: pytest.MonkeyPatch, site: Site) -> None:
    """From now on, this one call answers yes."""
    original = getattr(access, site.name)
    yes, path = _yes(original, site.name), str(ROOT / site.path)

    def asked(*args: Any, **kwargs: Any) -> Any:
        caller = sys._getframe(1)
        there = caller.f_code.co_filename == path and caller.f_lineno == site.line
        return yes(*args) if there else original(*args, **kwargs)

    patch.setattr(access, site.name, asked)


@cache
def _ours(filename: str) -> str:
    """The path within this repository; an empty text for a file of others."""
    path = Path(filename)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else ""


def listen(patch: pytest.MonkeyPatch, heard: set[Site]) -> None:
    """Write down each call that is made, by its place."""
    for name in ASKED:
        original = getattr(access, name)

        def asked(*args: Any, _name: str = name, _original: Any = original, **kwargs: Any) -> Any:
            caller = sys._getframe(1)
            if shown := _ours(caller.f_code.co_filename):
                heard.add(Site(shown, caller.f_lineno, _name))
            return _original(*args, **kwargs)

        patch.setattr(access, name, asked)
