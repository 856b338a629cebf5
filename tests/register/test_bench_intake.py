"""The bench of the online form fills every page, checks what it was given, and leaves nobody."""

import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from register.bench import intake
from register.bench.bare import rows_of
from register.bench.browser import HOST, Browser, Unexpected
from register.bench.intake_form import Somebody
from register.bench.measures import NotComparable, Options
from register.form.pages import NATIONAL_PAGES
from register.models import Demand, Document, Income, Outbox, Person, StoredFile, User
from tests.portal.demand import prepare_register

# The pages of somebody who is in danger, of those who are more than two to ask, of an association.
LEFT_OUT = {"motifs/protection/", "foyer/codemandeurs/", "foyer/colocataires/", "association/"}


@pytest.fixture
def register(transactional_db: None) -> None:
    prepare_register()


def test_every_page_of_the_form_is_filled() -> None:
    sent = {each.path.removeprefix("/demande/") for each in Somebody("1").pages()}
    assert {page.path for page in NATIONAL_PAGES} - sent == LEFT_OUT


def test_an_applicant_of_the_bench_is_given_a_number_by_the_real_pages(
    register: None, live_server: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = [HOST]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    browser = Browser(live_server.url.removeprefix("http://"), "192.0.2.1")
    demand = Demand.objects.get(number=intake.fill_whole_form(browser, Somebody("1")))
    rows = {model: len(found) for model, found in rows_of(demand).items()}
    assert (rows[Person], rows[Income], rows[Document], rows[Outbox]) == (4, 3, 1, 2)
    assert demand.remarks
    with pytest.raises(Unexpected, match="200 /demande/identite/"):
        browser.post("/demande/identite/", {"intent": "continue"})


BARE = {
    "ROOT_URLCONF": "register.bench.bare",
    "MIDDLEWARE": [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
}


class Here(Browser):
    """The same browser, asking this very process: the service, or the bare view."""

    def __init__(self, service: str, address: str) -> None:
        super().__init__(service, address)
        self.client = Client()

    def _ask(self, method: str, path: str, body: bytes = b"", more: Any = None) -> Any:
        started = time.perf_counter()
        with override_settings(**(BARE if self.service == "bare" else {})):
            kind = (more or {}).get("Content-Type", "")
            answer = self.client.generic(method, path, body, content_type=kind)
        self.answers.append((method, path, time.perf_counter() - started))
        location = urlsplit(answer.headers.get("Location", "")).path
        return answer.status_code, location, answer.content


@pytest.fixture
def here(register: None, monkeypatch: pytest.MonkeyPatch) -> Options:
    monkeypatch.setattr(intake, "Browser", Here)
    monkeypatch.setattr(intake, "WARM", 1)
    return Options(people=1, rounds=1, addresses=("served", "bare"))


@pytest.mark.slow
def test_the_service_is_compared_with_a_bare_view_that_writes_the_same_rows(here: Options) -> None:
    before = (User.objects.count(), Demand.objects.count(), StoredFile.objects.count())
    told = intake.measure(here).as_dict()
    assert (told["errors"], told["errors_met"]) == (0, {})
    assert told["demands_per_s"] > 0
    assert told["post_p95_ms"] > 0
    assert told["slowest_post"].startswith("POST ")
    assert 0 < told["ratio_to_bare"] < 1
    assert (User.objects.count(), Demand.objects.count(), StoredFile.objects.count()) == before


def test_a_page_that_answers_otherwise_is_an_error_of_that_page(
    here: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([(200, "", b""), (503, "", b"")])
    monkeypatch.setattr(Here, "_ask", lambda *_asked: next(answers))
    taken = intake.Taken()
    intake._one("served", Somebody("1"), taken)
    assert dict(taken.errors) == {"503 /compte/signup/": 1}


def test_a_number_that_the_register_does_not_hold_ends_the_bench(db: None) -> None:
    with pytest.raises(NotComparable, match="does not hold"):
        intake._check(intake.Taken(["021112600000100001"]), intake.Taken())


def test_the_bench_of_the_form_starts_its_own_servers(db: None) -> None:
    with pytest.raises(CommandError, match="started by the command"):
        call_command("bench", "intake", "--here")
