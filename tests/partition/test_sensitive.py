"""What tells of health or violence is told to nobody whose right to it is masked (R441-2-6)."""

from typing import Any

import pytest

from backoffice.exported_answers import KEY
from register import annex, codes
from register.codes import SENSITIVE_LABELS, SENSITIVE_REASONS
from register.form.definition import FORM, REASONS
from register.models import Demand, Need, Reason
from register.selectors.exported_answers import column_key
from register.services.labels import grant_label
from tests.factories import principal_of
from tests.installed import built
from tests.partition.crawler import crawl
from tests.partition.world import World, build_world

# Answers of the form that tell of health or violence, chosen for every export.
TELLING = [column_key(each) for each in FORM if each.is_annex or each.name == REASONS]
READERS = [
    "landlord agent",
    "helper",
    *(pytest.param(r, marks=pytest.mark.slow) for r in ("landlord reader", "commune inside")),
    pytest.param("manager", marks=pytest.mark.slow),
]
# Of the annex on handicap: words found on no other page.
NEEDED = (annex.Equipment.TOILET, annex.Equipment.SHOWER)


@pytest.fixture
def world(db: Any, rules: None) -> World:
    world = built(build_world)
    demand = world.demands["own"]
    Reason.objects.filter(demand=demand).delete()
    demand.persons.filter(role=codes.PersonRole.APPLICANT).update(has_disability=True)
    for equipment in NEEDED:
        person = demand.persons.get(role=codes.PersonRole.APPLICANT)
        Need.objects.create(person=person, topic=annex.Topic.EQUIPMENT, code=equipment)
    for place, code in enumerate(sorted(SENSITIVE_REASONS), start=1):
        Reason.objects.create(demand=demand, code=code, position=place)
    for code in sorted(SENSITIVE_LABELS):
        grant_label(principal=principal_of(world.members["manager"]), demand=demand, code=code)
    return world


def _words() -> set[str]:
    """The names of these priorities and reasons, but for one that titles a masked section."""
    names = {str(codes.PriorityLabel(code).label) for code in SENSITIVE_LABELS}
    names |= {str(codes.DemandReason(code).label) for code in SENSITIVE_REASONS}
    names |= {str(annex.Equipment(code).label) for code in NEEDED}
    return names - {str(codes.PriorityLabel.DISABILITY.label)}


def _pages(world: World, role: str, demand: Demand) -> str:
    begin = [f"/bureau/dossiers/{demand.number}/", f"/mon-espace/{demand.number}/"]
    begin += [f"/mon-espace/{demand.number}/{page}/" for page in ("declaration", "mes-donnees")]
    begin += ["/bureau/export/csv/"]
    client = world.client(role)
    session = client.session
    session[KEY] = {"keys": TELLING, "codes": False}
    session.save()
    pages = crawl(client, begin, most=25)
    return " ".join(
        content.decode("utf-8", "replace").replace("&#x27;", "'")
        for url, response, content in pages
        if response.status_code == 200 and ("bureau" not in url or "/aide/" not in url)
    )


@pytest.mark.parametrize("role", READERS)
def test_who_may_not_read_about_health_reads_no_word_that_tells_it(world: World, role: str) -> None:
    text = _pages(world, role, world.demands["own"])
    assert world.demands["own"].number in text
    assert [word for word in sorted(_words()) if word in text] == []


def test_the_applicant_reads_what_was_recognised_about_herself(world: World) -> None:
    """The words looked for above are those that the screens really show."""
    text = _pages(world, "owner", world.demands["own"])
    assert [word for word in sorted(_words()) if word not in text] == []
