"""Complete demands taken per second: people who fill the whole online form at the same time.

Account, every page of the form, a proof, sending; by the proxy's socket of the service as it runs
in production, and by that of a bare view (`bare`). Each page is read, then sent, without a pause,
and everybody makes several demands; the time goes from the first request to the last answer.
The worker is not running: what follows from a demand waits in the outbox.
"""

import os
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from threading import Lock
from uuid import uuid4

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.db.models import Model

from register.models import Demand, StoredFile, User
from register.services.files import discard

from .bare import rows_of
from .browser import Browser, Unexpected
from .intake_form import PASSWORD, Somebody, proof
from .measures import NotComparable, Options, Report, in_threads

APPLICANTS = 32
# Between two arrivals, so that they are not all on the same page.
APART = 0.15
# Who meets the first pages of processes that have just started.
WARM = 8
PEOPLE = "intake-"
OURS, BARE = "complete demands", "complete demands, a bare view"
POST, BARE_POST, GET = "any page sent", "any page sent to a bare view", "any page read"
_asking = Lock()


@dataclass
class Taken:
    """What the applicants met: numbers, the time of all, that of each answer, what went wrong."""

    numbers: list[str] = field(default_factory=list)
    seconds: float = 0.0
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Demands a second."""
        return len(self.numbers) / self.seconds

    def all(self, method: str = "") -> list[float]:
        """How long each answer to this method took."""
        return [
            each
            for label, times in self.times.items()
            if label.startswith(method)
            for each in times
        ]


def measure(options: Options) -> Report:
    """The same people at the service, then at the bare view; then everybody is erased."""
    if not options.addresses:
        raise LookupError("the service is started by the command: run it without --here")
    served, bare = options.addresses
    people, each = options.people or APPLICANTS, max(1, options.rounds // 5)
    report = Report("intake", "complete online demands")
    try:
        _crowd(served, WARM, 1)
        ours = _crowd(served, people, each)
        _crowd(bare, WARM, 1)
        floor = _crowd(bare, people, each)
        _check(ours, floor)
    finally:
        _forget()
    _write(report, ours, floor)
    cores = len(os.sched_getaffinity(0))
    report.size = {"applicants": people, "each": each, "cores": cores}
    return report


def fill_whole_form(browser: Browser, who: Somebody) -> str:
    """Everything one applicant does, from opening an account to the number she is given."""
    browser.get("/compte/signup/")
    secret: dict[str, str | list[str]] = {"password1": PASSWORD, "password2": PASSWORD}
    browser.get(browser.post("/compte/signup/", {"email": who.email, **secret}))
    link = f"/compte/confirm-email/{_key(who.email)}/"
    browser.get(link)
    browser.get(browser.post(link, {}))
    browser.get("/demande/mes-etapes/")
    for sent in who.pages():
        browser.get(sent.path)
        browser.post(sent.path, sent.answers, proof() if sent.with_file else b"")
    browser.get("/demande/verification/")
    given = browser.get(browser.post("/demande/envoi/", {}))
    if not given.startswith("/demande/deposee/"):
        raise Unexpected(200, given)
    return given.split("/")[-2]


def _key(email: str) -> str:
    """What the link of the mail ends with; the mail itself is read by nobody."""
    with _asking:
        try:
            return str(EmailConfirmationHMAC(EmailAddress.objects.get(email=email)).key)
        finally:
            connections.close_all()


def _crowd(service: str, people: int, each: int) -> Taken:
    """People who come one after the other, and make so many demands each."""
    taken, run, begin = Taken(), uuid4().hex[:8], time.perf_counter()

    def apply(place: int) -> list[None]:
        time.sleep(APART * place)
        for turn in range(each):
            _one(service, Somebody(f"{run}-{place}-{turn}"), taken)
        return []

    in_threads(apply, people)
    taken.seconds = time.perf_counter() - begin
    return taken


def _one(service: str, who: Somebody, taken: Taken) -> None:
    browser = Browser(service, who.address)
    try:
        taken.numbers.append(fill_whole_form(browser, who))
    except Unexpected as problem:
        taken.errors[str(problem)] += 1
    except OSError as problem:
        taken.errors[type(problem).__name__] += 1
    for method, path, spent in browser.answers:
        taken.times[f"{method} {_page(path)}"].append(spent)


def _page(path: str) -> str:
    """The address without what is one person's."""
    parts = path.strip("/").split("/")
    return "/".join("…" if any(c.isdigit() or c == ":" for c in part) else part for part in parts)


def _check(ours: Taken, floor: Taken) -> None:
    """Every number given is in the register, once; a bare demand has the rows of one of ours."""
    for taken in (ours, floor):
        if Demand.objects.filter(number__in=taken.numbers).count() != len(taken.numbers):
            raise NotComparable("a number was given that the register does not hold")
    if ours.numbers and floor.numbers:
        counts = [_counts(taken.numbers[-1]) for taken in (ours, floor)]
        if counts[0] != counts[1]:
            raise NotComparable(f"a bare demand does not have the same rows: {counts}")


def _counts(number: str) -> dict[type[Model], int]:
    return {model: len(rows) for model, rows in rows_of(Demand.objects.get(number=number)).items()}


def _write(report: Report, ours: Taken, floor: Taken) -> None:
    posts = {label: times for label, times in ours.times.items() if label.startswith("POST")}
    report.record(POST, ours.all("POST") or [0.0])
    report.record(GET, ours.all("GET") or [0.0])
    report.record(BARE_POST, floor.all("POST") or [0.0])
    for label, times in sorted(posts.items()):
        report.record(label, times)
    report.per_second[OURS], report.per_second[BARE] = round(ours.rate, 2), round(floor.rate, 2)
    report.compare("ratio_to_bare", OURS, BARE)
    slowest = max(posts, key=lambda label: report.p95_ms[label], default=POST)
    problems = ours.errors + floor.errors
    report.results = {
        "demands_per_s": report.per_second[OURS],
        "post_p95_ms": report.p95_ms[POST],
        "slowest_post": slowest,
        "slowest_post_p95_ms": report.p95_ms[slowest],
        "errors": sum(problems.values()),
        "errors_met": dict(problems.most_common(10)),
        "requests_per_s": round(len(ours.all()) / ours.seconds, 1),
        "demands": len(ours.numbers),
        **report.ratios,
    }
    if connection.vendor == "sqlite":
        report.results["locked"] = _locked() + sum(
            count for problem, count in problems.items() if problem.startswith("503")
        )


def _locked() -> int:
    """How often the logs of the two services say that the file was locked."""
    logs = (settings.DATA_DIR / "logs").glob("intake*.log")
    return sum(log.read_text(errors="replace").count("is locked") for log in logs)


def _forget() -> None:
    """Erase these people; the numbers they were given are never given again."""
    users = User.objects.filter(email__startswith=PEOPLE)
    Demand.objects.filter(account__in=users).delete()
    for stored in StoredFile.objects.filter(uploaded_by__in=users):
        stored.delete()
        discard(stored.file.storage, str(stored.file.name))
    Session.objects.all().delete()
    users.delete()
