"""What the applicant is told of who opened her file."""

from datetime import timedelta

import pytest
from django.utils import timezone

from register import clock
from register.models import AccessLog, AccessPurpose
from register.selectors.visibility import readings
from register.services.journal import record_access
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = pytest.mark.django_db


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
    assert len(readings(demand)) == 2


def test_two_organisations_in_the_same_minute_are_both_named() -> None:
    demand = make_demand()
    hour = timezone.now().replace(second=5)
    for name in ("bailleur-un", "bailleur-deux"):
        agent = principal_of(make_member(make_organisation(name), "agent"))
        with clock.at(hour):
            record_access(principal=agent, demand=demand, purpose=AccessPurpose.VIEW)
    assert len(readings(demand)) == 2
