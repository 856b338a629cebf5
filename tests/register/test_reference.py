"""Reference data: true to its sources, loadable twice, searchable as people type."""

import json
from collections import Counter as Count
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import IntegrityError, models

from register.models import (
    Agreement,
    Commune,
    Counter,
    DemandFacts,
    Department,
    Epci,
    ListedCode,
    Organisation,
    Parameter,
    Quarter,
    Region,
    StockHolding,
)
from register.reference.loader import DATA, load_reference, read_data
from register.selectors.communes import search_communes
from register.services.facts import refresh_facts
from register.services.facts_upkeep import refresh_due_facts
from tests.factories import make_demand

TABLES: list[type[models.Model]] = [
    Region,
    Department,
    Epci,
    Commune,
    Quarter,
    Organisation,
    Counter,
    StockHolding,
    Agreement,
    Parameter,
    ListedCode,
]


def silent(_line: str) -> None:
    """Swallow progress lines."""


@pytest.fixture
def reference(db: None) -> None:
    load_reference(report=silent)


def snapshot() -> dict[str, list[dict[str, object]]]:
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}


def names(text: str, limit: int = 20) -> list[str]:
    return [commune.name for commune in search_communes(text, limit)]


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda path: path.stem)
def test_every_derived_file_names_its_source_licence_and_vintage(path):
    data = json.loads(path.read_text(encoding="utf-8"))
    assert all(data[key].strip() for key in ("title", "source", "licence", "vintage"))


def test_the_four_departments_hold_all_their_communes(reference):
    counts = Count(Commune.objects.values_list("department_id", flat=True))
    assert counts == {"21": 698, "58": 309, "71": 563, "89": 423}


def test_dijon_metropole_has_its_23_communes(reference):
    members = Commune.objects.filter(epci_id="242100410")
    assert members.count() == 23
    assert members.get(name="Dijon").population == 161_830


def test_côte_d_or_meets_nineteen_epci_and_beaune_straddles_two_departments(reference):
    assert Commune.objects.filter(department="21").values("epci").distinct().count() == 19
    beaune = Commune.objects.filter(epci_id="200006682").values_list("department_id", flat=True)
    assert Count(beaune) == {"21": 48, "71": 5}


def test_every_commune_has_a_postal_code_an_epci_and_a_zone(reference):
    communes = Commune.objects.all()
    assert all(c.postal_codes and all(len(code) == 5 for code in c.postal_codes) for c in communes)
    assert not communes.filter(epci=None).exists()
    assert Count(communes.values_list("zone_abc", flat=True)) == {"C": 1934, "B2": 42, "B1": 17}
    assert Commune.objects.get(insee="21231").zone_abc == "B1"


def test_the_six_priority_quarters_lie_in_their_communes(reference):
    assert set(Quarter.objects.values_list("name", "commune__name")) == {
        ("Les Grésilles", "Dijon"),
        ("Fontaine d’Ouche", "Dijon"),
        ("Le Mail", "Chenôve"),
        ("Le Belvédère", "Talant"),
        ("Bief du Moulin", "Longvic"),
        ("Quetigny-centre", "Quetigny"),
    }


CEILINGS = {
    ("plus", 2024): (22642, 30238, 36362, 43899, 51641, 58200, 6492),
    ("plus", 2025): (23201, 30984, 37259, 44982, 52915, 59636, 6652),
    ("plus", 2026): (23403, 31254, 37584, 45374, 53376, 60156, 6710),
    ("pls", 2025): (30161, 40279, 48437, 58477, 68790, 77527, 8648),
    ("pls", 2026): (30424, 40630, 48859, 58986, 69389, 78203, 8723),
    ("plai", 2025): (12759, 18591, 22356, 24875, 29105, 32800, 3658),
    ("plai", 2026): (12871, 18753, 22551, 25092, 29358, 33086, 3690),
}


