"""A merge says beforehand, and to whoever asked for a home, what the demand that goes on loses."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from register.codes import IncomeKind
from register.disclosed import everything
from register.letters import texts
from register.models import (
    Demand,
    DemandState,
    DuplicatePair,
    EventKind,
    Income,
    Outbox,
    Person,
    Role,
)
from register.principals import Principal
from register.selectors.not_kept import not_kept, read
from register.services.documents import verify_document
from register.services.facts import refresh_facts
from register.services.merging import merge, part
from tests.factories import make_member, make_organisation, principal_of
from tests.register.duplicates.test_merged_papers import checked, given
from tests.register.duplicates.test_merging import as_stored, make_pair, merged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def manager() -> Principal:
    return principal_of(make_member(make_organisation(kind="manager"), Role.MANAGER))


@pytest.fixture
def pair(manager: Principal) -> DuplicatePair:
    """The first was checked; the second, fuller, was not: it names a child and other wishes."""
    return fuller(manager)


def fuller(manager: Principal, **told: Any) -> DuplicatePair:
    pair = make_pair(manager, state="awaiting_check", types=("T3", "T4"), **told)
    first, second = pair.first, pair.second
    second.contact.email = first.contact.email
    second.contact.save()
    Demand.objects.filter(pk=first.pk).update(account=None, state="awaiting_check")
    paper = given_identity(first)
    verify_document(principal=manager, demand=first, document=paper)
    Person.objects.create(
        demand=second,
        role="dependant",
        birth_name="Martin",
        first_names="Léa",
        birth_date=date(2019, 2, 3),
        search_name="martin lea",
    )
    asker = second.persons.get(role="applicant")
    Income.objects.create(person=asker, kind=IncomeKind.WAGE, amount=Decimal("1640"))
    refresh_facts(demand=second)
    return DuplicatePair.objects.get(pk=pair.pk)


def given_identity(demand: Demand) -> Any:
    return demand.documents.get(kind="identity")


def lost(kept: Demand, closed: Demand) -> dict[str, str]:
    with translation.override("en"):
        found = not_kept(read(kept, everything()), read(closed, everything()))
        return {each.label: " / ".join(each.words) for each in found}


def test_what_the_closed_one_alone_says_is_told_field_by_field_in_words(
    pair: DuplicatePair,
) -> None:
    told = lost(pair.first, pair.second)
    assert any("Léa Martin" in words for words in told.values())
    assert any("1,640" in words or "1 640" in words for words in told.values())
    assert any(words.startswith("T4") for words in told.values()), told
    # The other way round, nothing of the first but where she is written to.
    assert not any("Léa" in words for words in lost(pair.second, pair.first).values())


def test_twins_are_not_taken_for_each_other(pair: DuplicatePair) -> None:
    for demand, names in ((pair.first, ["Léa"]), (pair.second, ["Zoé"])):
        for name in names:
            Person.objects.create(
                demand=demand,
                role="dependant",
                position=2,
                birth_name="Martin",
                first_names=name,
                birth_date=date(2019, 2, 3),
                search_name=f"martin {name}",
            )
    told = " ".join(lost(pair.first, pair.second).values())
    assert "Zoé" in told
    assert "Léa" not in told


def test_the_checked_identity_is_taken_over_with_its_proof_and_given_back(
    manager: Principal, pair: DuplicatePair
) -> None:
    before = as_stored(pair)
    made = merged(manager, pair, kept="second")
    kept = Demand.objects.get(pk=made.kept_id)
    assert kept.state == DemandState.ACTIVE
    assert kept.facts.identity_verified
    step = kept.events.get(kind=EventKind.IDENTITY_VERIFIED)
    checked_on = timezone.localdate().isoformat()
    assert manager.organisation is not None
    assert step.details == {
        "merge": made.pk,
        "checked_on": checked_on,
        "checked_by": manager.organisation.pk,
        "paper": pair.first.documents.get(kind="identity").paper,
    }
    part(principal=manager, made=made, reason="Deux sœurs.")
    assert as_stored(pair) == before


@pytest.mark.parametrize(
    ("name", "value"), [("birth_name", "Durand"), ("birth_date", date(1986, 5, 17))]
)
def test_an_identity_is_never_taken_over_by_another_civil_status(
    manager: Principal, pair: DuplicatePair, name: str, value: Any
) -> None:
    pair.second.persons.filter(role="applicant").update(**{name: value})
    with pytest.raises(ValidationError, match="état civil"):
        merged(manager, pair, kept="second")
    assert merged(manager, pair, kept="first").kept_id == pair.first_id


def test_an_identity_checked_since_counts_for_one_civil_status_alone(manager: Principal) -> None:
    pair = make_pair(manager, state="awaiting_check")
    Demand.objects.update(state="awaiting_check")
    pair.second.persons.filter(role="applicant").update(birth_name="Durand")
    made = merged(manager, pair, kept="first")
    checked(manager, given_identity(made.other))
    assert Demand.objects.get(pk=made.kept_id).state == DemandState.AWAITING_CHECK


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_letter_says_what_was_not_kept_and_what_to_do(
    manager: Principal, pair: DuplicatePair, language: str
) -> None:
    made = merge(principal=manager, pair=pair, kept=pair.first_id, reason="Elle-même.")
    sent = Outbox.objects.filter(key__startswith="merged")
    assert set(sent.values_list("payload__letter", flat=True)) == {"merged_in_part"}
    letter = texts.find("merged_in_part", "21")
    assert letter is not None
    event = made.kept.events.get(kind=EventKind.JOINED)
    text = texts.written(letter, made.kept, event=event, language=language).text
    assert {"fr": "personnes du foyer", "en": "people of the household"}[language] in text
    assert {"fr": "rien à faire", "en": "nothing to do"}[language] not in text
    assert "Léa" not in text
    assert "1640" not in text


def test_nothing_to_do_is_told_when_nothing_is_lost(
    manager: Principal, pair: DuplicatePair
) -> None:
    for name in ("phone", "address", "address_extra", "postal_code", "city"):
        setattr(pair.second.contact, name, getattr(pair.first.contact, name))
    pair.second.contact.save()
    assert lost(pair.second, pair.first) == {}
    made = merged(manager, pair, kept="second")
    sent = Outbox.objects.filter(key__startswith="merged")
    assert set(sent.values_list("payload__letter", flat=True)) == {"merged"}
    assert made.before["not_kept"] == []


def test_a_paper_of_somebody_who_does_not_go_on_is_told_as_lost(
    manager: Principal, pair: DuplicatePair
) -> None:
    child = pair.second.persons.get(role="dependant")
    paper = given(pair.second, "household")
    paper.person = child
    paper.save()
    assert "does not name" in " ".join(lost(pair.first, pair.second).values())


def test_wished_communes_are_kept_when_the_other_has_them_in_the_same_order(
    manager: Principal,
) -> None:
    pair = make_pair(manager, communes=("21231", "21515", "21540"))
    label = "Communes, in order"
    assert label not in lost(pair.second, pair.first)
    assert "3. " in lost(pair.first, pair.second)[label]


def test_a_candidate_on_the_identity_of_the_other_is_not_parted_from_it(
    manager: Principal, pair: DuplicatePair
) -> None:
    made = merged(manager, pair, kept="second")
    Demand.objects.filter(pk=made.kept_id).update(state=DemandState.UNDER_ALLOCATION)
    with pytest.raises(ValidationError, match="candidate"):
        part(principal=manager, made=made, reason="Deux sœurs.")
    Demand.objects.filter(pk=made.kept_id).update(state=DemandState.ACTIVE)
    part(principal=manager, made=made, reason="Deux sœurs.")
    assert Demand.objects.get(pk=made.kept_id).state == DemandState.AWAITING_CHECK
