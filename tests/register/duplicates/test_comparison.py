"""People are compared in one way, whichever of the two readings compares them."""

from typing import Any

import pytest

from register.duplicates import linkage
from register.duplicates.comparison import FIELDS, Agreement
from register.duplicates.identity import Identity, blocks, identity
from register.duplicates.labelled import labelled
from register.duplicates.linkage import link, linker, row_of
from register.duplicates.model import compare, model, read_model
from tests.register.duplicates.strangers import Strangers

ANNE: dict[str, Any] = {
    "title": "2",
    "birth_name": "Lefèvre",
    "used_name": "Petit",
    "first_names": "Anne Marie",
    "birth_date": "19840512",
    "phone": "06 11 22 33 44",
    "email": "anne@exemple.fr",
    "postal_code": "21000",
}


def anne(**changes: str) -> Identity:
    return identity(**{**ANNE, **changes})


def test_accents_case_spaces_and_the_country_of_a_telephone_do_not_count() -> None:
    typed = anne(birth_name="LEFEVRE ", phone="+33611223344", email="Anne@Exemple.FR")
    assert typed == anne()


def test_a_hyphen_makes_one_first_name_of_two() -> None:
    assert (
        compare(anne(first_names="Jean-Pierre"), anne(first_names="Jean-Paul"))
        .levels["first_names"]
        .agreement
        is Agreement.DIFFERENT
    )
    same = compare(anne(first_names="Jean-Pierre"), anne(first_names="Jean Pierre"))
    assert same.levels["first_names"].agreement is Agreement.EQUAL


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"birth_name": "Petit", "used_name": ""}, "last_name", Agreement.NEAR),
        ({"birth_name": "Lefevbre"}, "last_name", Agreement.NEAR),
        ({"first_names": "Anne"}, "first_names", Agreement.NEAR),
        ({"first_names": "Brigitte"}, "first_names", Agreement.DIFFERENT),
        ({"birth_date": "19841205"}, "birth_date", Agreement.NEAR),
        ({"birth_date": "19560302"}, "birth_date", Agreement.DIFFERENT),
        ({"birth_date": ""}, "birth_date", Agreement.MISSING),
        ({"phone": "0611223345"}, "phone", Agreement.NEAR),
    ],
)
def test_what_a_reader_is_told_of_a_field(
    changes: dict[str, str], field: str, told: Agreement
) -> None:
    assert compare(anne(), anne(**changes)).agreements()[field] is told


@pytest.mark.parametrize(
    "changes", [{"first_names": "Brigitte"}, {"birth_date": "19560302"}], ids=["twin", "parent"]
)
def test_nothing_shared_makes_one_person_of_twins_or_of_a_parent_and_a_child(
    changes: dict[str, str],
) -> None:
    rows = [row_of(1, anne()), row_of(2, anne(**changes)), row_of(3, anne(email=""))]
    assert {(pair.left, pair.right) for pair in link(rows)} == {(1, 3)}


def test_a_last_name_typed_as_a_first_name_meets_its_own() -> None:
    swapped = anne(birth_name="Anne", used_name="", first_names="Lefèvre")
    straight = anne(used_name="", first_names="Anne")
    assert compare(straight, swapped).levels["last_name"].code == "swapped"
    mine, hers = blocks(straight, "21"), blocks(swapped, "21")
    assert mine["by_names_and_year"] == hers["by_names_and_year"]


def test_people_of_two_territories_never_meet() -> None:
    here, there = blocks(anne(), "21"), blocks(anne(), "58")
    assert not {*here.values()} & {*there.values()}


def test_both_readings_agree_on_every_pair_of_a_drawn_register(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = linkage.settings
    told = {"retain_matching_columns": True}
    monkeypatch.setattr(linkage, "settings", lambda used, people: {**asked(used, people), **told})
    people = [each.person for each in labelled(Strangers(5).lines(1_500))]
    rows = [row_of(key, person) for key, person in enumerate(people)]
    with linker(rows, model()) as linking:
        found = linking.inference.predict(threshold_match_probability=0)
        names = ", ".join(f"gamma_{field.code}" for field in FIELDS)
        read = linking._db_api.duckdb_con.execute(
            f"SELECT id_l, id_r, {names} FROM {found.physical_name}"  # noqa: S608
        ).fetchall()
    assert len(read) > 300
    for left, right, *gammas in read:
        levels = compare(people[left], people[right]).levels
        assert [_gamma(field.code, levels) for field in FIELDS] == gammas, (left, right)


def _gamma(code: str, levels: Any) -> int:
    """The number that the library gives to a level: -1 for missing, 0 for different, then up."""
    field = next(field for field in FIELDS if field.code == code)
    counted = [level for level in field.every_level[::-1] if model().figures[code].get(level.code)]
    level = levels[code]
    return counted.index(level) if level in counted else -1


def test_every_level_has_its_figures() -> None:
    for field in FIELDS:
        told = {level.code for level in field.every_level}
        assert told - {"missing"} <= model().figures[field.code].keys() <= told


def test_a_model_is_read_as_it_was_written() -> None:
    told = {"version": "1", "threshold": 0.5, "fields": {"title": {"equal": [0.9, 0.5]}}}
    assert read_model(told).threshold == 0.5