@pytest.mark.parametrize(("kind", "year"), CEILINGS)
def test_ceilings_equal_the_published_tables(reference, kind, year):
    loaded = tuple(
        Parameter.objects.get(
            code=f"ceiling.{kind}.{category}", territory="autres", valid_from=date(year, 1, 1)
        ).value
        for category in (*"123456", "extra")
    )
    assert loaded == tuple(map(Decimal, CEILINGS[kind, year]))


def test_only_figures_read_in_a_published_source_count_as_verified(reference):
    ceilings = Parameter.objects.filter(code__startswith="ceiling.", valid_from=date(2026, 1, 1))
    assert ceilings.filter(code__startswith="ceiling.plus.", is_verified=True).count() == 7
    assert not ceilings.exclude(code__startswith="ceiling.plus.").filter(is_verified=True).exists()
    assert not Parameter.objects.filter(code__startswith="secrecy.", is_verified=True).exists()


def test_two_values_of_a_figure_never_hold_on_the_same_day(reference):
    rows = Parameter.objects.order_by("code", "territory", "valid_from")
    for before, after in pairwise(rows):
        if (before.code, before.territory) == (after.code, after.territory):
            assert before.valid_to is not None
            assert before.valid_to < after.valid_from


def test_loading_twice_changes_nothing(reference):
    before = snapshot()
    load_reference(report=silent)
    assert snapshot() == before
    assert all(before.values())


def test_a_new_load_repairs_a_commune_but_keeps_what_an_editor_decided(reference):
    Commune.objects.filter(insee="21231").update(name="Divio", search_name="divio")
    Organisation.objects.filter(code="orvitis").update(phone="03 53 01 99 99")
    Agreement.objects.filter(organisation__code="orvitis").delete()
    Parameter.objects.filter(code="secrecy.public").update(value=5)
    ListedCode.objects.filter(list_name="Civilité", code="3").update(is_obsolete=False)
    call_command("load_reference", stdout=None)
    assert ListedCode.objects.get(list_name="Civilité", code="3").is_obsolete
    assert Commune.objects.get(insee="21231").search_name == "dijon"
    assert Organisation.objects.get(code="orvitis").phone == "03 53 01 99 99"
    assert not Agreement.objects.filter(organisation__code="orvitis").exists()
    assert Parameter.objects.get(code="secrecy.public").value == 5


def test_lists_call_a_renamed_commune_by_its_new_name_the_night_after_it_came(reference, rules):
    demand = make_demand(communes=("21231", "21166"))
    Commune.objects.filter(insee="21166").update(name="Chenove-la-Vieille")
    refresh_facts(demand=demand)
    assert demand_facts(demand).wished_places == "Dijon\nChenove-la-Vieille"
    load_reference(report=lambda text: None)
    refresh_due_facts()
    assert demand_facts(demand).wished_places == "Dijon\nChenôve"


def demand_facts(demand):
    return DemandFacts.objects.get(demand=demand)


def test_an_end_that_is_known_since_is_given_to_a_figure_that_nobody_changed(reference):
    loaded = Parameter.objects.filter(code__startswith="ceiling.plus.", valid_from="2026-01-01")
    loaded.update(valid_to=None)
    loaded.filter(code="ceiling.plus.1").update(value=23404)
    load_reference(report=silent)
    assert list(loaded.filter(valid_to=None).values_list("code", flat=True)) == ["ceiling.plus.1"]


def test_outside_a_demonstration_nothing_invented_is_loaded(db, settings):
    settings.DEMO = False
    load_reference(report=silent)
    assert Organisation.objects.filter(code="grand-dijon-habitat").exists()
    assert not Organisation.objects.filter(is_demo=True).exists()
    assert not Organisation.objects.filter(email__endswith="example.org").exists()
    # Whether they register demands is for their own deliberation (CCH R441-2-1 e and h).
    deliberate = Organisation.objects.filter(kind__in=("commune", "epci", "siao"))
    assert not deliberate.filter(is_counter=True).exists()
    assert not Counter.objects.exists()
    assert not Agreement.objects.exists()


