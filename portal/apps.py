from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import drafts
        from register.retained import Kept, declare
        from register.selectors.accounts import keep_for

        keep_for("drafts", drafts.unsent)
        declare(
            Kept(
                "draft_retention",
                _("Drafts left unfinished"),
                drafts.count_idle_drafts,
                drafts.purge_idle_drafts,
            )
        )
