from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import drafts
        from register.retained import Kept, declare

        declare(
            Kept(
                "draft_retention",
                _("Drafts left unfinished"),
                drafts.count_idle_drafts,
                drafts.purge_idle_drafts,
            )
        )