def test_a_counter_that_is_there_already_is_kept_and_an_incomplete_one_is_not_passed_over(
    reference, monkeypatch
):
    kept = Counter.objects.order_by("pk").first()
    Counter.objects.filter(pk=kept.pk).update(name="Corrigé")
    files = {name: read_data(name) for name in ("bourgogne", "quarters", "parameters")}
    partners = {
        "organisations": [{"code": "new", "name": "New", "short_name": "New", "kind": "state"}],
        "counters": [
            {"organisation": "new", "commune": None, "code": kept.code, "name": "Autre"},
            {"organisation": "new", "commune": None, "code": "ZZZZ9", "name": "Nouveau"},
        ],
        "stock": [],
        "agreements": [],
    }
    monkeypatch.setattr(
        "register.reference.loader.read_data", {**files, "organisations": partners}.__getitem__
    )
    load_reference(report=silent)
    assert Counter.objects.get(pk=kept.pk).name == "Corrigé"
    assert Counter.objects.get(pk="ZZZZ9").organisation.code == "new"
    partners["organisations"][0].update(code="newer", name="Newer", short_name="Newer")
    partners["counters"] = [
        {"organisation": "newer", "commune": None, "code": "ZZZZ8", "name": None}
    ]
    with pytest.raises(IntegrityError):
        load_reference(report=silent)


def test_the_names_of_the_departments_are_those_of_the_official_list(reference):
    named = {row["code"]: row["name"] for row in read_data("departments")["departments"]}
    assert len(named) == 101
    assert dict(Department.objects.values_list("code", "name")).items() <= named.items()


def test_bodies_that_are_no_counter_are_known_as_such(reference):
    silent_bodies = Organisation.objects.filter(is_counter=False)
    assert set(silent_bodies.values_list("code", flat=True)) == {
        "ca-beaune-cote-et-sud",
        "departement-21",
        "entraide-logement",
    }
    assert not Counter.objects.filter(organisation__is_counter=False).exists()


def test_every_landlord_owns_homes_where_its_agreement_holds(reference):
    for landlord in Organisation.objects.filter(kind="landlord"):
        stock = set(landlord.stock.values_list("department_id", flat=True))
        agreed = set(landlord.agreements.values_list("departments", flat=True))
        assert stock
        assert stock == agreed
    dijon = StockHolding.objects.get(organisation__code="grand-dijon-habitat")
    assert (dijon.homes, dijon.is_demo) == (10_500, False)


def test_counter_codes_fit_the_end_of_a_registration_number(reference):
    assert all(
        len(code) == 5 and code.isalnum() and code.isupper()
        for code in Counter.objects.values_list("code", flat=True)
    )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("saint apo", "Saint-Apollinaire"),
        ("St-Apo", "Saint-Apollinaire"),
        ("chenove", "Chenôve"),
        ("CHENÔVE", "Chenôve"),
        ("21000", "Dijon"),
        ("21000 dijon", "Dijon"),
        ("21231", "Dijon"),
        ("fontaine les dij", "Fontaine-lès-Dijon"),
        ("l'étang", "L’Étang-Vergy"),
        ("  beaune ", "Beaune"),
        ("auxerre", "Auxerre"),
    ],
)
def test_a_commune_is_found_as_people_type_it(reference, typed, first):
    assert names(typed)[0] == first


def test_names_that_begin_with_the_text_come_before_names_that_contain_it(reference):
    found = names("dijon")
    assert found[0] == "Dijon"
    assert "Fontaine-lès-Dijon" in found
    assert found.index("Dijon") < found.index("Fontaine-lès-Dijon")


def test_the_most_populated_come_first_among_equals(reference):
    found = [commune.population for commune in search_communes("2100")]
    assert len(found) > 0
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "zzzz", "75001", "lille", "' OR 1=1 --"])
def test_nothing_typed_or_nothing_known_finds_nothing(reference, typed):
    assert names(typed) == []


def test_search_costs_one_query_and_keeps_to_its_limit(reference, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(names("saint", limit=7)) == 7
