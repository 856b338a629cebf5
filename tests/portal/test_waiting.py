"""How long others waited, as an applicant reads it on the pages of her wishes and in her space."""

from datetime import date

import pytest
from django.test import Client

from register.codes import StrikeOffReason
from register.models import Demand, DemandState, WaitingTime
from register.templatetags.shell import date_long
from tests.portal.demand import DIJON, QUETIGNY, post
from tests.portal.space import page, read, signed_in

pytestmark = pytest.mark.django_db

TITLE = "Combien de temps les autres ont attendu"
YEAR = {"begins_on": date(2025, 11, 1), "ends_on": date(2026, 11, 1)}


@pytest.fixture
def _known(db: None) -> None:
    for area, homes, quarter, half, three_quarters in (
        (f"commune:{DIJON}", 41, 7, 14, 26),
        ("epci:242100410", 133, 5, 11, 22),
    ):
        WaitingTime.objects.create(
            area=area,
            home_type="T3",
            homes=homes,
            quarter=quarter,
            half=half,
            three_quarters=three_quarters,
            **YEAR,
        )


def _wish(applicant: Client) -> None:
    post(applicant, "logement-souhaite", {"home_types": ["T3"]})
    for insee in (DIJON, QUETIGNY):
        post(applicant, "logement-souhaite/communes", {"intent": f"add:{insee}"})


@pytest.mark.usefixtures("_known")
def test_the_pages_of_the_wishes_tell_how_long_others_waited(applicant: Client) -> None:
    assert TITLE not in applicant.get("/demande/logement-souhaite/communes/").content.decode()
    _wish(applicant)
    for address in ("logement-souhaite/communes", "logement-souhaite/elargir"):
        told = applicant.get(f"/demande/{address}/").content.decode()
        assert "la moitié des ménages avaient attendu 14 mois ou moins" in told, address
        assert "au moins 130 logements ont été attribués en un an, contre 40" in told, address
        assert "Quetigny" in told.partition("Trop peu de logements")[2], address
        assert f"du {date_long(date(2025, 11, 1))} au {date_long(date(2026, 10, 31))}" in told
        # Two figures are seen at once, the rest is one press away.
        seen, folded = told.partition(TITLE)[2].split("<details", 1)
        assert seen.count("<dd>") == 2, address
        assert "14 mois" in seen
        assert "11 mois" in seen
        # The picture and its table.
        assert folded.count('class="middle"') == 2
        assert '<td class="num">40+</td>' in told
    assert TITLE not in applicant.get("/demande/logement-actuel/").content.decode()


@pytest.mark.usefixtures("rules", "_known")
def test_her_own_page_tells_it_of_what_she_wished(demand: Demand) -> None:
    assert "avaient attendu 14 mois ou moins" in read(signed_in(demand.account), page(demand))
    Demand.objects.filter(pk=demand.pk).update(
        state=DemandState.STRUCK_OFF,
        strike_off_reason=StrikeOffReason.ALLOCATED,
        struck_off_on=date(2026, 11, 2),
    )
    assert TITLE not in read(signed_in(demand.account), page(demand))


def test_nothing_is_said_where_nothing_is_known(applicant: Client) -> None:
    _wish(applicant)
    assert TITLE not in applicant.get("/demande/logement-souhaite/communes/").content.decode()
