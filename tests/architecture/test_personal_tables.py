"""Personal data never becomes something Wagtail's generic screens list, choose, compare or index.

Their views do not enforce rights on rows, so nothing about a demand may be registered there.
"""

from typing import Any

import pytest
from config.catalogue import FrenchCatalogue
from django.apps import apps
from django.core.management import call_command
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex
from wagtail.search.index import get_indexed_models
from wagtail.snippets.models import get_snippet_models

from tests.architecture.sources import ROOT

# Tables of the register that hold nothing about a person: editors may keep them.
REFERENCE = {
    "Agreement",
    "Commune",
    "Counter",
    "Department",
    "Epci",
    "ListedCode",
    "Organisation",
    "Parameter",
    "Quarter",
    "Region",
    "StockHolding",
}
ADDRESSES_OF_PEOPLE = {
    "User",
    "Membership",
    "Demand",
    "Person",
    "Contact",
    "Income",
    "Document",
    "StoredFile",
    "Event",
    "Message",
    "AccessLog",
    "Outbox",
    "Mandate",
    "Share",
    "Label",
}


def _personal() -> list[Any]:
    tables = [*apps.get_app_config("register").get_models(), apps.get_model("portal", "Draft")]
    return [model for model in tables if model.__name__ not in REFERENCE]


def _in_modeladmin() -> set[Any]:
    from wagtail_modeladmin.options import ModelAdmin

    def below(kind: type) -> set[type]:
        return {kind, *(each for child in kind.__subclasses__() for each in below(child))}

    return {kind.model for kind in below(ModelAdmin) if getattr(kind, "model", None)}


def test_every_table_about_people_is_known_to_these_tests() -> None:
    assert {model.__name__ for model in _personal()} >= ADDRESSES_OF_PEOPLE


def test_no_table_about_people_is_a_snippet_or_a_reference_table_of_the_editors() -> None:
    call_command("check", verbosity=0)
    registered = {*get_snippet_models(), *_in_modeladmin()}
    assert registered, "the editors' reference tables are found"
    assert [model.__name__ for model in _personal() if model in registered] == []
    assert {model.__name__ for model in _in_modeladmin()} <= REFERENCE


def test_no_table_about_people_is_a_document_or_an_image_of_the_editors() -> None:
    libraries = {get_document_model(), get_image_model()}
    assert not libraries & set(_personal())
    assert not [m for m in _personal() for kind in libraries if issubclass(m, kind)]


def test_no_table_about_people_is_in_the_editors_search() -> None:
    own = {model for model in _personal() if model.__name__ != "User"}
    assert not own & set(get_indexed_models())


def test_no_row_of_the_register_is_followed_by_the_editors_reference_index() -> None:
    followed = [
        model.__name__
        for app in ("register", "portal")
        for model in apps.get_app_config(app).get_models()
        if not getattr(model, "wagtail_reference_index_ignore", False)
    ]
    assert followed == []
    assert not [m.__name__ for m in _personal() if ReferenceIndex.model_is_indexable(m)]


def test_no_group_of_editors_may_touch_a_table_about_people(db: None) -> None:
    from cms.editorial import EDITORS
    from django.contrib.auth.models import Permission

    held = Permission.objects.filter(group__name=EDITORS, content_type__app_label="register")
    names = {permission.content_type.model_class().__name__ for permission in held}
    assert names <= REFERENCE


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_text_has_its_french() -> None:
    assert FrenchCatalogue(ROOT).faults() == []
