from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RegisterConfig(AppConfig):
    name = "register"

    def ready(self) -> None:
        from register import bulk, retained
        from register.services.retention import KEPT
        from register.vocabulary import build_vocabulary
        from rules import registry

        registry.set_vocabulary(build_vocabulary())
        for kept in KEPT:
            retained.declare(kept)
        pre_migrate.connect(bulk.lift_time_limit, sender=self)
        post_migrate.connect(bulk.restore_time_limit, sender=self)
