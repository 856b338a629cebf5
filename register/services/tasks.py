"""Tasks: taken and done by the agents of the organisation that they were given to."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock
from register.access import Action
from register.errors import NotAllowed, TransitionRefused
from register.models import EventKind, Task
from register.principals import Principal
from register.services.changes import Change, begin_change
from register.services.facts import Touched


@transaction.atomic
def take_task(*, principal: Principal, task: Task) -> Task:
    """Say to colleagues that one sees to it; taking it over from one of them is possible.

    The file keeps who took it and when; taking again what one has adds nothing.
    """
    change, current = _begin(principal, task)
    if current.taken_by == principal.user:
        return current
    current.taken_by = principal.user
    current.save(update_fields=["taken_by"])
    change.commit(EventKind.TASK_TAKEN, **_told(current))
    return current


@transaction.atomic
def finish_task(*, principal: Principal, task: Task) -> Task:
    """It is done: the task leaves the lists, and the file keeps who did it and when."""
    change, current = _begin(principal, task)
    current.done_at, current.done_by = clock.now(), principal.user
    current.save(update_fields=["done_at", "done_by"])
    change.commit(EventKind.TASK_DONE, **_told(current))
    return current


def _told(task: Task) -> dict[str, Any]:
    """What both steps keep: they are between agents, the applicant is not told."""
    return {"details": {"task": task.pk}, "is_public": False, "touched": Touched.LIFE}


def _begin(principal: Principal, task: Task) -> tuple[Change, Task]:
    """Raises NotAllowed to another organisation, or without the right to record acts."""
    change = begin_change(principal=principal, demand=task.demand, action=Action.RECORD_ACT)
    current = Task.objects.select_for_update().get(pk=task.pk)
    if principal.organisation is None or current.organisation_id != principal.organisation.pk:
        raise NotAllowed(_("This task was given to another organisation."))
    if current.done_at is not None:
        raise TransitionRefused(_("This task is already done."))
    return change, current
