"""The worker's agenda. Everything here may run twice, or late, and must not matter."""

from datetime import timedelta

from django.core.management import call_command
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from exchange.delivery import deliver_pending
from register.services.moments import evaluate_moments
from register.services.sweep import sweep_orphans


@db_task()
def deliver_soon() -> None:
    """Woken after each act that writes to the outbox."""
    deliver_pending()


@db_periodic_task(crontab(minute="*"))
def sweep_outbox() -> None:
    """What a lost wake-up or a dead worker left behind leaves within the minute."""
    deliver_pending()


@db_periodic_task(crontab(minute="*/10"))
def publish_scheduled_pages() -> None:
    """Pages that editors dated appear and disappear at their date."""
    call_command("publish_scheduled")


@db_periodic_task(crontab(minute="20", hour="3"))
def sweep_files() -> None:
    """Files whose row was never written, or was taken back with its transaction."""
    sweep_orphans(older_than=timedelta(days=1))


@db_periodic_task(crontab(minute="40", hour="5"))
def start_rules_of_the_day() -> None:
    """Automatic rules whose delay has come; one that ran twice would do nothing the second time."""
    evaluate_moments()
