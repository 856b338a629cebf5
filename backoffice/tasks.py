"""What the desk asks of the worker, because it takes longer than a page may."""

from huey.contrib.djhuey import db_task

from register.services.nightly import check_assertions_again


@db_task()
def check_assertions(check_id: int) -> None:
    """Check every access assertion now; may run twice."""
    check_assertions_again(check_id=check_id)
