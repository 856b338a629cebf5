"""Long work in turns: a few seconds each, then behind whatever waits in the queue meanwhile.

The worker is one thread: an e-mail asked for while a million demands are indexed leaves between two
turns. What a turn has done is stored; a turn that is lost is asked for again by a sweep.
"""

from typing import Any

from huey.api import TaskWrapper
from huey.contrib.djhuey import HUEY


def ask(task: TaskWrapper, *place: Any) -> None:
    """Queue this task, last, unless it waits already; `place` says where it goes on from."""
    if not any(isinstance(each, task.task_class) for each in HUEY.pending()):
        task(*place)
