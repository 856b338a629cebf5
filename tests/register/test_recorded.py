"""What is recorded of a demand is read back as the form would have kept it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from register import codes
from register.form.assembly import declaration
from register.form.pages import NATIONAL_PAGES
from register.form.recorded import recorded
from register.models import Demand
from register.selectors.space import declared
from register.services.application import (
    CurrentHousingData,
    DemandApplication,
    FlatSharerData,
    IncomeLine,
    NeedLine,
    PersonData,
)
from tests.factories import make_counter, make_user
from tests.portal.demand import prepare_register
from tests.register.demands import complete, submit

pytestmark = pytest.mark.django_db


def _rich(application: DemandApplication) -> DemandApplication:
    """Every kind of answer: amounts, days, lists, people of each list, needs, a quarter."""
    me, partner, child = application.persons
    return replace(
        application,
        persons=(
            replace(
                me,
                alimony_paid=Decimal("120.50"),
                work_status=codes.WorkStatus.PERMANENT,
                employer=codes.Employer.values[0],
                long_unemployed=True,
                unemployed_until=date(2025, 3, 31),
                has_disability=True,
                needs=(NeedLine("steps", "1"), NeedLine("equipment", "4")),
            ),
            replace(partner, title="1", nationality="1"),
            PersonData(
                role=codes.PersonRole.CO_APPLICANT,
                birth_name="Roy",
                first_names="Alix",
                birth_date=date(1990, 2, 28),
                title="2",
                nationality="1",
                link=codes.ApplicantLink.values[0],
                work_status=codes.WorkStatus.PERMANENT,
                tax_income_n2=Decimal("1000"),
                incomes=(IncomeLine("SAL", Decimal("900")),),
            ),
            replace(child, sex="F", incomes=(IncomeLine("AF", Decimal("148.20")),)),
            PersonData(
                role=codes.PersonRole.VISITING_CHILD,
                birth_name="Roy",
                first_names="Noé",
                birth_date=date(2018, 2, 28),
                custody=codes.Custody.values[0],
            ),
        ),
        contact=replace(application.contact, phone="+33612345678", housed_by="M. Roy"),
        current_housing=CurrentHousingData(
            kind=codes.CurrentHousingKind.HLM,
            landlord_name="Orvitis",
            occupants=4,
            home_type="T2",
            surface=45,
            monthly_cost=Decimal("512.30"),
            since=date(2020, 2, 29),
        ),
        wish=replace(application.wish, max_monthly_cost=Decimal("700"), accepts_no_lift=True),
        flat_sharers=(FlatSharerData("Petit", "Jo", date(1999, 1, 1), title="1"),),
        reasons=(*application.reasons, codes.DemandReason.VIOLENCE),
        unborn_due_on=date(2027, 1, 15),
        is_sealed=True,
    )


def test_a_declaration_read_back_and_assembled_again_is_the_same() -> None:
    prepare_register()
    make_counter()
    user = make_user()
    sent = _rich(complete(user))
    demand: Demand = submit(user, sent)
    read = declaration(recorded(declared(demand)), email=sent.contact.email, language="fr")
    expected = replace(sent, documents=(), reasons=tuple(sorted(sent.reasons)))
    told = replace(read, reasons=tuple(sorted(read.reasons)))
    ordered = [
        replace(each, wish=replace(each.wish, home_types=tuple(sorted(each.wish.home_types))))
        for each in (told, expected)
    ]
    assert ordered[0] == ordered[1]


def test_each_page_of_the_form_reads_what_is_recorded_without_an_error() -> None:
    prepare_register()
    user = make_user()
    answers = recorded(declared(submit(user, _rich(complete(user)))))
    for page in NATIONAL_PAGES:
        if page.kind == "document" or not page.applies(answers):
            continue
        for person in page.people(answers):
            form = page.form(answers.form_data(page.key, person) or {}, answers=answers)
            assert form.is_valid(), (page.key, form.errors)
