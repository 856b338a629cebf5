"""How the rule editor enters Wagtail's admin: its addresses, its entry of the menu, its journal."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry

from . import home
from .permissions import RIGHT


class RulesMenuItem(MenuItem):
    """Shown to those who may edit rules."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the account holds the right."""
        return bool(request.user.has_perm(RIGHT))


@hooks.register("register_admin_urls")
def rules_addresses() -> list[URLPattern | URLResolver]:
    """Everything under one address."""
    return [path("regles/", include("cms.rules_admin.urls"))]


@hooks.register("register_admin_menu_item")
def rules_entry() -> MenuItem:
    """The entry of the menu."""
    return RulesMenuItem(
        _("Rules"), reverse_lazy("rules_admin:index"), name="rules", icon_name="list-ol", order=550
    )


@hooks.register("construct_homepage_panels")
def what_came_back(request: HttpRequest, panels: list[Component]) -> None:
    """What an author must compare again is said where they arrive."""
    panels.extend(home.panels(request))


@hooks.register("register_log_actions")
def rules_journal(actions: LogActionRegistry) -> None:
    """What the journal of the editing space says of rules."""
    actions.register_action("rules.open", _("Open a draft of rules"), _("Draft of rules opened"))
    actions.register_action("rules.edit", _("Save a draft of rules"), _("Draft of rules saved"))
    actions.register_action(
        "rules.rebase", _("Compare a draft of rules again"), _("Draft of rules compared again")
    )
    actions.register_action("rules.simulate", _("Simulate rules"), _("Rules simulated"))
    actions.register_action("rules.submit", _("Send rules for review"), _("Rules sent for review"))
    actions.register_action(
        "rules.withdraw", _("Give up a draft of rules"), _("Draft of rules given up")
    )
