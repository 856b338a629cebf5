"""A demand around which every word that somebody may type is hostile."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from backoffice.forms.acts import ACTS
from register import codes
from register.letters.texts import letters_in_force
from register.models import (
    AgreementEvent,
    AgreementEventKind,
    Demand,
    DuplicatePair,
    Event,
    FieldChange,
    FlatSharer,
    Held,
    Label,
    LegalHold,
    LocalAnswer,
    Look,
    LookKind,
    Mandate,
    Membership,
    Merge,
    MessageTemplate,
    NotesRequest,
    OrganisationKind,
    Role,
    Round,
    RoundStep,
    Share,
    Task,
    TaskKind,
)
from register.services.acts import add_note, send_message
from register.services.corrections import ask_correction
from register.services.facts import refresh_facts
from rules.models import RuleModuleVersion
from tests.factories import (
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.hostile import EVERYTHING
from tests.register.demands import complete, of_association, submit

WORDS = 60  # letters: a column that holds fewer holds a code, a number, a date
# Long columns of which nobody types the words.
COMPUTED = {
    *("search_name", "question", "paper", "refusal_code", "email", "password", "code"),
    *("sha256", "original_sha256", "first_sound", "detected_by", "wished_places", "quarter"),
}
# Tables whose words nobody types around a demand, and where they come from.
NOT_TYPED = {
    **dict.fromkeys(("Region", "Department", "Epci", "Commune", "Quarter"), "lists of the State"),
    **dict.fromkeys(("ListedCode", "Parameter"), "lists delivered with the register"),
    **dict.fromkeys(("RuleDecision", "Simulation", "RuleCheck"), "written by the rules"),
    **dict.fromkeys(("AutomationRun", "AutomationDay"), "codes of rules"),
    **dict.fromkeys(("AccessAssertion", "AssertionResult"), "written by who writes rules"),
    "WebhookEndpoint": "an address, read as such (tests/exchange/test_webhooks.py)",
    "Outbox": "what a failing service answered",
    "Identity": "the names of persons, computed again",
    "DemandFacts": "the names of persons, computed again",
    "DemandAudience": "codes of organisations",
    "Upload": "gone once its file is kept, under the same name",
}


def typed_models() -> Iterator[type[models.Model]]:
    """The tables of the shared file that hold words somebody types."""
    for model in apps.get_app_config("register").get_models():
        if words_of(model) and model.__name__ not in NOT_TYPED:
            yield model


def words_of(model: type[models.Model]) -> dict[str, int | None]:
    """Its columns of words, each with the most letters that it holds."""
    return {
        column.name: column.max_length
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and (column.max_length or WORDS) >= WORDS
        and not (column.choices or column.unique or column.name in COMPUTED)
    }


def hostile_world() -> tuple[Demand, Membership, Membership]:
    """A demand, an agent and the manager who read it; every table above has a row near it."""
    landlord = make_organisation()
    agent = make_member(landlord, Role.LEAD)
    manager = make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER)
    user = make_user()
    demand = submit(user, complete(user))
    other = submit(make_user(), of_association())
    _acts(demand, agent)
    _given(demand, agent, manager)
    _between(demand, other, manager)
    _elsewhere(demand, agent, manager)
    for model in typed_models():
        words = {name: EVERYTHING[:most] for name, most in words_of(model).items()}
        assert model._default_manager.update(**words), model
    FieldChange.objects.update(before=EVERYTHING[:WORDS], after=EVERYTHING)
    for each in (demand, other):
        each.refresh_from_db()
        refresh_facts(demand=each)
    return demand, agent, manager


def keys_of(demand: Demand) -> dict[str, Collection[Any]]:
    """What the addresses of pages name, by the name of that part of the address."""
    document = demand.documents.earliest("pk")
    questions = RuleModuleVersion.objects.get(module__code="questions-21", state="in_force")
    return {
        "number": [demand.number],
        "document_id": [document.pk],
        "stored_file": [document.stored_file_id],
        "page": [1],
        "part": ["motifs"],
        "question": ["motifs.remarks"],
        "letter": [letter.code for _module, letter in letters_in_force("21")],
        "act": ACTS,
        "correction": [demand.corrections.get().pk],
        "mandate": [demand.mandates.get().pk],
        "share_id": [demand.shares.get().pk],
        "asked": [demand.notes_requests.get().pk],
        "pair": [DuplicatePair.objects.get().pk],
        "template": [MessageTemplate.objects.get().pk],
        "agreement_id": [AgreementEvent.objects.get().agreement_id],
        "code": [questions.module.code],
        "version": [questions.number],
    }


def _acts(demand: Demand, agent: Membership) -> None:
    """What an agent wrote in the file."""
    principal = principal_of(agent)
    send_message(principal=principal, demand=demand, body="Bonjour")
    add_note(principal=principal, demand=demand, text="Vue")
    ask_correction(principal=principal, demand=demand, about="motifs.remarks", text="Pourquoi ?")


def _given(demand: Demand, agent: Membership, manager: Membership) -> None:
    """What was given, held or answered around the demand."""
    today, now = timezone.localdate(), timezone.now()
    year = {"starts_on": today, "ends_on": today + timedelta(days=365)}
    Share.objects.create(
        **{"demand": demand, "organisation": agent.organisation, "reason": "x", **year},
        granted_by=agent.user,
        granted_at=now,
    )
    Mandate.objects.create(demand=demand, name="x", recorded_by=agent.organisation, **year)
    LegalHold.objects.create(demand=demand, reason="x", placed_at=now, placed_by=manager.user)
    NotesRequest.objects.create(
        demand=demand, asked_at=now, answered_at=now, answered_by=manager.user
    )
    Label.objects.create(
        demand=demand,
        code=codes.PriorityLabel.DALO,
        granted_by=manager.organisation,
        valid_from=today,
    )
    FlatSharer.objects.create(
        demand=demand, position=1, title=codes.Title.MRS, birth_date=date(1990, 1, 1)
    )
    LocalAnswer.objects.create(
        demand=demand,
        question="questions-21/essai",
        version=RuleModuleVersion.objects.get(module__code="questions-21", state="in_force"),
        text="x",
        answered_at=now,
    )


def _between(demand: Demand, other: Demand, manager: Membership) -> None:
    """A pair to look at, and a merge that can be undone."""
    now = timezone.now()
    DuplicatePair.objects.create(
        first=demand, second=other, probability=0.9, compared="x", found_at=now
    )
    Merge.objects.create(
        kept=demand,
        other=other,
        made_at=now,
        made_by=manager.user,
        made_for=manager.organisation,
        until=timezone.localdate() + timedelta(days=9),
    )


def _elsewhere(demand: Demand, agent: Membership, manager: Membership) -> None:
    """Tasks, templates, agreements, rounds, looks; an answer that changed."""
    now, landlord = timezone.now(), agent.organisation
    step = Event.objects.filter(demand=demand).earliest("at", "pk")
    Task.objects.create(
        demand=demand, organisation=landlord, kind=TaskKind.TELL, event=step, created_at=now
    )
    FieldChange.objects.create(
        demand=demand, event=step, question="motifs.remarks", source="applicant"
    )
    MessageTemplate.objects.create(
        organisation=landlord, written_by=agent.user, written_at=now, title="x"
    )
    AgreementEvent.objects.create(
        agreement=landlord.agreements.get(),
        kind=AgreementEventKind.CHANGED,
        at=now,
        user=manager.user,
    )
    Round.objects.create(step=RoundStep.REMIND, day=timezone.localdate(), at=now, held=Held.FILES)
    Look.objects.create(
        at=now, user=manager.user, kind=LookKind.EXPLAIN, subject=agent, demand=demand
    )
