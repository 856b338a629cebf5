"""What a certificate of registration says, as plain values free of models."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SummaryGroup:
    """One part of the declaration: a title, then labels, each with its answer or its lines."""

    title: str
    rows: tuple[tuple[str, str | list[str]], ...]


@dataclass(frozen=True)
class Terms:
    """One part of the conditions: a title, then sentences."""

    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """A supporting document: its name, when it is needed, and what is accepted for it."""

    title: str
    explanation: str
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class AttestationData:
    """The items a) to i) of article R441-2-4 of the CCH and their annexes, in one language.

    Addresses are tuples of lines. `last_renewed_on` is None until the first renewal; the number and
    `received_on` never change.
    """

    language: str
    issued_on: date
    applicants: tuple[str, ...]  # a
    address: tuple[str, ...]  # a
    service_name: str  # b
    service_address: tuple[str, ...]  # b
    service_city: str
    number: str  # c
    received_on: date  # d
    last_renewed_on: date | None  # d
    expires_on: date  # d, h
    landlords: tuple[tuple[str, str], ...]  # e: name, address
    landlords_scope: str  # e: the territories the list covers
    mediation_introduction: str  # f
    mediation_cases: tuple[str, ...]  # f
    mediation_start: str  # g
    mediation_how: str  # g
    mediation_address: tuple[str, ...]  # g
    terms: tuple[Terms, ...]  # h: validity, renewal, changes, striking off
    follow_up: tuple[str, ...]  # i
    summary: tuple[SummaryGroup, ...]
    next_steps: tuple[str, ...]
    documents_required: tuple[Paper, ...]
    documents_complementary: tuple[Paper, ...]
