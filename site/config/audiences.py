"""Audiences of the routes that other packages bring; our own views declare theirs themselves."""

FOREIGN_ROUTES = (
    ("/edition/", "editor"),
    ("/compte/", "public"),
    ("/static/", "public"),
    ("/media/", "public"),
    ("/documents/", "public"),
    ("/i18n/", "public"),
)


def foreign_audience(path: str) -> str:
    """Audience of a route of another package: by prefix, else a page served by Wagtail."""
    return next((name for prefix, name in FOREIGN_ROUTES if path.startswith(prefix)), "public")
