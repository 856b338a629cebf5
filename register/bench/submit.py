"""Demands registered per second: everything a person waits for when pressing "Send"."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from register.demo.places import Places
from register.demo.specimen import specimen_row
from register.demo.synthetic import Synthetic, draw_demand
from register.models import Demand, NumberCounter, StoredFile, User
from register.principals import applicant_principal
from register.services.submission import submit_demand
from rules import registry

from .measures import Options, Report, in_threads, seconds
from .number import NOWHERE

SEED = 20_260_401
MAILS = "bench-{n}@applicants.invalid"
ONE = "one submission"
FLOOR = "one bare increment"
ALONE = "submissions, one thread"
TOGETHER = "submissions, {n} threads"


def measure(options: Options) -> Report:
    """Submissions of drawn demands, one after the other and in several threads; then erased."""
    report = Report("submit", "demands registered per second")
    alone, each = max(10, options.rounds), max(5, options.rounds // 2)
    report.size = {"alone": alone, "threads": options.threads, "each": each}
    together = TOGETHER.format(n=options.threads)
    people = _People(alone + options.threads * each)
    try:
        times = [seconds(people.send) for _turn in range(alone)]
        report.record(ONE, times)
        report.per_second[ALONE] = round(alone / sum(times), 1)
        sent, spent = in_threads(
            lambda _worker: [people.send() for _turn in range(each)], options.threads
        )
        report.per_second[together] = round(len(sent) / spent, 1)
        NumberCounter.objects.create(territory=NOWHERE, period="0000")
        report.time(FLOOR, _bare_increment, options.rounds)
    finally:
        people.forget()
        NumberCounter.objects.filter(territory=NOWHERE).delete()
    report.compare("one submission, against one bare increment", ONE, FLOOR)
    report.compare("several threads, against one", together, ALONE)
    return report


class _People:
    """Applicants of the bench with what each declares, ready to be sent."""

    def __init__(self, count: int) -> None:
        now, places = timezone.now(), Places()
        self.users = User.objects.bulk_create(
            User(email=MAILS.format(n=index), is_active=False) for index in range(count)
        )
        drawn = [draw_demand(SEED, index, places, now) for index in range(count)]
        self.waiting = [
            (user, _with_own_file(each, user, now))
            for user, each in zip(self.users, drawn, strict=True)
        ]

    def send(self) -> str:
        """Register the next demand; its number."""
        user, synthetic = self.waiting.pop()
        with registry.remembered():
            demand = submit_demand(
                principal=applicant_principal(user),
                application=synthetic.portrait.application,
                token=uuid.uuid4(),
            )
        return demand.number

    def forget(self) -> None:
        """Erase these people; the numbers they were given are never given again."""
        ids = [user.pk for user in self.users]
        Demand.objects.filter(account__in=ids).delete()
        StoredFile.objects.filter(uploaded_by__in=ids).delete()
        User.objects.filter(pk__in=ids).delete()


def _with_own_file(synthetic: Synthetic, user: User, now: datetime) -> Synthetic:
    row: Any = specimen_row(synthetic.stored_file, now, user.pk)
    row.save(force_insert=True)
    return synthetic


def _bare_increment() -> None:
    with transaction.atomic():
        NumberCounter.objects.filter(territory=NOWHERE).update(last=F("last") + 1)
