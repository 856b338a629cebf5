"""The table rows of a synthetic demand, as the services would have written them.

`tests/register/test_seed_demo.py` compares both ways row by row.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from django.db.models import Max, Model

from register import clock, codes, deadlines, lifecycle
from register.demo.history import Step
from register.demo.replay import CONTACT_NOTE, MANAGER_CODE
from register.demo.specimen import specimen_row, uploader
from register.demo.synthetic import Synthetic
from register.models import (
    Contact,
    Counter,
    CurrentHousing,
    Demand,
    DemandState,
    Document,
    Event,
    EventKind,
    Income,
    Label,
    Person,
    Reason,
    WishedCommune,
    WishedType,
)
from register.principals import Principal
from register.services.facts import audience_rows, audiences_from, facts_from
from register.text import search_key

EVENT_OF_ACT = {
    "verify_identity": EventKind.IDENTITY_VERIFIED,
    "request_piece": EventKind.PIECE_REQUESTED,
    "record_contact": EventKind.CONTACTED,
    "propose_candidate": EventKind.CANDIDATE_PROPOSED,
    "refuse_candidate": EventKind.CANDIDATE_REFUSED,
    "grant_label": EventKind.LABEL_GRANTED,
    "renew": EventKind.RENEWED,
    "strike_off": EventKind.STRUCK_OFF,
}
REASON_KEY = {
    "request_piece": "piece",
    "record_contact": "channel",
    "refuse_candidate": "reason",
    "grant_label": "code",
    "strike_off": "reason",
}
MOVES = {"verify_identity", "propose_candidate", "refuse_candidate", "renew", "strike_off"}


@dataclass
class Written:
    """Rows of one demand under construction."""

    demand: Demand
    rows: list[Model] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    def add(self, row: Model) -> None:
        """Keep one more row, in writing order."""
        self.rows.append(row)


class RowWriter:
    """Turns synthetic demands into rows with primary keys given in advance."""

    def __init__(self, agents: dict[str, Principal], rule_versions: list[int]) -> None:
        self.agents = agents
        self.rule_versions = rule_versions
        self.counters = {c.code: c for c in Counter.objects.select_related("organisation").all()}
        self.validity = deadlines.get("validity")
        self.owner_id = uploader().pk
        self._keys = {
            model: count((model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1)
            for model in (
                Demand,
                Person,
                Income,
                Reason,
                WishedType,
                WishedCommune,
                Document,
                Event,
                Label,
            )
        }

    def write(self, synthetic: Synthetic, number: str) -> Iterator[Model]:
        """Every row of the demand, parents before children."""
        written = Written(self._demand(synthetic, number))
        persons = self._declaration(synthetic, written)
        self._event(written, None, EventKind.SUBMITTED, synthetic.deposited_at, "awaiting_check")
        for step in synthetic.steps:
            self._step(written, step)
        yield written.demand
        yield from written.rows
        communes = {c.insee: c.epci_id for c in synthetic.portrait.communes}
        last = synthetic.steps[-1].at if synthetic.steps else synthetic.deposited_at
        with clock.at(last):
            yield facts_from(
                written.demand,
                persons=persons,
                housing_kind=synthetic.portrait.application.current_housing.kind,
                communes=list(communes),
                labels=written.labels,
                documents=written.documents,
            )
        yield from audience_rows(written.demand, audiences_from(written.demand, communes))

    def _key(self, model: type[Model]) -> int:
        return next(self._keys[model])

    def _demand(self, synthetic: Synthetic, number: str) -> Demand:
        application = synthetic.portrait.application
        counter = self.counters[synthetic.counter]
        day = synthetic.deposited_at.date()
        return Demand(
            pk=self._key(Demand),
            number=number,
            submission_token=synthetic.token,
            state=DemandState.AWAITING_CHECK,
            department_id=application.department,
            counter=counter,
            registered_by_id=counter.organisation_id,
            channel=synthetic.portrait.channel,
            received_at=synthetic.deposited_at,
            received_on=day,
            expires_on=deadlines.add(day, self.validity),
            language=application.language,
            is_sealed=application.is_sealed,
            unborn_count=application.unborn_count,
            unborn_due_on=application.unborn_due_on,
            building_kind=application.wish.building_kind,
            widening=application.wish.widening,
            max_monthly_cost=application.wish.max_monthly_cost,
            remarks=application.remarks,
            tax_year=application.tax_year,
        )

    def _declaration(self, synthetic: Synthetic, written: Written) -> list[Person]:
        application, demand = synthetic.portrait.application, written.demand
        persons = self._persons(synthetic, written)
        written.add(Contact(demand=demand, **vars(application.contact)))
        written.add(CurrentHousing(demand=demand, **vars(application.current_housing)))
        for place, code in enumerate(application.reasons, start=1):
            written.add(Reason(pk=self._key(Reason), demand=demand, code=code, position=place))
        for code in application.wish.home_types:
            written.add(WishedType(pk=self._key(WishedType), demand=demand, code=code))
        for place, insee in enumerate(application.wish.communes, start=1):
            written.add(
                WishedCommune(
                    pk=self._key(WishedCommune), demand=demand, commune_id=insee, position=place
                )
            )
        stored = specimen_row(synthetic.stored_file, synthetic.deposited_at, self.owner_id)
        document = Document(
            pk=self._key(Document),
            demand=demand,
            kind=codes.DocumentKind.IDENTITY,
            stored_file=stored,
            added_at=synthetic.deposited_at,
        )
        written.documents.append(document)
        written.add(stored)
        written.add(document)
        return persons

    def _persons(self, synthetic: Synthetic, written: Written) -> list[Person]:
        places: dict[str, int] = {}
        persons = []
        for data in synthetic.portrait.application.persons:
            places[data.role] = places.get(data.role, 0) + 1
            declared = {k: v for k, v in vars(data).items() if k != "incomes"}
            person = Person(
                pk=self._key(Person),
                demand=written.demand,
                position=places[data.role],
                **declared,
            )
            person.search_name = search_key(f"{person.last_name} {person.first_names}")[:220]
            persons.append(person)
            written.add(person)
            for line in data.incomes:
                written.add(
                    Income(pk=self._key(Income), person=person, kind=line.kind, amount=line.amount)
                )
        return persons

    def _step(self, written: Written, step: Step) -> None:
        demand, before = written.demand, written.demand.state
        actor = self.agents[MANAGER_CODE if demand.is_sealed else step.organisation]
        if step.act in MOVES:
            lifecycle.move(demand, step.act)
        demand.version += 1
        self._effect(written, step, actor)
        self._event(written, step, EVENT_OF_ACT[step.act], step.at, before, actor)

    def _effect(self, written: Written, step: Step, actor: Principal) -> None:
        """What an act changes besides the state."""
        demand, day = written.demand, step.at.date()
        if step.act == "renew":
            demand.last_renewed_on = day
            demand.expires_on = deadlines.add(day, self.validity)
        elif step.act == "strike_off":
            demand.strike_off_reason = step.details["reason"]
            demand.struck_off_on = day
        elif step.act == "verify_identity":
            document = written.documents[0]
            document.status = codes.DocumentStatus.VERIFIED
            document.checked_by = actor.user
            document.checked_at = step.at
        elif step.act == "grant_label":
            label = Label(
                pk=self._key(Label),
                demand=demand,
                code=step.details["code"],
                granted_by=actor.organisation,
                valid_from=day,
            )
            written.labels.append(label)
            written.add(label)

    def _event(
        self,
        written: Written,
        step: Step | None,
        kind: EventKind,
        at: datetime,
        before: str,
        actor: Principal | None = None,
    ) -> None:
        details: dict[str, str] = {}
        reason = codes.DocumentKind.IDENTITY if kind == EventKind.IDENTITY_VERIFIED else ""
        if step and step.act in REASON_KEY:
            reason = step.details[REASON_KEY[step.act]]
        if step and step.act == "propose_candidate":
            details = {**step.details, "residence": ""}
        written.add(
            Event(
                pk=self._key(Event),
                demand=written.demand,
                kind=kind,
                at=at,
                from_state=before,
                to_state=written.demand.state,
                user=actor.user if actor else None,
                organisation=actor.organisation if actor else None,
                rule_versions=self.rule_versions if actor else [],
                reason=reason,
                text=CONTACT_NOTE if kind == EventKind.CONTACTED else "",
                details=details,
                is_public=True,
            )
        )
