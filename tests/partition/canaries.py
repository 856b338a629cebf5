"""Marks every text somebody wrote in a demand with a token found nowhere else."""

import re
import zipfile
from io import BytesIO
from itertools import chain
from typing import Any

from django.db import models

from register.models import Demand, DemandFacts, Income, LocalAnswer
from tests.register.pdf_text import text_of

SHORTEST_FIELD = 16
# Codes and keys of the machine, not texts of a person.
MACHINE = {
    "number",
    "state",
    "from_state",
    "to_state",
    "audience",
    "content_type",
    "sha256",
    "original_sha256",
    "file",
    "key",
    "kind",
    "code",
    "scan_status",
    "question",
}
ODD_INCOME = 123_457


def rows_of(demand: Demand) -> list[models.Model]:
    """The demand and every row that hangs from it, people's incomes included."""
    rows: list[models.Model] = [demand]
    for relation in Demand._meta.related_objects:
        rows += relation.related_model._default_manager.filter(**{relation.field.name: demand})
    rows += Income.objects.filter(person__demand=demand)
    rows += [document.stored_file for document in demand.documents.select_related("stored_file")]
    return rows


def mark(demand: Demand, name: str, place: int) -> dict[str, str]:
    """Write a token in every text field of the demand; returns the tokens by "Model.field".

    `place` tells the demands apart where only figures fit: telephones and incomes.
    """
    tokens: dict[str, str] = {"Demand.number": demand.number}
    for row in rows_of(demand):
        written = {}
        for column in row._meta.concrete_fields:
            token = _token(row, column, name, place)
            if token is not None:
                written[column.name] = token
                # Telephones are shown with or without the code of the country.
                looked_for = str(token).removeprefix("+33")
                tokens[f"{type(row).__name__}.{column.name}#{row.pk}"] = looked_for
        if written:
            type(row)._default_manager.filter(pk=row.pk).update(**written)
    return tokens


def _token(row: models.Model, column: Any, name: str, place: int) -> Any:
    if column.name in MACHINE or column.choices or column.primary_key:
        return None
    if isinstance(column, models.DecimalField) and column.name.startswith(("tax_income", "amount")):
        return ODD_INCOME + 1_000 * place
    if column.name == "phone":
        # As kept to compare people: without the code of the country.
        return f"+3338077{place:04d}"[-column.max_length :]
    is_text = isinstance(column, models.CharField | models.TextField)
    if not is_text or (column.max_length or SHORTEST_FIELD) < SHORTEST_FIELD:
        return None
    token = f"KX7-{name}-{column.name}-{row.pk}".replace("_", "-")
    if isinstance(row, LocalAnswer):
        # Events have a text too: the third answer's must not begin like the thirtieth event's.
        token = f"KX7-{name}-answer-{row.pk}-end"
    if isinstance(column, models.EmailField):
        return f"{token}@example.org".lower()
    return token.lower() if column.name == "search_name" else token


def is_shown_nowhere(place: str) -> bool:
    """Fields that no screen shows: the facts row repeats others for the rules, two for lists."""
    name, _, column = place.partition(".")
    return name == DemandFacts.__name__ and column not in ("applicant_name", "wished_places")


def flat(content: bytes, kind: str) -> str:
    """The text of an answer without any space, small letters: page, spreadsheet or PDF."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    text = text_of(content) if "pdf" in kind and content.startswith(b"%PDF-1.7\n%") else ""
    text += content.decode("utf-8", "replace")
    for entity, letter in (("&nbsp;", ""), ("&#x27;", "'"), ("&amp;", "&"), ("&#43;", "+")):
        text = text.replace(entity, letter)
    return re.sub(r"\s+", "", text).casefold()


def found_in(text: str, tokens: dict[str, str]) -> list[str]:
    """The places whose token stands in a flat text."""
    return [place for place, token in tokens.items() if flat_token(token) in text]


def flat_token(token: str) -> str:
    """A token as `flat` leaves it."""
    return re.sub(r"\s+", "", str(token)).casefold()


def all_tokens(marked: dict[str, dict[str, str]], hidden: set[str]) -> dict[str, str]:
    """The tokens of the hidden demands, by place."""
    items = chain.from_iterable(
        ((f"{name}: {place}", token) for place, token in marked[name].items()) for name in hidden
    )
    return dict(items)
