"""A demand closed by a merge takes nothing more: every service of the table says where to write."""

import ast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from register.errors import TransitionRefused
from register.models import Demand, DuplicatePair
from register.principals import Principal
from register.services import acts, documents, mandates, sharing
from register.services.automation import evaluate_event
from register.services.merging import merge
from register.templatetags.shell import number_spaced
from tests.factories import make_demand, principal_of
from tests.faults.corpus import picture
from tests.register.test_touched import (
    SERVICES,
    Service,
    _demand,
    _mandate,
    _share,
    functions_of_services,
    lead,
)

__all__ = ["lead"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def test_a_merged_demand_takes_nothing_more_and_names_the_one_that_goes_on(lead: Principal) -> None:
    demand, kept = _demand(lead), make_demand(registered_by=lead.organisation)
    evaluate_event(acts.add_note(principal=lead, demand=demand, text="Un mot"))
    share, mandate = _share(lead, demand), _mandate(lead, demand)
    Demand.objects.filter(pk=kept.pk).update(account=None)
    pair = DuplicatePair.objects.create(
        first=demand, second=kept, probability=0.99, compared="x", found_at=timezone.now()
    )
    merge(principal=lead, pair=pair, kept=kept.pk, reason="Elle-même.")
    demand.refresh_from_db()
    files = {"upload": SimpleUploadedFile("carte.jpg", picture())}
    tried = {
        **SERVICES,
        "add_document": lambda _who, demand: documents.add_document(
            principal=principal_of(demand.account), demand=demand, kind="identity", **files
        ),
    }
    checks = {name: tried.pop(name) for name in ("verify_document", "refuse_document")}
    for name, service in tried.items():
        told = _refusal(service, lead, demand)
        assert number_spaced(kept.number) in told, (name, told)
    assert Demand.objects.get(pk=demand.pk).version == demand.version
    # What was sent before is checked where it is, and moves nothing.
    for check in checks.values():
        assert _refusal(check, lead, demand) == ""
    demand.refresh_from_db()
    assert demand.state == "merged"
    # A right to read is ended whatever happened to the demand.
    mandates.revoke_mandate(principal=principal_of(demand.account), mandate=mandate)
    sharing.revoke_share(principal=lead, share=share)


def _refusal(service: Service, who: Principal, demand: Demand) -> str:
    try:
        with transaction.atomic():
            service(who, demand)
    except TransitionRefused as refusal:
        return str(refusal)
    return ""


def test_few_services_write_of_a_merged_demand() -> None:
    """What undoes the merge or erases the demand, ends a right to read it, or checks its papers."""
    found = functions_of_services()
    allowed = {each.name for each in found if "of_merged=True" in ast.unparse(each)}
    assert allowed == {
        *("_both", "erase", "revoke_share", "revoke_mandate", "end_recorded", "_tell_end"),
        *("verify_document", "refuse_document"),
    }
