"""The worker's agenda. Everything here may run twice, or late, and must not matter."""

import logging
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from exchange import idle_accounts, turns
from exchange.delivery import deliver_pending
from exchange.effects.letter import sweep_letters
from register.duplicates.linkage import NotInstalled
from register.services import (
    calendar,
    detection,
    duplicates,
    facts_upkeep,
    printing,
    recorded_mandates,
    scanning,
    simulation,
    validity,
    waiting_times,
)
from register.services.built_audiences import follow_all, mend_all, take_turn
from register.services.facts_upkeep import check_facts
from register.services.moments import evaluate_moments
from register.services.nightly import run_checks
from register.services.retention import erase_kept, resume_erasing
from register.services.sweep import sweep_orphans
from rules.moves import come_into_force

logger = logging.getLogger(__name__)


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


@db_periodic_task(crontab(minute="15"))
def forget_sessions() -> None:
    """Sessions that ended, with what somebody had typed there and never came back to."""
    call_command("clearsessions")


@db_periodic_task(crontab(minute="*/5"))
def put_scheduled_rules_in_force() -> None:
    """Written down here; reading did not wait (`rules/loading.py`)."""
    come_into_force()


@db_periodic_task(crontab(minute="40", hour="2"))
def check_rules() -> None:
    """What fails is red on the manager's page of follow-up in the morning."""
    run_checks()


@db_periodic_task(crontab(minute="5", hour="0"))
def follow_the_calendar() -> None:
    """What the new day changes: agreements, then facts and priorities, in turns."""
    follow_all()
    mend_all()
    turns.ask(refresh_facts)
    turns.ask(notice_priorities)


@db_task()
def refresh_facts(after: int = 0) -> None:
    """One turn of what a birthday or the end of a recognition changes."""
    reached = facts_upkeep.take_turn(after)
    if reached is not None:
        turns.ask(refresh_facts, reached)


@db_task()
def notice_priorities(*place: Any) -> None:
    """One turn of noticing priorities on the whole stock, as they are today."""
    if reached := detection.take_turn(detection.Place(*place)):
        turns.ask(notice_priorities, *reached)


@db_periodic_task(crontab(minute="*/10"))
def follow_the_rules() -> None:
    """Priorities that other rules notice, and facts that a lost turn of the night left."""
    turns.ask(refresh_facts)
    turns.ask(notice_by_other_rules)


@db_task()
def notice_by_other_rules(*place: Any) -> None:
    """One turn of noticing priorities where other rules have come into force since."""
    if reached := detection.take_turn(detection.Place(*place), only_other_rules=True):
        turns.ask(notice_by_other_rules, *reached)


@db_periodic_task(crontab(minute="10", hour="1"))
def look_for_duplicates() -> None:
    """Who may be registered twice: each night, a territory at a turn."""
    turns.ask(link_people)


@db_task()
def link_people() -> None:
    """One turn of comparing people; without its library, nothing but a word in the log."""
    try:
        more = duplicates.take_turn()
    except NotInstalled as problem:
        logger.error("%s", problem)
        return
    if more:
        turns.ask(link_people)


@db_periodic_task(crontab(minute="20", hour="0"))
def count_waiting_times() -> None:
    """Once a month, before the calendar erases demands that are counted; nothing otherwise."""
    waiting_times.keep_waiting_times()


@db_periodic_task(crontab(minute="50", hour="2"))
def check_what_rules_read() -> None:
    """A sample of facts computed again from the tables; the manager reads what differed."""
    check_facts()


@db_periodic_task(crontab(minute="20", hour="3"))
def sweep_files() -> None:
    """What was kept for its delay, then files whose row was never written, or was taken back."""
    erase_kept()
    sweep_orphans(older_than=timedelta(days=1))
    printing.sweep(older_than=timedelta(days=30))
    sweep_letters(older_than=timedelta(days=30))


@db_periodic_task(crontab(minute="45", hour="6"))
def tell_holders_of_idle_accounts() -> None:
    """That their account is about to be erased, since nobody uses it."""
    idle_accounts.tell_holders()


@db_periodic_task(crontab(minute="20", hour="5"))
def keep_the_calendar() -> None:
    """Renewals announced and recalled, demands struck off; late or twice is the same."""
    calendar.keep_calendar()


@db_periodic_task(crontab(minute="*/10"))
def resume_the_calendar() -> None:
    """What the manager allowed since it was held."""
    calendar.resume_allowed()
    resume_erasing()


@db_periodic_task(crontab(minute="*/10"))
def scan_files() -> None:
    """Files that the antivirus missed, then each one again every month."""
    turns.ask(scan_soon)


@db_task()
def scan_soon() -> None:
    """One turn of it."""
    if scanning.take_turn():
        turns.ask(scan_soon)


@db_periodic_task(crontab(minute="*"))
def make_print_runs() -> None:
    """Letters asked for together are put in one file, some at each turn."""
    turns.ask(print_soon)


@db_task()
def print_soon() -> None:
    """One turn of it."""
    if printing.take_turn():
        turns.ask(print_soon)


@db_periodic_task(crontab(minute="15", hour="0"))
def age_documents() -> None:
    """Documents whose last day has passed."""
    turns.ask(age_soon)


@db_task()
def age_soon() -> None:
    """One turn of it."""
    if validity.take_turn():
        turns.ask(age_soon)


@db_periodic_task(crontab(minute="20", hour="5"))
def tell_ended_mandates() -> None:
    """Mandates whose last day has passed: whom they helped is told."""
    turns.ask(tell_ends_soon)


@db_task()
def tell_ends_soon() -> None:
    """One turn of it."""
    if recorded_mandates.take_turn():
        turns.ask(tell_ends_soon)


@db_periodic_task(crontab(minute="40", hour="5"))
def start_rules_of_the_day() -> None:
    """Automatic rules whose delay has come; one that ran twice would do nothing the second time."""
    evaluate_moments()


@db_task()
def simulate_soon() -> None:
    """One turn of what somebody asked: what would a version of the rules change?"""
    if simulation.take_turn():
        turns.ask(simulate_soon)


def ask_to_simulate() -> None:
    """What wakes the worker; several questions at once ask for one turn."""
    turns.ask(simulate_soon)


@db_periodic_task(crontab(minute="*"))
def sweep_simulations() -> None:
    """A simulation whose wake-up was lost, or whose worker died, is carried out all the same."""
    ask_to_simulate()


@db_task()
def build_soon() -> None:
    """One turn of indexing what an agreement opens, so that it is counted at once."""
    if take_turn():
        turns.ask(build_soon)


def ask_to_build() -> None:
    """What wakes the worker; several bodies at once ask for one turn."""
    turns.ask(build_soon)


@db_periodic_task(crontab(minute="*"))
def sweep_audiences() -> None:
    """An audience whose wake-up was lost, or whose worker died, is built all the same."""
    ask_to_build()
