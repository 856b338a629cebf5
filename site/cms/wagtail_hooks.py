"""How the editing space looks and what it offers."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.rich_text.pages import PageLinkHandler

from . import reference_admin  # noqa: F401  (registers the reference tables)
from .rules_admin import hooks as rules_admin  # noqa: F401  (registers the rule editor)

# Entries of Wagtail's menu that concern a developer, not an editor.
HIDDEN_MENU_ITEMS = frozenset({"help"})
HIDDEN_SETTINGS = frozenset({"sites", "locales", "users", "groups"})


@hooks.register("construct_main_menu")
def keep_editors_entries(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave only what an editor uses every day."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_MENU_ITEMS]
    for item in menu_items:
        if item.name == "documents":
            # "Documents" means supporting documents everywhere else in the house.
            item.label = _("Files")


@hooks.register("construct_settings_menu")
def keep_editors_settings(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Accounts of agents and applicants are managed at the manager's desk, never here."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_SETTINGS]


@hooks.register("insert_global_admin_css")
def house_colours() -> SafeString:
    """Dress the editing space in the colours of the service."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


class PageLink(PageLinkHandler):
    """A link inside a text leads to the page the editor chose, in that page's language."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """Opening tags, one per link; a link to a page since deleted leads nowhere."""
        return [
            format_html('<a href="{}">', page.url) if page and page.url else "<a>"
            for page in cls.get_many(attrs_list)
        ]


@hooks.register("register_rich_text_features", order=10)
def link_without_translation(features: FeatureRegistry) -> None:
    """Replace Wagtail's link, which looks for a translation of each target, one by one."""
    features.register_link_type(PageLink)
