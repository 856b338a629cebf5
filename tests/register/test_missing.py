"""What a demand lacks, and what is to update in it: the same answer wherever it is asked."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from register import access, codes
from register.form.tax_years import tax_years
from register.letters.values import values_of
from register.models import Demand, Document, Membership, OrganisationKind, Role
from register.principals import Principal
from register.selectors.eligibility import assess_demand
from register.selectors.equity import completeness
from register.selectors.file import read_file
from register.selectors.missing import LABELS, Lack, missing_of
from register.selectors.own_data import own_data
from register.selectors.scores import score_of
from register.selectors.worklist import WorklistFilter, read_page
from register.services import acts
from register.services.documents import refuse_document
from register.services.facts import refresh_facts
from rules.disk import MODULES
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_stored_file,
    principal_of,
)
from tests.partition.answers import body_of
from tests.register.question_modules import install_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
LIST = "/bureau/"


@pytest.fixture
def member() -> Membership:
    return make_member(make_organisation())


@pytest.fixture
def agent(member: Membership) -> Principal:
    return principal_of(member)


@pytest.fixture
def commune() -> Principal:
    """Reads no resources."""
    body = make_organisation("ville", OrganisationKind.COMMUNE, commune=make_commune())
    return principal_of(make_member(body))


def lacking(agent: Principal, *lacks: Lack) -> Demand:
    """A demand that lacks these and nothing else."""
    demand = make_demand(registered_by=agent.organisation)
    Demand.objects.filter(pk=demand.pk).update(tax_year=tax_years()[0] - (Lack.OLD_INCOME in lacks))
    if Lack.INCOME in lacks:
        demand.persons.update(tax_income_n2=None)
    if Lack.IDENTITY not in lacks:
        demand.documents.update(status=codes.DocumentStatus.VERIFIED)
    refresh_facts(demand=demand)
    demand = Demand.objects.get(pk=demand.pk)
    if Lack.PAPER in lacks:
        acts.request_piece(principal=agent, demand=demand, piece="income")
    return Demand.objects.get(pk=demand.pk)


def in_list(principal: Principal, demand: Demand, **wanted: Any) -> list[Lack] | None:
    rows = read_page(principal, WorklistFilter(**wanted)).rows
    return next((list(row.lacks) for row in rows if row.demand.pk == demand.pk), None)


SITUATIONS: list[tuple[Lack, ...]] = [
    (),
    (Lack.IDENTITY,),
    (Lack.PAPER,),
    (Lack.INCOME,),
    (Lack.OLD_INCOME,),
    (Lack.IDENTITY, Lack.PAPER, Lack.INCOME),
    (Lack.IDENTITY, Lack.PAPER, Lack.OLD_INCOME),
]


@pytest.mark.parametrize("lacks", SITUATIONS)
def test_everywhere_the_same_is_said_to_be_missing(
    lacks: tuple[Lack, ...], agent: Principal, member: Membership
) -> None:
    demand = lacking(agent, *lacks)
    rights = access.fields(agent, demand)
    named = [each.words for each in missing_of(demand, rights)]
    words = [str(LABELS[lack]) for lack in lacks]
    assert [each.lack for each in missing_of(demand, rights)] == list(lacks)
    # The list and its filter, and what is exported of it.
    assert in_list(agent, demand) == list(lacks)
    for lack in (Lack.IDENTITY, Lack.INCOME, Lack.OLD_INCOME):
        assert (in_list(agent, demand, missing=lack.value) is not None) == (lack in lacks)
    desk = Client()
    desk.force_login(member.user)
    page = desk.get(LIST).content.decode()
    assert all(each in page for each in words)
    assert ", ".join(words) in body_of(desk.get(f"{LIST}export/csv/")).decode()
    # The file, the ceilings and the score.
    assert read_file(agent, demand).missing == named
    found = assess_demand(demand)
    assert found is not None
    of_incomes = {Lack.INCOME, Lack.OLD_INCOME} & set(lacks)
    assert found.missing == next((str(LABELS[lack]) for lack in of_incomes), "")
    file = desk.get(f"{LIST}dossiers/{demand.number}/").content.decode()
    assert all(each in file for each in named)
    # The space, what she takes away, and a letter, which tells nothing of the resources.
    own = Client()
    own.force_login(demand.account)
    space = own.get(f"/mon-espace/{demand.number}/").content.decode()
    assert all(f"<li>{each}</li>" in space for each in named)
    assert [each["code"] for each in own_data(demand)["missing"]] == list(lacks)
    told = values_of(demand)["demand.missing"]
    assert len(told) == max(len(set(lacks) - of_incomes), 1)
    assert not {str(LABELS[lack]) for lack in of_incomes} & set(told)


def test_the_channels_are_compared_by_the_same_answer(agent: Principal) -> None:
    lacking(agent)
    lacking(agent, Lack.IDENTITY, Lack.INCOME)
    lacking(agent, Lack.OLD_INCOME)
    unsaid = lacking(agent)
    Demand.objects.filter(pk=unsaid.pk).update(tax_year=None)
    body = make_organisation("usagers", OrganisationKind.MANAGER)
    [online] = completeness(principal_of(make_member(body, Role.MANAGER)))
    assert online.demands == 4
    told = {name: online.shares[name] for name in ("identity", "income", "recent")}
    assert told == {"identity": 75, "income": 75, "recent": 50}


def test_who_reads_no_resources_is_told_nothing_of_them_nor_finds_by_them(
    agent: Principal, commune: Principal
) -> None:
    demand = lacking(agent, Lack.IDENTITY, Lack.OLD_INCOME)
    bare = lacking(agent, Lack.IDENTITY, Lack.INCOME)
    for each in (demand, bare):
        assert in_list(commune, each) == [Lack.IDENTITY]
        rights = access.fields(commune, each)
        assert [missing.lack for missing in missing_of(each, rights)] == [Lack.IDENTITY]
        assert in_list(commune, each, missing="identity") is not None
        for lack in ("income", "old_income"):
            assert in_list(commune, each, missing=lack) is None


def test_a_document_that_cannot_be_used_is_missing_until_another_comes(agent: Principal) -> None:
    demand = lacking(agent)
    document = Document.objects.create(
        demand=demand,
        kind=codes.DocumentKind.INCOME,
        stored_file=make_stored_file(demand.account),
        added_at=demand.received_at,
    )
    refuse_document(principal=agent, demand=demand, document=document, code="illegible")
    demand = Demand.objects.get(pk=demand.pk)
    assert in_list(agent, demand) == [Lack.PAPER]
    assert read_file(agent, demand).missing == [str(document.get_kind_display())]


def test_a_criterion_that_reads_incomes_of_years_gone_says_so_and_the_others_do_not(
    agent: Principal,
) -> None:
    card = json.loads((MODULES / "scoring-demo-21" / "manifest.json").read_text())
    body = json.loads((MODULES / "scoring-demo-21" / "body.json").read_text())
    poor = {"fact": "demand.annual_income", "op": "at_most", "value": 20000}
    body["sections"][0]["criteria"][0]["when"] = poor
    install_module({**card, "version": 90, "depends": []}, body)
    old, today = lacking(agent, Lack.OLD_INCOME), lacking(agent)
    for demand, expected in ((old, {str(LABELS[Lack.OLD_INCOME])}), (today, set())):
        found = score_of(demand, access.fields(agent, demand))
        assert found is not None
        told = {line.to_update for line in (*found.earned, *found.unmet, *found.unknown)}
        assert told == {"", *expected}


def test_the_words_are_those_of_the_language(agent: Principal) -> None:
    demand = lacking(agent, Lack.OLD_INCOME)
    assert demand.facts.annual_income == Decimal("18400")
    for language, words in (("fr", "Revenus à mettre à jour"), ("en", "Incomes to update")):
        with translation.override(language):
            assert [m.words for m in missing_of(demand, access.fields(agent, demand))] == [words]
