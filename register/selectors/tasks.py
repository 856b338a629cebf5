"""What waits for an organisation: its open tasks, on the demands that the agent may list."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from register import access, clock
from register.access import Action
from register.models import Demand, DemandState, Task, TaskKind, WorkingTag
from register.principals import Principal
from register.vocabulary.lists import TAGS
from rules import registry
from rules.errors import RuleError
from rules.formatting import day, listed

MOST_SHOWN = 100


@dataclass(frozen=True)
class TaskLine:
    """A task as it is read. `is_mine`: the reader took it."""

    task: Task
    title: str
    is_late: bool
    is_mine: bool


def waiting(principal: Principal) -> tuple[list[TaskLine], int]:
    """The organisation's open tasks, the most pressing first, and how many there are."""
    tasks = _open(principal)
    count = tasks.count()
    return [_line(principal, task) for task in tasks[:MOST_SHOWN]], count


def waiting_on(principal: Principal, demand: Demand) -> list[TaskLine]:
    """Those of one file."""
    return [_line(principal, task) for task in _open(principal).filter(demand=demand)]


def task_of(principal: Principal, demand: Demand, task_id: int) -> Task | None:
    """The open task of this file with that identifier, if it is the organisation's."""
    return _open(principal).filter(demand=demand, pk=task_id).first()


def tags_of(demand: Demand) -> list[str]:
    """The names of the working tags put on a file."""
    codes = WorkingTag.objects.filter(demand=demand).values_list("code", flat=True)
    return [str(TAGS.get(code, code)) for code in codes]


def _open(principal: Principal) -> QuerySet[Task]:
    """A task on a file that the organisation may no longer list is nobody's to see.

    Those of a demand closed by a merge wait for its end to be undone.
    """
    if principal.organisation is None:
        return Task.objects.none()
    return Task.objects.filter(
        organisation=principal.organisation,
        done_at__isnull=True,
        demand__in=access.scope(principal, Action.LIST).exclude(state=DemandState.MERGED),
    ).select_related("demand", "taken_by", "run", "event")


def _line(principal: Principal, task: Task) -> TaskLine:
    return TaskLine(
        task=task,
        title=_title(task),
        is_late=task.due_on is not None and task.due_on < clock.today(),
        is_mine=principal.user is not None and task.taken_by_id == principal.user.pk,
    )


def _title(task: Task) -> str:
    """In the words of the rule; those of the register where a rule has none of its own."""
    if task.kind == TaskKind.COMPLETE and task.run:
        missing = task.run.acts[task.position].get("missing", [])
        return _("Complete the file: %(facts)s") % {"facts": listed(_labels(missing), every=True)}
    if task.kind == TaskKind.IDENTITY:
        if task.demand.state == DemandState.UNDER_ALLOCATION:
            return _("The identity of this candidate is no longer checked: check another document")
        return _("Check another identity document: the one that was checked is refused")
    if task.event:
        told = {"day": day(timezone.localdate(task.event.at))}
        return _("Tell the applicant, by the safe way alone, the step of %(day)s") % told
    if task.kind == TaskKind.FOLLOW:
        return _("Follow this file")
    return task.title_en if (get_language() or "").startswith("en") else task.title_fr


def _labels(codes: list[str]) -> list[str]:
    found = []
    for code in codes:
        try:
            found.append(str(registry.vocabulary().fact(code).label))
        except RuleError:
            found.append(code)
    return found
