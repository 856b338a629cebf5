from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Tells the register, which knows no other room, whom to wake when the outbox fills."""

    name = "exchange"

    def ready(self) -> None:
        from exchange.tasks import ask_to_build, ask_to_simulate, deliver_soon
        from register.services import built_audiences, outbox, simulation

        outbox.on_wake_up(deliver_soon)
        simulation.on_asked(ask_to_simulate)
        built_audiences.on_asked(ask_to_build)
