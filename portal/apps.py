from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import drafts
        from register.models import RoundStep
        from register.retained import Kept, declare
        from register.selectors.accounts import keep_for

        keep_for("drafts", drafts.unsent)
        declare(
            Kept(
                "draft_retention",
                RoundStep.DRAFTS,
                drafts.count_idle_drafts,
                drafts.purge_idle_drafts,
            )
        )
