"""The list of every address the house answers, with its methods and who it is for."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from config.audiences import foreign_audience, is_ours


class Route(NamedTuple):
    """One address: its name (with namespace), pattern, methods, and audience.

    `audience` is empty when a view of ours declares none: the middleware then refuses it.
    """

    name: str
    pattern: str
    methods: tuple[str, ...]
    audience: str


def routes() -> list[Route]:
    """Every reachable route.

    Of two with one pattern, Django only ever calls the first. Routes of other packages that have
    no audience are left out: they answer like a missing page.
    """
    found: dict[str, Route] = {}
    for route in _walk(get_resolver().url_patterns, "/", ()):
        found.setdefault(route.pattern, route)
    return sorted(found.values(), key=lambda route: route.pattern)


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str, namespaces: tuple[str, ...]
) -> Iterator[Route]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            inside = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, address, inside)
        elif is_ours(pattern.callback) or _audience(pattern, address):
            name = ":".join((*namespaces, pattern.name)) if pattern.name else ""
            methods = _methods(pattern.callback)
            yield Route(name, address, methods, _audience(pattern, address))


def _audience(pattern: URLPattern, address: str) -> str:
    declared = getattr(pattern.callback, "audience", None)
    return str(declared or foreign_audience(address, pattern.callback) or "")


def _methods(view: Any) -> tuple[str, ...]:
    if declared := getattr(view, "methods", None):
        return tuple(declared)
    if view_class := getattr(view, "view_class", None):
        answered = ("GET", "POST", "PATCH", "DELETE")
        return tuple(name for name in answered if hasattr(view_class, name.lower()))
    return ("GET", "POST")  # a function of another package: it checks for itself
