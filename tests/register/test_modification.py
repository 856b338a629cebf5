"""A declaration changes answer by answer, from three sources, and what it was stays readable."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from register import access
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.form.answers import Answers
from register.form.definition import QUESTIONS
from register.form.pages import NATIONAL_PAGES
from register.form.single import asked_of, find, mark
from register.models import Demand, EventKind, FieldChange, Income, OrganisationKind, Role
from register.principals import Principal
from register.selectors.given_answers import kept_answer
from register.selectors.history import history_of
from register.services.corrections import answer_correction, ask_correction
from register.services.modification import Proposed, rectify
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
# Asked of an applicant elsewhere than one answer at a time; `register.form.single` says why.
ELSEWHERE = {
    "demandeur.applicant_kind",
    "association.siren",
    "foyer.has_co_applicant",
    "foyer.has_flat_sharers",
    "foyer-conjoint.has_others",
    "foyer-personnes-a-charge.income_kind",
    "foyer-personnes-a-charge.income_amount",
    "foyer-handicap.disabled",
    "coordonnees.accepts_email",
    "coordonnees.accepts_sms",
    "motifs-protection.is_sealed",
    "ressources-revenus.kinds",
    "ressources-revenus-conjoint.kinds",
}


@pytest.fixture
def counter() -> Principal:
    return principal_of(make_member(make_organisation()))


@pytest.fixture
def demand(counter: Principal) -> Demand:
    return make_demand(
        registered_by=counter.organisation, co_applicant="Durand", dependants=1, last_name="Benali"
    )


def ref(demand: Demand, key: str) -> str:
    return next(each.ref for each in asked_of(demand) if each.question.key == key)


def change(counter: Principal, demand: Demand, key: str, answer: Any, **given: Any) -> FieldChange:
    name = ref(demand, key)
    asked = find(Demand.objects.get(pk=demand.pk), name)
    assert asked is not None
    event = rectify(
        principal=counter,
        demand=demand,
        ref=name,
        proposed=Proposed(answer, given.pop("seen", mark(kept_answer(asked)))),
        **{"source": "third", "text": "Appel de la CAF", **given},
    )
    return event.field_changes.get()


def change_reasons(counter: Principal, demand: Demand, codes: list[str]) -> None:
    """No counter reads the reasons that tell of health: the applicant alone changes them."""
    ask_correction(principal=counter, demand=demand, about="motifs.reasons", text="Expliquez")
    answer_correction(
        principal=principal_of(demand.account),
        correction=demand.corrections.latest("pk"),
        proposed=Proposed(codes, mark(["09"])),
    )


def test_every_field_of_the_form_is_a_question_or_known_to_be_asked_elsewhere() -> None:
    around = Answers({"foyer": {"raw": {"has_co_applicant": ["oui"]}}})
    fields = {
        f"{page.key}.{name}"
        for page in NATIONAL_PAGES
        if page.kind != "document"
        for name in page.form(answers=around).fields
    }
    amounts = {key for key in QUESTIONS if ".amount_" in key}
    # Whole people, and the annex that no counter reads.
    lists = ("foyer-codemandeurs.", "foyer-colocataires.", "foyer-annexes.")
    fields = {each for each in fields if not each.startswith(lists)}
    assert fields - ELSEWHERE == QUESTIONS.keys() - amounts


def test_every_question_can_be_put_with_its_answer_and_read_in_words(demand: Demand) -> None:
    for asked in asked_of(demand):
        form = asked.form(kept_answer(asked))
        assert list(form.fields) == [asked.question.name]
        assert asked.label
        asked.said(kept_answer(asked))


@pytest.mark.parametrize(
    ("key", "answer", "before", "after"),
    [
        ("coordonnees.phone", "+33612345678", "+33380000000", "+33612345678"),
        ("logement-actuel-details.monthly_cost", Decimal("712.5"), "650.00", "712.50"),
        ("logement-actuel-details.since", date(2020, 2, 29), None, "2020-02-29"),
        ("foyer-naissance.unborn_count", 2, 0, 2),
        ("logement-souhaite-elargir.widening", True, False, True),
        ("logement-souhaite.building_kind", "A", "I", "A"),
        ("logement-souhaite.home_types", ["T4", "T2"], ["T3"], ["T2", "T4"]),
        ("logement-souhaite.accepts_no_lift", True, False, True),
        ("ressources-employeur.long_unemployed", True, None, True),
        ("ressources-employeur.employer_siret", "26210007600013", "", "26210007600013"),
        ("logement-actuel-adresse.housed_by", "M. Durand", "", "M. Durand"),
        ("ressources.co_tax_income_n2", Decimal("9000"), "9200.00", "9000.00"),
        ("foyer-personnes-a-charge.link", "E", "", "E"),
        ("motifs.remarks", "Un ascenseur\nserait bien", "", "Un ascenseur\nserait bien"),
    ],
)
def test_an_answer_is_written_where_it_is_kept_and_both_are_kept(
    key: str, answer: Any, before: Any, after: Any, counter: Principal, demand: Demand
) -> None:
    made = change(counter, demand, key, answer)
    assert made.after == after
    assert before is None or made.before == before
    again = find(Demand.objects.get(pk=demand.pk), ref(demand, key))
    assert again is not None
    assert kept_answer(again) == after
    assert (made.event.kind, made.source) == (EventKind.MODIFIED, "third")


def test_a_monthly_income_comes_changes_and_goes(counter: Principal, demand: Demand) -> None:
    key = "ressources-montants.amount_SAL"
    told = [change(counter, demand, key, each).after for each in (Decimal("1450"), None)]
    assert told == ["1450.00", None]
    assert not Income.objects.filter(kind="SAL").exists()


def test_reasons_that_stay_keep_their_place_and_no_counter_changes_them(
    counter: Principal, demand: Demand
) -> None:
    with pytest.raises(NotAllowed):
        change(counter, demand, "motifs.reasons", ["10"])
    change_reasons(counter, demand, ["13", "10", "09"])
    assert list(demand.reasons.values_list("code", "position")) == [("09", 1), ("13", 2), ("10", 3)]
    assert FieldChange.objects.get().source == "applicant"


def test_communes_stay_in_the_department_and_keep_their_order(
    counter: Principal, demand: Demand
) -> None:
    make_commune("21166", "Chenôve")
    make_commune("71270", "Mâcon", department="71", epci=None)
    key = "logement-souhaite-communes.commune_search"
    assert change(counter, demand, key, ["21166", "21231"]).after == ["21166", "21231"]
    with pytest.raises(ValidationError):
        change(counter, demand, key, ["71270"])
    demand.facts.refresh_from_db()
    assert demand.facts.wished_places.startswith("Chenôve")


def test_civil_status_is_changed_from_a_document_of_the_file(
    counter: Principal, demand: Demand
) -> None:
    key, document = "identite.birth_name", demand.documents.get().pk
    for given in ({"source": "applicant"}, {"source": "document"}):
        with pytest.raises(ValidationError):
            change(counter, demand, key, "Ben Ali", **given)
    made = change(counter, demand, key, "Ben Ali", source="document", document=document)
    assert (made.before, made.after, made.document_id) == ("Benali", "Ben Ali", document)
    assert demand.persons.get(role="applicant").search_name == "ben ali camille"


def test_nobody_changes_what_she_may_not_write_or_what_changed_meanwhile(
    counter: Principal, demand: Demand
) -> None:
    elsewhere = principal_of(make_member(make_organisation()))
    manager = principal_of(
        make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER)
    )
    for who, key in (
        (elsewhere, "coordonnees.phone"),
        (manager, "ressources.tax_income_n2"),
        (principal_of(demand.account), "coordonnees.phone"),
    ):
        with pytest.raises(NotAllowed):
            change(who, demand, key, Decimal("1"))
    with pytest.raises(Conflict):
        change(counter, demand, "coordonnees.phone", "+33612345678", seen=mark("autre"))
    with pytest.raises(ValidationError):
        change(counter, demand, "coordonnees.phone", "+33380000000")
    demand.state, demand.struck_off_on, demand.strike_off_reason = (
        "struck_off",
        date(2026, 1, 1),
        "RADABA",
    )
    demand.save()
    with pytest.raises(TransitionRefused):
        change(counter, demand, "coordonnees.phone", "+33612345678")


def test_the_history_says_what_each_was_and_nothing_of_what_is_masked(
    counter: Principal, demand: Demand
) -> None:
    change(counter, demand, "coordonnees.phone", "+33612345678")
    change(counter, demand, "ressources.tax_income_n2", Decimal("17000"))
    change_reasons(counter, demand, ["10", "06"])
    rights = access.fields(counter, demand)
    told = {each.label: each for each in history_of(demand, rights) if each.changes}
    assert len(told) == 3
    phone = next(
        each for each in told.values() if "12 34 56 78" in str(each.now).replace("\u00a0", " ")
    )
    assert phone.can_write
    assert "80" in str(phone.changes[0].before)
    assert phone.changes[0].event.organisation == counter.organisation
    # Reasons may tell of health, which a landlord does not read.
    [reasons] = [each for each in told.values() if each.changes[0].is_masked]
    assert (reasons.now, reasons.changes[0].after) == ("", "")
    narrow = access.FieldRights({"contact": access.Level.READ}, {})
    assert [each.section for each in history_of(demand, narrow)]
    assert not [each for each in history_of(demand, narrow) if "17" in str(each.now)]


def test_a_page_of_history_asks_the_database_the_same_whatever_it_tells(
    counter: Principal, demand: Demand, django_assert_max_num_queries: Any
) -> None:
    rights = access.fields(counter, demand)
    with django_assert_max_num_queries(14):
        list(history_of(demand, rights))
