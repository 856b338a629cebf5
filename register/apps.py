from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "register"

    def ready(self) -> None:
        from register.vocabulary import build_vocabulary
        from rules import registry

        registry.set_vocabulary(build_vocabulary())
