"""What the applicant is told of who opened her file."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from portal.space.own_file import own_file_pdf
from register import clock
from register.models import AccessLog, AccessPurpose, Demand
from register.principals import applicant_principal
from register.selectors.own_data import own_data
from register.selectors.visibility import readings
from register.services.journal import record_access
from tests.factories import make_demand, make_member, make_organisation, principal_of
from tests.portal.space import page, signed_in
from tests.register.pdf_text import squeeze, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def test_leafing_through_a_document_is_one_reading_and_each_is_kept() -> None:
    demand = make_demand()
    agent = principal_of(make_member(make_organisation("bailleur-test"), "agent"))
    paper = demand.documents.get().stored_file_id
    hour = timezone.now().replace(second=5)
    for seconds in (0, 10, 20):
        with clock.at(hour + timedelta(seconds=seconds)):
            record_access(
                principal=agent, demand=demand, purpose=AccessPurpose.DOCUMENT, document=paper
            )
    with clock.at(hour + timedelta(minutes=5)):
        record_access(
            principal=agent, demand=demand, purpose=AccessPurpose.DOCUMENT, document=paper
        )
    assert AccessLog.objects.count() == 4
    assert len(list(readings(demand))) == 2


def test_two_organisations_in_the_same_minute_are_both_named() -> None:
    demand = make_demand()
    hour = timezone.now().replace(second=5)
    for name in ("bailleur-un", "bailleur-deux"):
        agent = principal_of(make_member(make_organisation(name), "agent"))
        with clock.at(hour):
            record_access(principal=agent, demand=demand, purpose=AccessPurpose.VIEW)
    assert len(list(readings(demand))) == 2


def _opened(demand: Demand, times: int) -> None:
    """By one body, once an hour."""
    member = make_member(make_organisation("bailleur-test"), "agent")
    AccessLog.objects.bulk_create(
        AccessLog(
            demand=demand,
            user=member.user,
            organisation=member.organisation,
            purpose=AccessPurpose.VIEW,
            at=timezone.now() - timedelta(hours=hours),
        )
        for hours in range(times)
    )


def test_every_reading_is_in_the_file_for_a_computer() -> None:
    demand = make_demand()
    _opened(demand, 203)
    assert len(own_data(demand)["readings"]) == 203


def test_a_page_and_a_paper_say_how_many_readings_they_leave_out_and_where_they_are() -> None:
    demand = make_demand()
    _opened(demand, 203)
    with override("en"):
        paper = text_of(own_file_pdf(applicant_principal(demand.account), demand))
    assert squeeze("3 earlier readings") in paper
    assert squeeze("in the file for a computer (JSON)") in paper
    shown = signed_in(demand.account).get(page(demand, "access"))
    assert shown.context["more_readings"] == 3
    assert shown.content.decode().count("<time datetime=") == 200


def test_a_file_opened_thousands_of_times_is_told_with_two_queries(
    django_assert_num_queries: Any,
) -> None:
    demand = make_demand()
    _opened(demand, 4_100)
    with django_assert_num_queries(2):
        assert len(list(readings(demand))) == 4_100
