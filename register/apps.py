from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "register"

    def ready(self) -> None:
        from register.access import vocabulary
        from rules import registry

        registry.set_vocabulary(vocabulary())
