"""120 hostile texts in every text field, through pages, papers, mails and tables: only letters."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from itertools import cycle, product
from typing import Any

import pikepdf
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import get_resolver, reverse
from openpyxl import load_workbook

from backoffice.tables import FORMULA_STARTS, Column, as_csv, as_xlsx
from backoffice.urls import urlpatterns as desk
from portal.urls.space import urlpatterns as space
from register.form.answers import Answers
from register.form.pages import PAGES
from register.letters.attestation import attestation_pdf
from register.letters.email import letter_mail
from register.letters.render import printable
from register.letters.texts import letters_in_force
from register.models import Demand, Person
from tests.config.hostile_world import hostile_world, keys_of, typed_models, words_of
from tests.hostile import EVERYTHING, TEXTS, faults_of, sent
from tests.portal.demand import prepare_register
from tests.register.pdf_text import squeeze, text_of

OURS = ("register", "portal", "backoffice", "cms", "exchange", "observatory", "rules")
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
    return hostile_world()


def _addresses(
    patterns: Any, space_name: str, kept: Mapping[str, Collection[Any]]
) -> Iterator[str]:
    """Every page of these of which all parts of the address are known."""
    for pattern in patterns:
        wanted = list(pattern.pattern.converters)
        if pattern.name == "export" or not kept.keys() >= set(wanted):
            continue
        for parts in product(*(kept[name] for name in wanted)):
            yield reverse(
                f"{space_name}:{pattern.name}", kwargs=dict(zip(wanted, parts, strict=True))
            )


def _check(address: str, answer: Any) -> int:
    """How many times the hostile text is told there, once nothing of it is more than letters."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind == "application/pdf":
        _check_paper(content)
        if "/documents/" in address:
            return 0  # what she sent, not what the register wrote
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


def test_words_that_somebody_types_are_hostile_in_each_table(
    world: tuple[Demand, Any, Any],
) -> None:
    for model in typed_models():
        [column, *_others] = words_of(model)
        kept = model._default_manager.filter(**{column: EVERYTHING[: words_of(model)[column]]})
        assert kept.exists(), model


def test_pages_and_papers_tell_hostile_words_as_letters(world: tuple[Demand, Any, Any]) -> None:
    demand, agent, manager = world
    told: dict[str, int] = {}
    readers = [(demand.account, "space", space)]
    readers += [(who.user, "desk", desk) for who in (agent, manager)]
    for user, name, patterns in readers:
        client = Client()
        client.force_login(user)
        for address in _addresses(patterns, name, keys_of(demand)):
            answer = client.get(address)
            assert answer.status_code in (200, 302, 404, 405), address
            told[address] = told.get(address, 0) + _check(address, answer)
    assert len(told) > 70
    assert sum(count > 0 for count in told.values()) > 25, told
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
