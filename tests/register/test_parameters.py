"""Dated figures and the territory tree, as rules read them."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from register.access import vocabulary
from register.models import Parameter
from register.parameters import ParameterCatalogue, parameter_bindings
from register.territories import territory_tree
from rules.errors import RuleError
from rules.parsing import parse_condition
from rules.types import FactType

PLUS = "parameter.ceiling.plus.1"


def local(territory, value, valid_from="2020-01-01", valid_to=None):
    Parameter.objects.create(
        code="effort.alert",
        territory=territory,
        valid_from=valid_from,
        valid_to=valid_to,
        value=value,
        unit="%",
        source="tests",
    )


def test_the_ceiling_of_a_year_is_that_of_its_order(reference):
    for day, ceiling in [("2025-07-01", 23201), ("2026-01-01", 23403), ("2026-12-31", 23403)]:
        assert parameter_bindings("21", date.fromisoformat(day))[PLUS] == ceiling


def test_a_figure_without_a_value_on_a_day_is_unknown(reference):
    assert parameter_bindings("21", date(2019, 1, 1)).get(PLUS) is None
    assert parameter_bindings("21", date(2027, 1, 1)).get(PLUS) is None
    assert "organisation.codes" not in parameter_bindings("21", date(2026, 1, 1))


def test_a_department_of_another_zone_has_not_the_ceilings_of_this_one(reference):
    """Order of 29 July 1987: Île-de-France and overseas have tables of their own."""
    for department in ("75", "93", "974"):
        figures = parameter_bindings(department, date(2026, 1, 1))
        assert figures.get(PLUS) is None
        assert figures["parameter.overcrowding.cap"] == 70
    assert parameter_bindings("58", date(2026, 1, 1))[PLUS] == 23403


def test_the_most_local_figure_wins_whatever_its_date(db):
    local("", 33)
    local("21", 32)
    local("epci:242100410", 31, "2021-01-01")
    local("commune:21231", 30, "2019-01-01")
    local("commune:21231", 29, "2018-01-01")
    local("commune:21231", 1, "2019-06-01", "2019-12-31")
    on = date(2026, 1, 1)
    code = "parameter.effort.alert"
    assert parameter_bindings("commune:21231", on)[code] == 30
    assert parameter_bindings("commune:21166", on)[code] == 31
    assert parameter_bindings("commune:21001", on)[code] == 32
    assert parameter_bindings("dep:58", on)[code] == 33
    assert parameter_bindings("quarter:21231-gresilles", on)[code] == 30
    assert parameter_bindings("commune:21231", date(2019, 7, 1))[code] == 1


def test_figures_are_read_once_and_only_when_a_rule_asks(reference, django_assert_num_queries):
    with django_assert_num_queries(0):
        bindings = parameter_bindings("21", date(2026, 1, 1))
    with django_assert_num_queries(1):
        assert bindings[PLUS] == Decimal(23403)
        assert bindings["parameter.ceiling.plus.2"] == Decimal(31254)


def test_a_rule_names_only_figures_that_exist(db):
    tree = {"fact": "demand.annual_income", "op": "at_most"}
    known = {**tree, "value": {"ref": "parameter.ceiling.plus.1"}}
    parse_condition(known, vocabulary())
    for code in ("parameter.ceiling.plus.9", "parameter.effort.alert"):
        with pytest.raises(RuleError):
            parse_condition({**tree, "value": {"ref": code}}, vocabulary())


def test_a_figure_that_an_editor_added_can_be_named(db):
    local("", 33)
    Parameter.objects.update(code="rent.alert")
    declared = ParameterCatalogue().declaration("rent.alert")
    assert declared is not None
    assert declared.type is FactType.PERCENT


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_figure_has_a_name_of_its_own(language):
    with override(language):
        labels = [str(item.label) for item in ParameterCatalogue()]
    codes = [item.code for item in ParameterCatalogue()]
    assert len(set(labels)) == len(labels)
    assert not set(labels) & set(codes)


def test_the_tree_goes_from_the_commune_to_the_region():
    tree = territory_tree()
    assert tree.chain("commune:21231") == ("commune:21231", "epci:242100410", "dep:21", "region:27")
    assert tree.chain("quarter:21231-gresilles")[1] == "commune:21231"
    assert tree.chain("epci:200006682") == ("epci:200006682",), "over two departments"
    assert len(tree.communes("dep:21")) == 698
    assert len(tree.communes("epci:242100410")) == 23
    assert tree.communes("commune:21231") == {"21231"}
    assert tree.label("commune:75056") is None


def test_every_fact_of_a_demand_has_its_heading_in_the_editor(db):
    headless = [fact.code for fact in vocabulary() if not fact.is_principal and not fact.theme]
    assert not headless
