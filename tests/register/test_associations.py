"""An association asks for homes for those whom it houses (CCH L442-8-1): no people."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from register import clock
from register.codes import InadmissibleReason
from register.deadlines import add_months
from register.errors import NotAllowed, SubmissionRefused
from register.figures import where
from register.form.single import asked_of, find, mark
from register.letters.attestation import build_attestation
from register.letters.values import values_of
from register.models import (
    Association,
    Demand,
    DemandAudience,
    DemandFacts,
    DemandState,
    Document,
    DuplicatePair,
    Identity,
    OrganisationKind,
    Role,
    User,
)
from register.numbers import is_number
from register.principals import SYSTEM, Principal
from register.selectors import due
from register.selectors.file import read_file
from register.selectors.follow_up import follow_up
from register.selectors.likeness import demands_of_association
from register.selectors.next_dates import next_dates
from register.selectors.own_data import own_data
from register.selectors.renewals import Candidate
from register.selectors.scores import score_of
from register.selectors.statistics import observe
from register.selectors.worklist import read_page
from register.selectors.worklist_filter import Sort, WorklistFilter, matching
from register.services.application import AssociationData, WishData
from register.services.detection import detect_again
from register.services.elsewhere import register_elsewhere
from register.services.erasure import erase
from register.services.facts import compute_facts, differing_columns
from register.services.labels import grant_label
from register.services.modification import Proposed, rectify
from register.services.reactivation import reactivate_demand
from register.services.renewal import renew_demand
from register.services.strike_off import strike_off, warn
from register.services.submission import missing_for_registration
from register.services.succession import record_death
from rules import registry
from rules.explanation import explain_condition
from rules.parsing import parse_condition
from rules.types import Truth
from tests.factories import (
    make_agreement,
    make_commune,
    make_counter,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    make_stored_file,
    make_user,
    principal_of,
)
from tests.register.demands import DIJON, QUETIGNY, SIREN, minimum, of_association, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
UNKNOWN = (
    "household_size",
    "household_category",
    "consumption_units",
    "adults",
    "children",
    "is_couple",
    "single_parent",
    "has_disability",
    "annual_income",
    "identity_verified",
    "is_first_application",
    "over_occupied",
)


@pytest.fixture
def user() -> User:
    make_counter()
    make_commune(DIJON, "Dijon")
    make_commune(QUETIGNY, "Quetigny", postal_code="21800")
    return make_user()


@pytest.fixture
def lead() -> Principal:
    return principal_of(make_member(role=Role.LEAD))


def test_each_home_is_a_demand_with_its_number_and_they_are_numbered_on(user: User) -> None:
    made = [submit(user, of_association()) for _ in range(2)]
    numbers = {demand.number for demand in made}
    assert len(numbers) == 2
    assert all(map(is_number, numbers))
    assert [demand.association.rank for demand in made] == [1, 2]
    other = of_association(association=AssociationData("Logis", "789999992"))
    assert submit(user, other).association.rank == 1
    assert {demand.state for demand in made} == {DemandState.ACTIVE}
    # The same account asks for itself too: once.
    assert submit(user, minimum(user)).is_live
    with pytest.raises(SubmissionRefused):
        submit(user, minimum(user))


def test_what_it_does_not_fill_is_unknown_and_never_no(user: User) -> None:
    demand = submit(user, of_association())
    facts = demand.facts
    assert {name: getattr(facts, name) for name in UNKNOWN} == dict.fromkeys(UNKNOWN)
    assert differing_columns(facts, compute_facts(demand)) == []
    detect_again()
    facts.refresh_from_db()
    assert (facts.detected_priorities, facts.applicant_name) == (0, "Un Toit pour Tous")
    assert not demand.persons.exists()
    assert not hasattr(demand, "current_housing")


def test_rules_may_ask_whether_an_association_applies(user: User) -> None:
    association, person = submit(user, of_association()), make_demand()
    said: dict[str, Any] = {"fact": "demand.association", "op": "is", "value": True}
    size: dict[str, Any] = {"fact": "demand.household_size", "op": "at_most", "value": 9}
    for raw, holding, truth in ((said, association, Truth.TRUE), (size, person, Truth.UNKNOWN)):
        condition = parse_condition(raw, registry.vocabulary())
        assert list(Demand.objects.filter(where(condition, clock.today()))) == [holding]
        found = explain_condition(condition, registry.vocabulary(), {}, association, clock.today())
        assert found.truth is truth


def test_its_demands_are_nobodys_duplicates(user: User, lead: Principal) -> None:
    made = [submit(user, of_association()) for _ in range(2)]
    assert not Identity.objects.exists()
    assert not DuplicatePair.objects.exists()
    told = demands_of_association(lead, SIREN)
    assert [line.demand.number for line in told] == [made[1].number, made[0].number]
    assert demands_of_association(lead, "789999992") == []
    stranger = principal_of(make_member(make_organisation(kind=OrganisationKind.ASSOCIATION)))
    assert demands_of_association(stranger, SIREN) == []


def test_its_name_its_siren_and_its_wishes_are_enough(user: User) -> None:
    empty = of_association(association=AssociationData("", ""), wish=WishData())
    assert missing_for_registration(empty) == ["name", "siren", "home_types", "communes"]
    assert missing_for_registration(of_association()) == []
    for wrong in ("999999981", "12345", "abcdefghi"):
        with pytest.raises(ValidationError):
            submit(user, of_association(association=AssociationData("Logis", wrong)))
    assert not Demand.objects.exists()


def test_it_lives_as_any_other_demand_until_it_is_erased(user: User, lead: Principal) -> None:
    demand = submit(user, of_association())
    renew_demand(principal=principal_of(user), demand=demand)
    strike_off(principal=SYSTEM, demand=demand, reason="RADREN")
    reactivate_demand(principal=lead, demand=demand)
    demand.refresh_from_db()
    assert demand.state == DemandState.ACTIVE
    strike_off(principal=lead, demand=demand, reason="RADABA", text="Par écrit")
    demand.refresh_from_db()
    erase(Candidate(demand.pk, demand.version))
    assert not Association.objects.exists()
    # Nothing of what was given is given again.
    assert submit(make_user(), of_association()).association.rank == 2


def test_acts_about_a_household_are_none_of_its(user: User, lead: Principal) -> None:
    demand = submit(user, of_association())
    today = timezone.localdate()
    with pytest.raises(NotAllowed):
        record_death(principal=lead, demand=demand, died_on=today, text="Acte")
    with pytest.raises(ValidationError):
        grant_label(principal=lead, demand=demand, code="dalo")
    assert not demand.labels.exists()


def test_it_goes_to_another_department_with_a_numbering_of_its_own(
    user: User, lead: Principal
) -> None:
    submit(user, of_association())
    demand = submit(user, of_association())
    yonne = make_department("89", "Yonne")
    make_commune("89024", "Auxerre", department="89", epci=None)
    lead.organisation.stock.create(department=yonne, homes=9)  # type: ignore[union-attr]
    make_agreement(lead.organisation, yonne)
    who = principal_of(lead.membership)
    there = register_elsewhere(principal=who, demand=demand, commune="89024", home_type="T3")
    assert (there.association.name, there.association.rank) == ("Un Toit pour Tous", 1)


def test_the_file_says_what_it_is_and_nothing_of_a_household(user: User, lead: Principal) -> None:
    demand = submit(user, of_association())
    file = read_file(lead, demand)
    assert (file.name, file.people, file.missing) == ("Un Toit pour Tous", [], [])
    assert (file.eligibility, file.priorities) == (None, [])
    assert score_of(demand, file.rights) is None
    told = own_data(demand)
    assert told["declaration"]["association"]["siren"] == SIREN
    assert told["demand"]["rank"] == 1
    assert "abnormal_delay" not in {each.code for each in next_dates(demand)}
    assert "abnormal_delay" in {each.code for each in next_dates(make_demand())}


def test_the_certificate_bears_its_name_and_asks_for_no_paper_of_a_household(user: User) -> None:
    paper = build_attestation(submit(user, of_association()), "fr")
    assert paper.applicants == (
        "Un Toit pour Tous",
        "SIREN 999\u00a0999\u00a0980",
        "Alix Morel, présidente",
    )
    assert [group.title for group in paper.summary] == [
        "Identité",
        "Coordonnées",
        "Logement souhaité",
    ]
    assert (paper.documents_required, paper.documents_complementary) == ((), ())
    assert not any("annexe 3" in step or "médiation" in step for step in paper.next_steps)
    # That commission is for persons (CCH L441-2-3): neither its cases nor its day are told as its.
    assert "Les personnes que vous logez" in paper.mediation_introduction
    assert (paper.mediation_cases, paper.mediation_start) == ((), "")
    told = " ".join([*(text for terms in paper.terms for text in terms.texts), *paper.follow_up])
    assert not [word for word in ("état civil", "foyer", "séjour", "identité") if word in told]


def test_lists_show_it_and_an_order_by_size_says_what_it_leaves_out(
    user: User, lead: Principal
) -> None:
    demand, person = submit(user, of_association()), make_demand()
    listed = read_page(lead, WorklistFilter()).rows
    assert {row.demand.number for row in listed} == {demand.number, person.number}
    assert not any(row.lacks for row in listed if row.demand.number == demand.number)
    found = read_page(lead, WorklistFilter(text="un toit")).rows
    assert [row.applicant for row in found] == ["Un Toit pour Tous"]
    # By its SIREN too, within the right to read a name; nine figures may begin a number as well.
    for text in (SIREN, "999 999 980"):
        assert [row.applicant for row in read_page(lead, WorklistFilter(text=text)).rows] == [
            "Un Toit pour Tous"
        ]
    assert not read_page(lead, WorklistFilter(text="789999992")).rows
    for wanted in (WorklistFilter(sort=Sort.LARGEST), WorklistFilter(sort=Sort.SMALLEST)):
        page = read_page(lead, wanted)
        assert [row.demand.number for row in page.rows] == [person.number]
        assert (page.count, page.left_out) == (1, 1)
    small = read_page(lead, WorklistFilter(size_max=3))
    assert [row.demand.number for row in small.rows] == [person.number]
    lead.organisation.agreements.update(data_classes=["contact"])  # type: ignore[union-attr]
    blind = principal_of(lead.membership)
    assert len(read_page(blind, WorklistFilter()).rows) == 2
    assert not read_page(blind, WorklistFilter(text=SIREN)).rows


def test_statistics_count_persons_and_associations_apart(user: User) -> None:
    submit(user, of_association())
    for _ in range(2):
        make_demand()
    later = timezone.localdate() + timedelta(days=1)
    observed = observe(Demand.objects.all(), later, 0)
    seen = {figure.code: figure.bars for figure in observed.figures}
    assert [bar.count for bar in seen["applicants"]] == [2, 1]
    assert sum(bar.count or 0 for bar in seen["household-sizes"]) == 2


def test_no_wait_of_its_own_is_abnormally_long(user: User, lead: Principal) -> None:
    old = add_months(clock.today(), -30)
    both = submit(user, of_association()), make_demand()
    for demand in both:
        Demand.objects.filter(pk=demand.pk).update(received_on=old)
        DemandFacts.objects.filter(pk=demand.pk).update(received_on=old)
        DemandAudience.objects.filter(demand=demand.pk).update(received_on=old)
    body, person = Demand.objects.order_by("is_association").reverse()
    assert list(due.beyond_abnormal_delay(clock.today())) == [person]
    # The list by the index and the list by the rights, which reads the demands themselves.
    late = WorklistFilter(beyond_delay=True)
    assert [row.demand.pk for row in read_page(lead, late).rows] == [person.pk]
    assert list(matching(lead, late)) == [person]
    assert follow_up(lead).waiting.beyond_delay == 1
    assert observe(Demand.objects.all(), clock.today(), 0).beyond_delay == 1
    assert values_of(body)["demand.abnormal_from"] is None
    assert values_of(person)["demand.abnormal_from"]


def test_nothing_warns_it_of_resources_nor_of_a_stay(user: User) -> None:
    demand = submit(user, of_association())
    landlord = principal_of(make_member(demand.registered_by, Role.MANAGER))
    with pytest.raises(ValidationError):
        warn(
            principal=landlord,
            demand=demand,
            ground=InadmissibleReason.RESOURCES,
            sent_on=clock.today(),
            text="RAR 1",
        )


def test_statistics_hide_the_few_persons_who_ask_among_associations(user: User) -> None:
    for _ in range(4):
        submit(user, of_association())
    make_demand()
    later = timezone.localdate() + timedelta(days=1)
    seen = {figure.code: figure.bars for figure in observe(Demand.objects.all(), later, 3).figures}
    assert [bar.count for bar in seen["applicants"]] == [None, None]


def test_its_name_is_put_right_from_a_document_and_its_siren_never(
    user: User, lead: Principal
) -> None:
    demand = submit(user, of_association())
    manager = principal_of(make_member(demand.registered_by, Role.MANAGER))
    statutes = Document.objects.create(
        demand=demand, kind="other", stored_file=make_stored_file(user), added_at=timezone.now()
    )
    asked = {each.question.key for each in asked_of(demand)}
    assert "association.name" in asked
    assert not {key for key in asked if key.startswith(("identite", "foyer", "logement-actuel"))}
    assert not {"association.siren", "motifs.reasons", "ressources.tax_income_n2"} & asked
    assert find(make_demand(), "association.name") is None
    rectify(
        principal=manager,
        demand=demand,
        ref="association.name",
        proposed=Proposed("Un Toit pour Chacun", mark("Un Toit pour Tous")),
        source="document",
        text="Statuts lus",
        document=statutes.pk,
    )
    assert [row.applicant for row in read_page(lead, WorklistFilter(text="un toit pour ch")).rows]
