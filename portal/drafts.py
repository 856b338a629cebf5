"""Every write on a draft. None of them validates: what a person types is never refused here."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.models import Draft
from register import clock
from register.form import revisions
from register.form.answers import Answers
from register.form.tax_years import turn
from register.models import User
from register.principals import applicant_principal
from register.selectors.demand_form import is_registered
from register.services import files
from rules.statements import Slot, statement

_COLUMNS = [field.attname for field in Draft._meta.concrete_fields]


def current(user: User) -> Draft:
    """The open draft of this person, or a new one that is saved with the first answer.

    Its incomes are counted from today, whatever the year it was begun in.
    """
    return _opened(user) or Draft(user=user, updated_at=timezone.now())


def has_open(user: User) -> bool:
    """True for somebody who has begun a demand that is not sent yet."""
    return Draft.objects.filter(user=user, submitted_number="").exists()


def by_token(user: User, token: UUID | str | None) -> Draft | None:
    """The draft of this person that carries `token`, sent or not; None for any other text."""
    try:
        found = Draft.objects.filter(user=user, submission_token=UUID(str(token))).first()
    except ValueError:
        return None
    if found is not None:
        turn(Answers(found.answers))
    return found


def change(
    user: User,
    edit: Callable[[Answers], Any],
    *,
    step: str = "",
    token: UUID | None = None,
) -> Draft:
    """Apply `edit` to the answers of the open draft under a lock and save them.

    Two tabs that save different pages at the same moment both keep their page. `token` is the one
    a first page was shown with; the draft that its answer creates carries it.
    """
    for last_try in (False, True):
        try:
            with transaction.atomic():
                return _change(user, edit, step, token)
        except IntegrityError:
            # Two first pages saved at once: the second finds the draft of the first.
            if last_try:
                raise
    raise AssertionError("unreachable")


def _change(user: User, edit: Callable[[Answers], Any], step: str, token: UUID | None) -> Draft:
    locked = _opened(user, is_locked=True)
    draft = locked or Draft(user=user)
    if locked is None and token is not None and not by_token(user, token):
        draft.submission_token = token
    answers = Answers(draft.answers)
    if locked is None:
        answers.revision, answers.begun_on = revisions.current().code, clock.today()
    edit(answers)
    if step:
        draft.current_step = step
    draft.version += 1
    draft.updated_at = timezone.now()
    # Her account was read by this very request, and the token of an open draft never changes.
    draft.full_clean(
        exclude=["answers", "user"], validate_unique=locked is None, validate_constraints=False
    )
    draft.save()
    return draft


def _opened(user: User, *, is_locked: bool = False) -> Draft | None:
    rows = statement(_open, is_locked).rows(user=user.pk)
    if not rows:
        return None
    draft = Draft.from_db(DEFAULT_DB_ALIAS, _COLUMNS, rows[0])
    turn(Answers(draft.answers))
    return draft


def _open(is_locked: bool) -> QuerySet[Draft, Any]:
    """The one draft of somebody that is not sent: each page asks for it."""
    drafts = Draft.objects.select_for_update() if is_locked else Draft.objects.all()
    mine = drafts.filter(user=Slot("user", User._meta.pk), submitted_number="")
    return mine.values_list(*_COLUMNS)


def mark_sent(draft: Draft, number: str) -> None:
    """The demand is registered: keep its number and the token, forget the answers."""
    Draft.objects.filter(pk=draft.pk).update(
        submitted_number=number, answers={}, current_step="", updated_at=timezone.now()
    )


def count_idle_drafts(before: datetime) -> int:
    """How many drafts nobody saved since this moment."""
    return _idle(before).count()


def purge_idle_drafts(before: datetime) -> int:
    """Erase drafts that nobody saved since, and their files; returns how many (GDPR 5-1-e)."""
    erased = 0
    for draft in list(_idle(before).select_related("user")):
        stored = [each["id"] for each in Answers(draft.answers).files]
        gone, _by_model = Draft.objects.filter(pk=draft.pk, updated_at__lt=before).delete()
        if not gone:
            continue
        erased += 1
        for stored_file_id in stored:
            files.delete_stored_file(
                principal=applicant_principal(draft.user), stored_file_id=UUID(stored_file_id)
            )
    return erased


def _idle(before: datetime) -> QuerySet[Draft]:
    """Drafts that nobody saved since, and those of demands that were erased: a number is left."""
    return Draft.objects.filter(~is_registered("submitted_number"), updated_at__lt=before)


def wanted_files() -> set[UUID]:
    """The stored files that an open draft still names."""
    opened = Draft.objects.filter(submitted_number="").values_list("answers", flat=True)
    return {UUID(each["id"]) for answers in opened.iterator() for each in Answers(answers).files}
