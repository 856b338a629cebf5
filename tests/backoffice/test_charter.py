"""The desk's pages of the rules: partners read and sign or refuse, the manager publishes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.models import OrganisationKind, Role
from rules import drafts, registry
from rules.models import RuleModuleVersion, VersionState
from tests.factories import make_member, make_organisation
from tests.register.test_charter import CODE, EDITOR, changed, signed

pytestmark = pytest.mark.django_db
LIST, FOLLOW_UP = "/bureau/charte/", "/bureau/suivi/"
GIVEN_BACK = "Une version programmée n’entrera pas en vigueur"
CONFLICT, MISSING, REFUSED = 409, 404, 422


@pytest.fixture
def manager(sign_in: Any) -> Client:
    holder = make_organisation("gestionnaire", OrganisationKind.MANAGER, name="Gestionnaire")
    return sign_in(make_member(holder, Role.MANAGER))


@pytest.fixture
def partner(lead: Any, sign_in: Any) -> Client:
    return sign_in(lead)


def page(version: RuleModuleVersion) -> str:
    return reverse("desk:charter_version", args=[CODE, version.number])


def send(client: Client, version: RuleModuleVersion, act: str, **typed: Any) -> Any:
    address = reverse("desk:charter_move", args=[CODE, version.number, act])
    return client.post(address, {"fingerprint": version.content_hash, **typed})


def test_partners_sign_then_the_manager_sets_the_day(manager: Client, partner: Client) -> None:
    version = changed()
    assert "Votre signature est attendue" in partner.get(LIST).content.decode()
    shown = partner.get(page(version)).content.decode()
    assert "<del>" in shown
    assert "13" in shown
    assert "Fixer le jour" not in shown
    assert send(partner, version, "signer").status_code == 302
    assert send(manager, version, "signer").status_code == 302
    day = timezone.localdate() + timedelta(days=20)
    answer = send(manager, version, "programmer", day=day.isoformat())
    assert answer["Location"] == page(version)
    stored = RuleModuleVersion.objects.get(pk=version.pk)
    assert (stored.state, stored.effective_from) == (VersionState.SCHEDULED, day)
    journal = partner.get(page(version)).content.decode()
    assert "Bailleur de test" in journal
    assert "Gestionnaire" in journal


def test_a_refusal_needs_a_reason_and_sends_the_version_back(partner: Client) -> None:
    version = changed()
    answer = send(partner, version, "refuser")
    assert answer.status_code == REFUSED
    assert "error-summary" in answer.content.decode()
    answer = send(partner, version, "refuser", reason="Le délai est trop long.")
    assert answer.status_code == 302
    assert RuleModuleVersion.objects.get(pk=version.pk).state == VersionState.DRAFT


def test_publishing_before_everybody_signed_says_who_is_missing(manager: Client) -> None:
    version = changed()
    answer = send(manager, version, "publier")
    assert answer.status_code == CONFLICT
    assert "Bailleur social" in answer.content.decode()
    drafts_signed = signed(version)
    assert send(manager, drafts_signed, "publier").status_code == 302
    assert registry.get(CODE).version_id == version.pk


def test_what_changed_since_it_was_read_is_read_again_and_nothing_typed_is_lost(
    partner: Client,
) -> None:
    version = changed()
    draft = drafts.save_draft(version, body=version.body | {}, author=EDITOR)
    draft = drafts.save_draft(
        draft, manifest=draft.manifest | {"legal_basis": "Autre"}, author=EDITOR
    )
    drafts.submit_for_review(draft, EDITOR)
    answer = send(partner, version, "refuser", reason="Le délai est trop long.")
    assert answer.status_code == CONFLICT
    assert "Le délai est trop long." in answer.content.decode()


def test_the_manager_puts_an_old_version_back_in_force(manager: Client) -> None:
    first = RuleModuleVersion.objects.get(pk=registry.get(CODE).version_id)
    drafts.put_in_force(signed(changed()), EDITOR)
    answer = send(manager, first, "remettre", reason="Erreur dans la nouvelle version.")
    restored = registry.get(CODE)
    assert answer["Location"] == reverse("desk:charter_version", args=[CODE, restored.number])
    assert restored.number == first.number + 2
    assert RuleModuleVersion.objects.get(pk=restored.version_id).body == first.body


@pytest.mark.parametrize("role", ["reader", "agent", "statistics", "manager"])
def test_others_find_neither_the_pages_nor_the_way_to_them(
    landlord: Any, sign_in: Any, role: str
) -> None:
    version = changed()
    client = sign_in(make_member(landlord, role))
    assert client.get(LIST).status_code == MISSING
    hidden = client.get(page(version))
    assert hidden.status_code == MISSING
    assert send(client, version, "signer").status_code == MISSING
    assert LIST not in client.get("/bureau/aide/").content.decode()


def test_unknown_versions_unknown_moves_and_forbidden_ones_answer_alike(partner: Client) -> None:
    version = changed()
    for number, act in ((version.number, "publier"), (version.number, "voler"), (99, "signer")):
        address = reverse("desk:charter_move", args=[CODE, number, act])
        answer = partner.post(address, {"fingerprint": version.content_hash})
        assert answer.status_code == MISSING
    assert partner.get(reverse("desk:charter_version", args=["nothing", 1])).status_code == MISSING


def test_every_state_has_its_page_and_lists_cost_the_same(
    manager: Client, django_assert_max_num_queries: Any
) -> None:
    drafts.put_in_force(signed(changed()), EDITOR)
    version = changed(15)
    manager.get(LIST)
    with django_assert_max_num_queries(16):
        manager.get(LIST)
    with django_assert_max_num_queries(30):
        assert manager.get(page(version)).status_code == 200


def test_a_scheduled_version_that_another_overtook_is_told_to_the_manager_and_asks_no_signature(
    manager: Client, partner: Client
) -> None:
    assert GIVEN_BACK not in manager.get(FOLLOW_UP).content.decode()
    day = timezone.localdate() + timedelta(days=20)
    version = drafts.schedule(signed(changed(13)), day, EDITOR)
    assert GIVEN_BACK not in manager.get(FOLLOW_UP).content.decode()
    drafts.put_in_force(signed(changed(14)), EDITOR)
    told = manager.get(FOLLOW_UP).content.decode()
    assert GIVEN_BACK in told
    assert f'href="{page(version)}"' in told
    for reader in (manager, partner):
        shown = reader.get(page(version)).content.decode()
        assert "À comparer de nouveau" in shown
        assert "Votre signature est attendue" not in shown
        assert "Renvoyée en relecture" in shown
    assert "Votre signature est attendue" not in partner.get(LIST).content.decode()
    draft = drafts.rebase(version, EDITOR)
    drafts.submit_for_review(draft, EDITOR)
    assert GIVEN_BACK not in manager.get(FOLLOW_UP).content.decode()
    assert "Votre signature est attendue" in partner.get(page(version)).content.decode()
