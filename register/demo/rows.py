"""The table rows of a synthetic demand, as the services would have written them.

`tests/register/test_seed_demo.py` compares both ways row by row. Keys depend on the index of the
demand only, so that several processes can write at once.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, Model
from django.utils import timezone

from register import codes, deadlines, lifecycle
from register.demo.history import Step
from register.demo.replay import CONTACT_NOTE, MANAGER_CODE, WARNING_NOTE
from register.demo.specimen import specimen_row, uploader
from register.demo.synthetic import Synthetic
from register.models import (
    Contact,
    Counter,
    CurrentHousing,
    Demand,
    DemandAudience,
    DemandState,
    Document,
    Event,
    EventKind,
    Income,
    Label,
    Need,
    Person,
    Quarter,
    Reason,
    WishedCommune,
    WishedType,
)
from register.norms import Norms
from register.parameters import parameter_bindings
from register.principals import Principal
from register.priorities import terms, write_detections
from register.services.audiences import audiences_from, copied_values, quarter_in
from register.services.fact_row import Declared, facts_from
from register.services.labels import event_details
from register.territories import territory_tree
from register.text import search_key
from rules import registry
from rules.kinds.deadlines import Deadline

Row = tuple[type[Model], dict[str, Any]]
# Keys left to one demand in each table: more than any drawn demand needs.
STRIDES: dict[type[Model], int] = {
    Demand: 1,
    Person: 16,
    Income: 16,
    Need: 16,
    Reason: 8,
    WishedType: 8,
    WishedCommune: 8,
    Document: 1,
    Label: 2,
    Event: 64,
}
EVENT_OF_ACT = {
    "verify_identity": EventKind.IDENTITY_VERIFIED,
    "request_piece": EventKind.PIECE_REQUESTED,
    "record_contact": EventKind.CONTACTED,
    "propose_candidate": EventKind.CANDIDATE_PROPOSED,
    "refuse_candidate": EventKind.CANDIDATE_REFUSED,
    "decline_offer": EventKind.OFFER_DECLINED,
    "grant_label": EventKind.LABEL_GRANTED,
    "renew": EventKind.RENEWED,
    "warn": EventKind.WARNED,
    "strike_off": EventKind.STRUCK_OFF,
}
REASON_KEY = {
    "request_piece": "piece",
    "record_contact": "channel",
    "refuse_candidate": "reason",
    "decline_offer": "reason",
    "grant_label": "code",
    "warn": "ground",
    "strike_off": "reason",
}
NOTES = {EventKind.CONTACTED: CONTACT_NOTE, EventKind.WARNED: WARNING_NOTE}
MOVES = {
    "verify_identity",
    "propose_candidate",
    "refuse_candidate",
    "decline_offer",
    "renew",
    "strike_off",
}


def values_of(row: Model) -> dict[str, Any]:
    """The column values of an unsaved row."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


