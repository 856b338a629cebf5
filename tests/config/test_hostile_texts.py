"""120 hostile texts in every text field, through pages, papers, mails and tables: only letters."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from itertools import cycle
from typing import Any

import pikepdf
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from openpyxl import load_workbook

from backoffice.tables import FORMULA_STARTS, Column, as_csv, as_xlsx
from backoffice.urls import urlpatterns as desk
from portal.urls.space import urlpatterns as space
from register import codes
from register.form.answers import Answers
from register.form.pages import PAGES
from register.letters.attestation import attestation_pdf
from register.letters.email import letter_mail
from register.letters.render import printable
from register.letters.texts import letters_in_force
from register.models import (
    Association,
    Contact,
    Correction,
    CurrentHousing,
    Demand,
    Document,
    DuplicatePair,
    Event,
    FlatSharer,
    LegalHold,
    Message,
    MessageTemplate,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    Share,
)
from register.services.acts import add_note, send_message
from register.services.corrections import ask_correction
from register.services.facts import refresh_facts
from tests.factories import make_member, make_organisation, make_user, principal_of
from tests.hostile import EVERYTHING, TEXTS, faults_of, sent
from tests.portal.demand import prepare_register
from tests.register.demands import complete, of_association, submit
from tests.register.pdf_text import squeeze, text_of

OURS = ("register", "portal", "backoffice", "cms", "exchange", "observatory", "rules")
# Where people type words: each of their columns is made hostile, those below apart.
TYPED: tuple[type[models.Model], ...] = (
    *(Demand, Person, FlatSharer, Contact, CurrentHousing, Association, Document),
    *(Event, Message, Correction, Share, LegalHold, DuplicatePair, MessageTemplate, Organisation),
)
CODES = {"search_name", "question", "paper", "refusal_code", "email"}
WORDS = 60  # letters: a column that holds fewer holds a code, a number, a date
DANGEROUS = {"/JS", "/JavaScript", "/Launch", "/AA", "/EmbeddedFiles", "/SubmitForm"}

pytestmark = pytest.mark.django_db


def _classes(base: type) -> Iterator[type]:
    for each in base.__subclasses__():
        yield each
        yield from _classes(each)


def _text_fields() -> dict[str, forms.CharField]:
    """Every text field of every form of ours and of every page of the demand, by name."""
    assert get_resolver().url_patterns  # every view is read, hence every form
    ours = [form for form in _classes(forms.BaseForm) if form.__module__.split(".")[0] in OURS]
    found = {
        f"{form.__module__}.{form.__name__}.{name}": field
        for form in ours
        for name, field in getattr(form, "base_fields", {}).items()
    }
    for page in PAGES:
        if page.form is not None:
            for name, field in page.form(answers=Answers({})).fields.items():
                found[f"{page.key}.{name}"] = field
    return {name: field for name, field in found.items() if isinstance(field, forms.CharField)}


def _kept(field: forms.CharField, text: str) -> Any:
    """What the field keeps of it; None once it refused with a sentence."""
    try:
        return field.clean(sent(text))
    except ValidationError as refusal:
        return None if all(refusal.messages) else "\x00"


@pytest.mark.usefixtures("rules")
def test_every_text_field_keeps_what_both_engines_keep_or_says_a_sentence() -> None:
    fields = _text_fields()
    assert len(fields) > 100
    for name, field in fields.items():
        for text in TEXTS:
            kept = _kept(field, text)
            assert "\x00" not in str(kept), (name, text[:40])
            assert field.max_length is None or len(str(kept)) <= max(field.max_length, 60), name


@pytest.fixture
def world() -> tuple[Demand, Any, Any]:
    """A demand with words of each kind, all hostile; an agent and the manager who read it."""
    prepare_register()
    landlord = make_organisation()
    agent = make_member(landlord, Role.LEAD)
    manager = make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER)
    user = make_user()
    demand = submit(user, complete(user))
    other = submit(make_user(), of_association())
    principal = principal_of(agent)
    send_message(principal=principal, demand=demand, body="Bonjour")
    add_note(principal=principal, demand=demand, text="Vue")
    ask_correction(principal=principal, demand=demand, about="motifs.remarks", text="Pourquoi ?")
    today, now = timezone.localdate(), timezone.now()
    by = {"granted_by": agent.user, "granted_at": now}
    Share.objects.create(
        demand=demand, organisation=landlord, reason="x", starts_on=today, ends_on=today, **by
    )
    LegalHold.objects.create(demand=demand, reason="x", placed_at=now, placed_by=manager.user)
    FlatSharer.objects.create(
        demand=demand, position=1, title=codes.Title.MRS, birth_date=date(1990, 1, 1)
    )
    DuplicatePair.objects.create(
        first=demand, second=other, probability=0.9, compared="x", found_at=now
    )
    MessageTemplate.objects.create(
        organisation=landlord, written_by=agent.user, written_at=now, title="x"
    )
    for model in TYPED:
        columns = [each for each in model._meta.concrete_fields if _holds_words(each)]
        words = {each.name: EVERYTHING[: each.max_length] for each in columns}  # type: ignore[attr-defined]
        assert model._default_manager.update(**words), model
    for each in (demand, other):
        each.refresh_from_db()
        refresh_facts(demand=each)
    return demand, agent, manager


def _holds_words(column: Any) -> bool:
    is_text = isinstance(column, models.CharField | models.TextField)
    is_long = is_text and (column.max_length or WORDS) >= WORDS
    return bool(is_long and not column.choices and not column.unique and column.name not in CODES)


def _addresses(patterns: Any, space_name: str, number: str) -> Iterator[str]:
    for pattern in patterns:
        wanted = set(pattern.pattern.converters)
        if wanted <= {"number"} and pattern.name != "export":
            yield reverse(f"{space_name}:{pattern.name}", args=[number] if wanted else [])


def _check(address: str, answer: Any) -> int:
    """How many times the hostile text is told there, once nothing of it is more than letters."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind == "application/pdf":
        _check_paper(content)
        return text_of(content).count("alert(1)")
    if kind == "text/html":
        assert faults_of(content.decode()) == [], address
        assert b"49#x" not in content, address
    return int(content.count(b"alert(1)"))


