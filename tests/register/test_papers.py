"""Only papers of the list in force may be asked for, of those whose situation calls for them."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from register import access, codes, papers
from register.models import Demand, OrganisationKind, Reason, Role
from register.selectors.file import read_file
from register.selectors.space import pieces_to_send
from register.services.acts import request_piece
from register.services.facts import refresh_facts
from rules import registry
from rules.errors import RuleError
from rules.kinds.documents import FileKind, Provider
from rules.kinds.documents import parse as parse_documents
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of
from tests.register.question_modules import install_module, manifest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def landlord() -> Any:
    return principal_of(make_member(make_organisation("gdh", name="Grand Dijon Habitat")))


@pytest.fixture
def commune() -> Any:
    """A commune reads the household, and of the resources only that there are some."""
    body = make_organisation("ville", OrganisationKind.COMMUNE, commune=make_commune())
    return principal_of(make_member(body, Role.AGENT))


def with_reasons(*reasons: str) -> Demand:
    demand = make_demand()
    for place, code in enumerate(reasons, start=2):
        Reason.objects.create(demand=demand, code=code, position=place)
    refresh_facts(demand=demand)
    return demand


def codes_of(found: list[papers.Paper]) -> set[str]:
    return {paper.code for paper in found}


def test_the_list_files_papers_where_the_register_keeps_documents() -> None:
    # The signed paper form and the mandates are kept there too, and no list may ask for them.
    assert set(FileKind) == set(codes.DocumentKind.values) - codes.SCANNED_KINDS


def test_what_a_situation_does_not_call_for_is_neither_offered_nor_accepted(landlord: Any) -> None:
    demand = with_reasons()
    offered = codes_of(papers.requestable(landlord, demand))
    assert {"tax_notice", "housing"} <= offered
    assert not {"eviction", "pregnancy", "owner"} & offered
    assert "studies" in offered, "nobody said yet what she does"
    for code in ("eviction", "pregnancy", "owner"):
        with pytest.raises(ValidationError, match="ne peut être demandée que"):
            request_piece(principal=landlord, demand=demand, piece=code)
    threatened = with_reasons(codes.DemandReason.EVICTION)
    event = request_piece(principal=landlord, demand=threatened, piece="eviction")
    assert {v.module.code for v in _versions(event)} >= {"documents-21"}


def _versions(event: Any) -> Any:
    from rules.models import RuleModuleVersion

    return RuleModuleVersion.objects.filter(pk__in=event.rule_versions).select_related("module")


def test_a_paper_outside_the_list_is_refused_with_the_law(landlord: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        request_piece(principal=landlord, demand=make_demand(), piece="criminal_record")
    assert "R441-2-4-1" in str(refusal.value.message_dict["piece"])


def test_a_reader_cannot_learn_by_asking_what_she_may_not_read(commune: Any) -> None:
    """The same refusal whatever the answer is: a job or none."""
    working, idle = make_demand(), make_demand()
    working.persons.update(work_status="CDI")
    idle.persons.update(work_status="CHO")
    told = []
    for demand in (working, idle):
        refresh_facts(demand=demand)
        assert "work" not in codes_of(papers.requestable(commune, demand))
        with pytest.raises(ValidationError) as refusal:
            request_piece(principal=commune, demand=demand, piece="work")
        told.append(refusal.value.message_dict)
    assert told[0] == told[1]


def test_the_name_of_a_paper_is_not_told_to_who_may_not_read_the_situation(
    landlord: Any, commune: Any
) -> None:
    demand = make_demand()
    demand.persons.update(work_status="CDI")
    refresh_facts(demand=demand)
    request_piece(principal=landlord, demand=demand, piece="work")
    seen, hidden = read_file(landlord, demand), read_file(commune, demand)
    name = papers.label("work")
    assert name in seen.missing
    assert name not in hidden.missing
    assert [e.reason for e in seen.events if e.event.kind == "piece_requested"] == [name]
    assert name not in [e.reason for e in hidden.events]


def test_a_paper_asked_for_is_waited_for_until_one_of_its_kind_comes(landlord: Any) -> None:
    demand = with_reasons(codes.DemandReason.EVICTION)
    request_piece(principal=landlord, demand=demand, piece="eviction")
    rights = access.fields(principal_of(demand.account), demand)
    [piece] = pieces_to_send(demand, rights)
    assert (piece.kind, piece.name) == ("reason", papers.label("eviction"))


def test_a_paper_that_left_the_list_keeps_its_name_and_can_no_longer_be_asked_for(
    landlord: Any,
) -> None:
    demand, name = make_demand(), papers.label("income")
    body = {"documents": [paper("other")]}
    install_module({**manifest("documents-21", 9, "documents"), "territory": "21"}, body)
    assert codes_of(papers.requestable(landlord, demand)) == {"other"}
    assert papers.label("income") == name
    with pytest.raises(ValidationError):
        request_piece(principal=landlord, demand=demand, piece="income")


def paper(code: str, **more: Any) -> dict[str, Any]:
    text = {"fr": "Essai", "en": "Test"}
    return {
        "code": code,
        "stage": "complement",
        "title": text,
        "explanation": text,
        "legal_basis": "Essai",
        "accepted": [text],
        "from": Provider.APPLICANT,
        "kind": FileKind.REASON,
        **more,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "neighbour"},
        {"kind": "horoscope"},
        {"stage": "registration", "when": {"fact": "demand.adults", "op": "at_least", "value": 2}},
        {"when": {"fact": "demand.has_disability", "op": "is", "value": True}},
        {"tells": "everything"},
    ],
)
def test_a_paper_that_means_nothing_is_refused_when_it_is_written(wrong: dict[str, Any]) -> None:
    with pytest.raises(RuleError):
        parse_documents({"documents": [paper("essai", **wrong)]}, registry.vocabulary())


def test_who_reads_everything_is_told_of_every_paper_her_situation_calls_for() -> None:
    demand = with_reasons(codes.DemandReason.UNFIT)
    assert demand.account is not None
    own = access.fields(principal_of(demand.account), demand)
    found = codes_of(papers.expected(demand, own))
    assert {"tax_notice", "housing", "unfit_home", "reason"} <= found
    assert "identity" not in found
