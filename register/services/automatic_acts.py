"""What automatic rules may do, each planned first, then done within the run's transaction.

A plan holds identifiers and codes only: it is kept with the run and shown to the manager.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from register import clock, deadlines
from register.letters import email, texts
from register.models import (
    AutomationRun,
    Demand,
    EffectKind,
    Event,
    EventKind,
    Message,
    Organisation,
    OrganisationKind,
    SkipReason,
    Task,
    TaskKind,
    WebhookEndpoint,
    WorkingTag,
)
from register.principals import SYSTEM
from register.selectors.in_charge import body_in_charge
from register.services.journal import record_event
from register.services.outbox import enqueue, tell_applicant
from register.services.webhooks import is_open_to, may_tell
from rules.deadlines import counted
from rules.kinds.automation import Act, Verb, Wait
from rules.kinds.letters import Letter
from rules.letters import MissingValue

LONGEST_MESSAGE = 2000
Plan = dict[str, Any]


class Unfit(Exception):
    """A rule cannot do what it says on this demand; nothing of it is done."""

    def __init__(self, reason: SkipReason) -> None:
        self.reason = reason
        super().__init__(reason)


def plan(act: Act, demand: Demand, event: Event | None) -> Plan:
    """What an act would do on this demand. Raises Unfit."""
    made: Plan = {"do": act.verb.value}
    body = _body(act.body, demand, event) if act.body else None
    if body is not None:
        made["organisation"] = body.pk
    if act.due is not None:
        made["due_on"] = _due_on(act.due, demand, event).isoformat()
    if act.title is not None:
        made |= {"title_fr": act.title.fr, "title_en": act.title.en}
    if act.target:
        made["target"] = act.target
    if act.verb in (Verb.MESSAGE, Verb.LETTER):
        made["channel"] = _channel(act, demand, event, body)
    if act.verb is Verb.WEBHOOK:
        _check_endpoint(act.target, demand)
    return made


def plan_completion(missing: Sequence[str]) -> Plan:
    """A task to complete the file, naming the facts that nobody knows."""
    return {"do": TaskKind.COMPLETE.value, "missing": list(missing)}


def carry_out(planned: Plan, run: AutomationRun, position: int) -> None:
    """Do what was planned, in the transaction of the run."""
    _DOERS[planned["do"]](planned, run, position)


def _body(code: str, demand: Demand, event: Event | None) -> Organisation:
    found = {
        "registering": lambda: body_in_charge(demand),
        "acting": lambda: event.organisation if event else None,
        "manager": lambda: (
            Organisation.objects.filter(kind=OrganisationKind.MANAGER).order_by("pk").first()
        ),
    }[code]()
    if found is None:
        raise Unfit(SkipReason.NO_BODY)
    if not is_open_to(found, demand):
        raise Unfit(SkipReason.NOT_OPEN)
    return found


def begun_on(event: Event | None) -> date:
    """The day from which the delays of an act run: that of its step, else today."""
    return timezone.localdate(event.at) if event else clock.today()


def _due_on(due: Wait | str, demand: Demand, event: Event | None) -> date:
    start = begun_on(event)
    if isinstance(due, Wait):
        return counted(due.unit, due.value, start, demand.department_id)
    try:
        return deadlines.add(start, deadlines.get(due, demand.department_id))
    except LookupError:
        raise Unfit(SkipReason.NO_DELAY) from None


def _letter(code: str, demand: Demand) -> Letter:
    letter = texts.find(code, demand.department_id)
    if letter is None:
        raise Unfit(SkipReason.NO_TEXT)
    return letter


def _channel(act: Act, demand: Demand, event: Event | None, body: Organisation | None) -> str:
    """How the text is sent: in the space, else by e-mail if there is an address, else by post."""
    letter = _letter(act.target, demand)
    wanted = ["space"] if act.verb is Verb.MESSAGE else ["email", "post"]
    if act.verb is Verb.LETTER and not email.address_of(demand):
        wanted = ["post"]
    channel = next((name for name in wanted if name in letter.channels), "")
    about = letter.about and (event is None or event.kind != letter.about)
    if not channel or about:
        raise Unfit(SkipReason.NO_TEXT)
    try:
        filled = texts.written(letter, demand, event=event, organisation=body)
    except MissingValue:
        raise Unfit(SkipReason.NO_TEXT) from None
    if len(filled.text) > LONGEST_MESSAGE and channel == "space":
        raise Unfit(SkipReason.NO_TEXT)
    return channel


def _check_endpoint(code: str, demand: Demand) -> None:
    endpoint = WebhookEndpoint.objects.filter(code=code, ended_at__isnull=True).first()
    if endpoint is None:
        raise Unfit(SkipReason.NO_ENDPOINT)
    if not may_tell(endpoint, demand):
        raise Unfit(SkipReason.NOT_OPEN)


def _open_task(planned: Plan, run: AutomationRun, position: int) -> None:
    kinds = {Verb.ASSIGN: TaskKind.FOLLOW, TaskKind.COMPLETE: TaskKind.COMPLETE}
    kind = kinds.get(planned["do"], TaskKind.TASK)
    body = planned.get("organisation") or body_in_charge(run.demand).pk
    task = Task(
        demand=run.demand,
        organisation_id=body,
        kind=kind,
        title_fr=planned.get("title_fr", ""),
        title_en=planned.get("title_en", ""),
        due_on=date.fromisoformat(planned["due_on"]) if "due_on" in planned else None,
        run=run,
        position=position,
        created_at=clock.now(),
    )
    task.full_clean()
    task.save(force_insert=True)
    _record(run, EventKind.TASK_OPENED, planned, details={"task": task.pk}, is_public=False)


def _add_tag(planned: Plan, run: AutomationRun, position: int) -> None:
    _tag, added = WorkingTag.objects.get_or_create(
        demand=run.demand,
        code=planned["target"],
        defaults={"run": run, "added_at": clock.now()},
    )
    if added:
        _record(run, EventKind.TAG_ADDED, planned, reason=planned["target"], is_public=False)


def _write_message(planned: Plan, run: AutomationRun, position: int) -> None:
    sender = Organisation.objects.get(pk=planned["organisation"])
    letter = _letter(planned["target"], run.demand)
    filled = texts.written(
        letter, run.demand, event=run.event, organisation=sender, is_message=True
    )
    message = Message(demand=run.demand, organisation=sender, body=filled.text, sent_at=clock.now())
    message.full_clean()
    message.save(force_insert=True)
    event = _record(run, EventKind.MESSAGE_SENT, planned, details={"message": message.pk})
    tell_applicant(run.demand, event, key=_key(run, position))


def _send_letter(planned: Plan, run: AutomationRun, position: int) -> None:
    by_post = planned["channel"] == "post"
    kind = EffectKind.LETTER if by_post else EffectKind.MESSAGE_EMAIL
    cause = {"event": run.event_id} if run.event_id else {}
    names = {"letter": planned["target"], "organisation": planned["organisation"]}
    _effect(run, position, kind, {**names, **cause})
    _record(run, EventKind.LETTER_SENT, planned, details={"letter": planned["target"]})


def _tell_software(planned: Plan, run: AutomationRun, position: int) -> None:
    _effect(run, position, EffectKind.WEBHOOK, {"endpoint": planned["target"], "run": run.pk})


def _record(run: AutomationRun, kind: EventKind, planned: Plan, **event: Any) -> Event:
    """The step says which run took it: the rules that it starts in turn know where they are."""
    details = {**event.pop("details", {}), "automation": run.pk}
    body = None
    if kind in (EventKind.MESSAGE_SENT, EventKind.LETTER_SENT):
        body = Organisation.objects.get(pk=planned["organisation"])
    return record_event(
        principal=SYSTEM,
        demand=run.demand,
        kind=kind,
        rule_versions=[run.version_id],
        details=details,
        on_behalf_of=body,
        **event,
    )


def _effect(run: AutomationRun, position: int, kind: EffectKind, payload: Plan) -> None:
    enqueue(kind=kind, key=_key(run, position), demand=run.demand, payload=payload)


def _key(run: AutomationRun, position: int) -> str:
    return f"run:{run.pk}:{position}"


_DOERS: Mapping[str, Callable[[Plan, AutomationRun, int], None]] = {
    Verb.ASSIGN: _open_task,
    Verb.TASK: _open_task,
    TaskKind.COMPLETE: _open_task,
    Verb.LABEL: _add_tag,
    Verb.MESSAGE: _write_message,
    Verb.LETTER: _send_letter,
    Verb.WEBHOOK: _tell_software,
}
