"""The worker's agenda for drafts. It may run twice, or late, and must not matter."""

from datetime import timedelta

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from portal import drafts
from register.services.sweep import sweep_unattached


@db_periodic_task(crontab(minute="40", hour="3"))
def forget_files() -> None:
    """Files that neither a draft nor a demand names; the retention of the night erased drafts."""
    sweep_unattached(wanted=drafts.wanted_files(), older_than=timedelta(days=1))
