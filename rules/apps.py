from django.apps import AppConfig
from django.db.backends.signals import connection_created


class RulesConfig(AppConfig):
    name = "rules"

    def ready(self) -> None:
        """Teach the database the arithmetic and the comparisons of rules."""
        from .functions import register_functions, register_lookups

        register_lookups()
        connection_created.connect(register_functions, dispatch_uid="rules.functions")