class RowWriter:
    """What does not change from one demand to the next."""

    def __init__(self, agents: dict[str, Principal], rule_versions: list[int], now: datetime):
        self.agents = agents
        self.today = timezone.localdate(now)
        self.figures: dict[str, Mapping[str, Decimal]] = {}
        self.validities: dict[str, Deadline] = {}
        self.rule_versions = rule_versions
        self.paper_lists = [module.version_id for module in registry.in_force("documents")]
        self.counters = {c.code: c for c in Counter.objects.select_related("organisation")}
        self.quarters = dict(Quarter.objects.values_list("pk", "name"))
        self.owner_id = uploader().pk
        self.first_keys = {
            model: (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
            for model in STRIDES
        }
        models: tuple[type[Model], ...] = (*STRIDES, Contact, CurrentHousing)
        self.defaults = {
            model: {field.attname: field.get_default() for field in model._meta.concrete_fields}
            for model in models
        }

    def figures_of(self, department: str) -> Mapping[str, Decimal]:
        """The figures in force in a department, read once."""
        if department not in self.figures:
            self.figures[department] = parameter_bindings(department, self.today)
        return self.figures[department]

    def validity_in(self, department: str) -> Deadline:
        """How long a demand of the department is valid, read once."""
        if department not in self.validities:
            self.validities[department] = deadlines.get("validity", department)
        return self.validities[department]

    def write(self, synthetic: Synthetic, number: str) -> Iterator[Row]:
        """Every row of the demand, parents before children."""
        return _Writing(self, synthetic, number).rows()


class _Writing:
    """The rows of one demand under construction."""

    def __init__(self, writer: RowWriter, synthetic: Synthetic, number: str) -> None:
        self.writer = writer
        self.synthetic = synthetic
        self.given: dict[type[Model], int] = {}
        self.written: list[Row] = []
        self.labels: list[Label] = []
        self.places: list[str] = []
        self.demand = self._demand(number)
        self.stored = specimen_row(synthetic.stored_file, synthetic.deposited_at, writer.owner_id)
        self.document = Document(
            pk=self._key(Document),
            demand=self.demand,
            kind=codes.DocumentKind.IDENTITY,
            stored_file=self.stored,
            added_at=synthetic.deposited_at,
        )

    def rows(self) -> Iterator[Row]:
        self._declaration()
        self._event(EventKind.SUBMITTED, self.synthetic.deposited_at, DemandState.AWAITING_CHECK)
        for step in self.synthetic.steps:
            self._step(step)
        yield Demand, values_of(self.demand)
        yield from self.written
        for row in (self.stored, self.document, *self.labels):
            yield type(row), values_of(row)
        communes = {c.insee: c.epci_id for c in self.synthetic.portrait.communes}
        facts = facts_from(self.demand, self._declared(), self.writer.today)
        audiences = sorted(audiences_from(self.demand, communes))
        figures = self.writer.figures_of(self.demand.department_id)
        write_detections(facts, figures, self.writer.today)
        yield type(facts), values_of(facts)
        copied = copied_values(self.demand, facts)
        quarters = self.synthetic.portrait.application.wish.quarters
        for audience in audiences:
            quarter = quarter_in(audience, quarters)
            values = {"demand_id": self.demand.pk, "audience": audience, "quarter": quarter}
            yield DemandAudience, {**values, **copied}

    def _declared(self) -> Declared:
        application = self.synthetic.portrait.application
        return Declared.by(
            application,
            Norms.of(self.writer.figures_of(self.demand.department_id)),
            applicant_name=self.applicant_name,
            places=self.places,
            labels=self.labels,
            documents=[self.document],
            declined=[
                step.details["reason"]
                for step in self.synthetic.steps
                if step.act == "decline_offer"
            ],
        )

    def _key(self, model: type[Model]) -> int:
        place = self.given.get(model, 0)
        stride = STRIDES[model]
        if place >= stride:
            raise ValueError(f"more than {stride} rows of {model.__name__} for one demand")
        self.given[model] = place + 1
        return self.writer.first_keys[model] + self.synthetic.index * stride + place

    def _row(self, model: type[Model], **values: Any) -> Row:
        row = {**self.writer.defaults[model], "demand_id": self.demand.pk, **values}
        if model in STRIDES:
            row["id"] = self._key(model)
        return model, row

    def _add(self, model: type[Model], **values: Any) -> None:
        self.written.append(self._row(model, **values))

    def _demand(self, number: str) -> Demand:
        synthetic = self.synthetic
        application = synthetic.portrait.application
        counter = self.writer.counters[synthetic.counter]
        day = synthetic.deposited_at.date()
        return Demand(
            pk=self._key(Demand),
            number=number,
            submission_token=synthetic.token,
            state=DemandState.AWAITING_CHECK,
            department_id=application.department,
            counter_id=counter.pk,
            registered_by_id=counter.organisation_id,
            channel=synthetic.portrait.channel,
            received_at=synthetic.deposited_at,
            received_on=day,
            expires_on=deadlines.add(day, self.writer.validity_in(application.department)),
            language=application.language,
            is_sealed=application.is_sealed,
            unborn_count=application.unborn_count,
            unborn_due_on=application.unborn_due_on,
            **application.wish.columns,
            remarks=application.remarks,
            tax_year=application.tax_year,
        )

    def _declaration(self) -> None:
        application = self.synthetic.portrait.application
        self._persons()
        self._add(Contact, **vars(application.contact))
        self._add(CurrentHousing, **vars(application.current_housing))
        for place, code in enumerate(application.reasons, start=1):
            self._add(Reason, code=code, position=place)
        for code in application.wish.home_types:
            self._add(WishedType, code=code)
        wish = application.wish
        for place, insee in enumerate(wish.communes, start=1):
            quarter = wish.quarters.get(insee)
            self._add(WishedCommune, commune_id=insee, quarter_id=quarter, position=place)
            name = territory_tree().label(f"commune:{insee}") or insee
            within = self.writer.quarters.get(quarter or "")
            self.places.append(f"{name} – {within}" if within else name)

    def _persons(self) -> None:
        places: dict[str, int] = {}
        for data in self.synthetic.portrait.application.persons:
            places[data.role] = places.get(data.role, 0) + 1
            name = f"{data.used_name or data.birth_name} {data.first_names}"
            if data.role == codes.PersonRole.APPLICANT:
                self.applicant_name = name
            sought = search_key(name)[:220]
            person = self._row(
                Person, position=places[data.role], search_name=sought, **data.columns
            )
            self.written.append(person)
            told = (*((Income, line) for line in data.incomes), *((Need, n) for n in data.needs))
            for model, line in told:
                _model, values = self._row(model, **vars(line))
                del values["demand_id"]
                self.written.append((model, {**values, "person_id": person[1]["id"]}))

    def _step(self, step: Step) -> None:
        demand, before = self.demand, self.demand.state
        actor = self.writer.agents[MANAGER_CODE if demand.is_sealed else step.organisation]
        if step.act in MOVES:
            lifecycle.move(demand, step.act)
        demand.version += 1
        details = self._effect(step, actor)
        self._event(EVENT_OF_ACT[step.act], step.at, before, step, actor, details)

    def _effect(self, step: Step, actor: Principal) -> dict[str, str]:
        """What an act changes besides the state; returns what its event keeps of it."""
        demand, day = self.demand, step.at.date()
        if step.act == "renew":
            demand.last_renewed_on = day
            demand.expires_on = deadlines.add(day, self.writer.validity_in(demand.department_id))
        elif step.act == "strike_off":
            demand.strike_off_reason = step.details["reason"]
            demand.struck_off_on = day
        elif step.act == "verify_identity":
            self.document.status = codes.DocumentStatus.VERIFIED
            self.document.checked_by = actor.user
            self.document.checked_at = step.at
        elif step.act == "grant_label":
            return self._grant(step.details["code"], actor, day)
        elif step.act == "propose_candidate":
            return {**step.details, "residence": ""}
        elif step.act == "warn":
            return {"sent_on": step.details["sent_on"].isoformat()}
        return {}

    def _grant(self, code: str, actor: Principal, day: date) -> dict[str, str]:
        """A recognised priority, on the usual terms of the rules."""
        kind = str(actor.facts["organisation.kind"])
        agreed = terms(self.demand.department_id, code, kind, day)
        self.labels.append(
            Label(
                pk=self._key(Label),
                demand=self.demand,
                code=code,
                granted_by=actor.organisation,
                body=agreed.body,
                rule_version=agreed.version,
                valid_from=day,
                valid_to=agreed.valid_to,
            )
        )
        return event_details(agreed.body, agreed.valid_to)

    def _versions(self, kind: EventKind) -> list[int]:
        """The rules that allowed an act; the list of papers too when one was asked for."""
        lists = self.writer.paper_lists if kind == EventKind.PIECE_REQUESTED else []
        return sorted({*self.writer.rule_versions, *lists})

    def _event(
        self,
        kind: EventKind,
        at: datetime,
        before: str,
        step: Step | None = None,
        actor: Principal | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        reason = codes.DocumentKind.IDENTITY if kind == EventKind.IDENTITY_VERIFIED else ""
        if step and step.act in REASON_KEY:
            reason = step.details[REASON_KEY[step.act]]
        membership = actor.membership if actor else None
        self._add(
            Event,
            kind=kind,
            at=at,
            from_state=before,
            to_state=self.demand.state,
            user_id=membership.user_id if membership else None,
            organisation_id=membership.organisation_id if membership else None,
            rule_versions=self._versions(kind) if actor else [],
            reason=reason,
            text=NOTES.get(kind, ""),
            details=dict(details or {}),
        )