def _check_paper(content: bytes) -> None:
    with pikepdf.open(io.BytesIO(content)) as document:
        for each in document.objects:
            if isinstance(each, pikepdf.Dictionary):
                assert not DANGEROUS & set(each.keys())


def test_pages_and_papers_tell_hostile_words_as_letters(world: tuple[Demand, Any, Any]) -> None:
    demand, agent, manager = world
    told: dict[str, int] = {}
    readers = [(demand.account, "space", space)]
    readers += [(who.user, "desk", desk) for who in (agent, manager)]
    for user, name, patterns in readers:
        client = Client()
        client.force_login(user)
        for address in _addresses(patterns, name, demand.number):
            answer = client.get(address)
            assert answer.status_code in (200, 302, 404, 405), address
            told[address] = told.get(address, 0) + _check(address, answer)
    assert len(told) > 40
    assert sum(count > 0 for count in told.values()) > 15, told
    assert squeeze(printable(EVERYTHING)) in text_of(attestation_pdf(demand))


def test_tables_hold_hostile_words_in_one_cell_that_computes_nothing() -> None:
    rows: Any = [text for each in TEXTS if (text := _storable(each)).strip()]
    column = [Column("Texte", lambda row: row, 10)]
    lines = "".join(as_csv(rows, column)).removeprefix("\ufeff")
    written = list(csv.reader(io.StringIO(lines, newline=""), delimiter=";"))
    assert [len(line) for line in written] == [1] * (len(rows) + 1)
    assert [line[0] for line in written[1:] if line[0].startswith(FORMULA_STARTS)] == []
    sheet = load_workbook(io.BytesIO(as_xlsx(rows, column, list))).worksheets[0]
    cells = [cell for (cell,) in sheet.iter_rows(min_row=2)]
    assert len(cells) == len(rows)
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


def _storable(text: str) -> str:
    """As a column of the register keeps it."""
    return sent(text).replace("\x00", "")[:200]


def test_mails_take_hostile_names_as_letters(world: tuple[Demand, Any, Any]) -> None:
    demand, agent, _manager = world
    letters = [letter for _module, letter in letters_in_force("21")]
    made = 0
    for text, letter in zip(TEXTS, cycle(letters), strict=False):
        name = _storable(text)[:100]
        Person.objects.filter(demand=demand).update(birth_name=name, first_names=name)
        agent.organisation.name = agent.organisation.short_name = name
        body = agent.organisation
        mail = letter_mail(letter, demand, "https://example.org/", organisation=body)
        if mail is None:
            continue
        message = EmailMultiAlternatives(mail.subject, mail.text, to=["a@example.org"]).message()
        assert {"Bcc", "Set-Cookie"}.isdisjoint(message.keys()), text[:40]
        assert faults_of(mail.html) == [], text[:40]
        made += 1
    assert made > 60
