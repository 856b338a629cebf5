"""How the editing space looks and what it offers."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem



# Entries of Wagtail's menu that concern a developer, not an editor.
HIDDEN_MENU_ITEMS = frozenset({"help"})
HIDDEN_SETTINGS = frozenset({"sites", "locales", "users", "groups"})


@hooks.register("construct_main_menu")
def keep_editors_entries(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave only what an editor uses every day."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_MENU_ITEMS]


@hooks.register("construct_settings_menu")
def keep_editors_settings(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Accounts of agents and applicants are managed at the manager's desk, never here."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_SETTINGS]


@hooks.register("insert_global_admin_css")
def house_colours() -> SafeString:
    """Dress the editing space in the colours of the service."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))
