"""No text of a hidden demand reaches anybody it is hidden from: pages, files, mails, headers."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from exchange.delivery import deliver_pending
from register.models import Demand, EffectKind, Outbox, Person
from tests.installed import built
from tests.partition.canaries import all_tokens, flat, found_in, is_shown_nowhere, mark
from tests.partition.crawler import crawl
from tests.partition.routing import abilities
from tests.partition.world import World, build_world

SORTS = ("oldest", "newest", "largest", "smallest")
FILTERS = (
    "home_type=T3",
    "state=active",
    "state=awaiting_check",
    "state=struck_off",
    "size_min=1",
    "size_max=9",
    "months_min=1",
    "beyond_delay=on",
    "is_priority=on",
    "missing=identity",
    "missing=income",
    "missing=old_income",
    "commune=21231",
    "commune=71270",
    "number=0",
    "answer=garage.yes",
    "answer=garage.no",
)
STARTS = {
    "/bureau/": "member",
    "/bureau/export/csv/": "exports",
    "/bureau/export/xlsx/": "exports",
    "/bureau/statistiques/": "figures",
    "/mon-espace/": "signed-in",
    "/demande/": "anyone",
    "/demande/mes-etapes/": "signed-in",
    "/observatoire/": "anyone",
    "/recherche/?q=KX7": "anyone",
    "/edition/": "editor",
    "/sitemap.xml": "anyone",
    "/health/": "anyone",
    "/": "anyone",
}
READING = {"reads", "opens", "treats", "follows", "holds"}
QUICK = {"landlord agent", "other applicant", "visitor"}
CRAWLED = [
    pytest.param(role, marks=[] if role in QUICK else pytest.mark.slow) for role in abilities()
]


class Marked:
    """The world with a token in each text, and the tokens of each demand."""

    def __init__(self) -> None:
        self.world: World = built(build_world)
        self.tokens = {
            name: mark(demand, name.replace(" ", ""), place)
            for place, (name, demand) in enumerate(self.world.demands.items())
        }

    def hidden_from(self, role: str) -> dict[str, str]:
        """The tokens of the demands that the declared table opens in no way to this role."""
        able = abilities()[role]
        return all_tokens(self.tokens, {n for n in self.world.demands if not able[n] & READING})


@pytest.fixture
def marked(db: Any, rules: None) -> Iterator[Marked]:
    logging.disable(logging.WARNING)
    yield Marked()
    logging.disable(logging.NOTSET)


def starts(role: str) -> list[str]:
    """Where this role begins: every page of its own, every filter and order of the list."""
    everywhere = {"anyone", *abilities()[role]["everywhere"]}
    own = [url for url, need in STARTS.items() if need in everywhere]
    if "lists" in everywhere:
        asked = [*(f"sort={sort}" for sort in SORTS), *FILTERS]
        own += [f"/bureau/?{query}" for query in asked]
        exported = asked if "exports" in everywhere else []
        own += [f"/bureau/export/{form}/?{q}" for q in exported for form in ("csv", "xlsx")]
    return own


@pytest.mark.parametrize("role", CRAWLED)
def test_whatever_page_is_opened_no_hidden_text_is_there(marked: Marked, role: str) -> None:
    client, hidden = marked.world.client(role), marked.hidden_from(role)
    assert hidden
    found, opened = [], 0
    for url, response, content in crawl(client, starts(role), most=150):
        opened += 1
        headers = "".join(f"{name}{value}" for name, value in response.items())
        kind = response.get("Content-Type", "")
        text = flat(content, kind) + flat(headers.encode(), "")
        found += [f"{url}: {place}" for place in found_in(text, hidden)]
        assert response.status_code < 500, url
    assert opened > len(STARTS) // 3
    assert not found, "\n".join(found)


def test_the_tokens_are_really_seen_by_those_who_may_read_them(marked: Marked) -> None:
    """Without this, a crawl that opened nothing would prove nothing."""
    client = marked.world.client("landlord agent")
    number = marked.world.demands["own"].number
    own, seen = marked.tokens["own"], set()
    for url in ("/bureau/", f"/bureau/dossiers/{number}/", "/bureau/export/xlsx/"):
        response = client.get(url)
        seen |= set(found_in(flat(response.content, ""), own))
    kinds = {place.partition("#")[0] for place in seen}
    assert kinds >= {
        "Demand.number",
        "Person.birth_name",
        "Person.first_names",
        "Person.tax_income_n2",
        "Contact.address",
        "Contact.email",
        "Contact.phone",
        "Event.text",
        "Message.body",
        "LocalAnswer.text",
    }


@pytest.mark.parametrize(
    ("role", "relation", "never"),
    [
        ("commune inside", "own", {"Person.tax_income_n2", "Person.tax_income_n1", "debt"}),
        (
            "landlord agent",
            "shared",
            {
                "Person.tax_income_n2",
                "StoredFile.original_name",
                "Document.refusal_reason",
                "note",
                "debt",
            },
        ),
        pytest.param(
            "landlord reader",
            "shared",
            {"Person.tax_income_n2", "StoredFile.original_name", "note"},
            marks=pytest.mark.slow,
        ),
        ("helper", "own", {"Person.tax_income_n2", "Person.tax_income_n1", "note", "debt"}),
        ("owner", "own", {"note"}),
    ],
)
def test_what_a_right_leaves_out_of_a_file_is_on_none_of_its_pages(
    marked: Marked, role: str, relation: str, never: set[str]
) -> None:
    demand = marked.world.demands[relation]
    tokens = {
        place: token
        for place, token in marked.tokens[relation].items()
        if place.partition("#")[0] in never
        or ("note" in never and place in _notes(demand))
        or ("debt" in never and place in _debts(demand))
    }
    assert tokens
    client = marked.world.client(role)
    begin = [f"/bureau/dossiers/{demand.number}/", f"/mon-espace/{demand.number}/"]
    papers = ("mes-donnees", "mon-dossier", "attestation")
    begin += [f"/mon-espace/{demand.number}/{page}/" for page in papers]
    found = [
        f"{url}: {place}"
        for url, response, content in crawl(client, begin, most=40)
        for place in found_in(flat(content, response.get("Content-Type", "")), tokens)
    ]
    assert not found, "\n".join(found)


def _notes(demand: Demand) -> set[str]:
    return {
        f"Event.text#{pk}" for pk in demand.events.filter(kind="note").values_list("pk", flat=True)
    }


def _debts(demand: Demand) -> set[str]:
    """What the applicant answered to a question about her resources."""
    answers = demand.local_answers.filter(question="debt").values_list("pk", flat=True)
    return {f"LocalAnswer.text#{pk}" for pk in answers}


def test_searching_the_beginning_of_a_hidden_name_or_number_finds_nobody(marked: Marked) -> None:
    client = marked.world.client("landlord agent")
    hidden = marked.hidden_from("landlord agent")
    for demand in marked.world.demands.values():
        person = Person.objects.get(demand=demand, role="applicant")
        for text in (demand.number[:17], person.search_name[:9], person.birth_name[:8], "KX7"):
            answer = client.post("/bureau/recherche/", {"text": text}, follow=True)
            assert not found_in(flat(answer.content, ""), hidden), text


def test_a_mail_goes_to_its_own_applicant_and_tells_of_nobody_else(
    marked: Marked, monkeypatch: Any
) -> None:
    certificate = lambda demand: b"%PDF-1.7 " + demand.number.encode()  # noqa: E731
    monkeypatch.setattr("register.letters.email.attestation_pdf", certificate)
    monkeypatch.setattr("register.letters.sending.attestation_pdf", certificate)
    Outbox.objects.all().delete()
    now = timezone.now()
    for name in ("own", "other", "sealed", "shared"):
        event = marked.world.demands[name].events.filter(kind="message_sent").first()
        for kind, payload in (
            (EffectKind.REGISTRATION_EMAIL, {}),
            (EffectKind.MESSAGE_EMAIL, {"event": event.pk}),
        ):
            Outbox.objects.create(
                key=f"{name}:{kind}",
                kind=kind,
                demand=marked.world.demands[name],
                payload=payload,
                created_at=now,
                not_before=now - timedelta(seconds=1),
            )
    with transaction.atomic():
        deliver_pending()
    assert len(mail.outbox) == 8
    for message in mail.outbox:
        [to] = message.to
        name = next(n for n, tokens in marked.tokens.items() if to in tokens.values())
        text = flat(message.message().as_bytes() + message.body.encode(), "")
        others = all_tokens(marked.tokens, set(marked.tokens) - {name})
        assert not found_in(text, others)
        written = {p: t for p, t in marked.tokens[name].items() if _is_private(p)}
        assert not found_in(text, written), f"mail of {name}"


def _is_private(place: str) -> bool:
    """What no mail repeats: it says only that there is something to read."""
    return place.startswith(("Event.", "Message.", "Person.tax", "StoredFile."))


def test_tokens_cover_every_kind_of_text(marked: Marked) -> None:
    tables = {
        place.partition(".")[0] for place in marked.tokens["own"] if not is_shown_nowhere(place)
    }
    assert tables >= {
        "Demand",
        "Person",
        "Contact",
        "CurrentHousing",
        "Document",
        "StoredFile",
        "Event",
        "Message",
        "Share",
        "LocalAnswer",
    }
