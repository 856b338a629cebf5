"""Every write on a draft. None of them validates: what a person types is never refused here."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.models import Draft
from register import clock
from register.form import revisions
from register.form.answers import Answers
from register.form.tax_years import turn
from register.lifecycle import can
from register.models import User
from register.principals import applicant_principal
from register.selectors.demand_form import is_registered
from register.services import files
from rules.statements import Slot, statement

_COLUMNS = [field.attname for field in Draft._meta.concrete_fields]


class AlreadySent(Exception):
    """A page of a draft that was sent meanwhile: nothing of the page was kept."""

    def __init__(self, number: str) -> None:
        super().__init__("already sent")
        self.number = number


def current(user: User, token: UUID | None = None) -> Draft:
    """The open draft of this person, or a new one that is saved with the first answer.

    Its incomes are counted from today, whatever the year it was begun in. `token` is the one that
    a page was shown with: a new draft carries it. Raises AlreadySent when that draft is sent.
    """
    opened = _opened(user)
    _former(user, token, opened)
    return opened or Draft(user=user, updated_at=timezone.now(), submission_token=token or uuid4())


def has_open(user: User) -> bool:
    """True for somebody who has begun a demand that is not sent yet."""
    return unsent().filter(user=user).exists()


def unsent() -> QuerySet[Draft]:
    """Demands begun and not sent yet."""
    return Draft.objects.filter(submitted_number="")


def change(draft: Draft, edit: Callable[[Answers], Any], *, step: str = "") -> Draft:
    """Apply `edit` to the answers of the open `draft` under a lock, save them and give it anew.

    Two tabs that save different pages at the same moment both keep their page. Raises AlreadySent
    when it was sent meanwhile, and keeps nothing: what is kept is in the demand, or still to send.
    """
    for last_try in (False, True):
        try:
            with transaction.atomic():
                return _change(draft, edit, step)
        except IntegrityError:
            # Two first pages saved at once: the second finds the draft of the first.
            if last_try:
                raise
    raise AssertionError("unreachable")


def _change(found: Draft, edit: Callable[[Answers], Any], step: str) -> Draft:
    user, token = found.user, found.submission_token
    locked = _opened(user, is_locked=True)
    _former(user, token, locked)
    draft = locked or Draft(user=user, submission_token=token)
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


def _former(user: User, token: UUID | None, opened: Draft | None) -> None:
    """Raise AlreadySent for the token of a draft that is not the open one, and is sent."""
    if token is None or (opened is not None and opened.submission_token == token):
        return
    former = _by_token(user, token)
    if former is not None and not former.is_open:
        raise AlreadySent(former.submitted_number)


def _by_token(user: User, token: UUID | str | None, *, is_locked: bool = False) -> Draft | None:
    """The draft of this person that carries `token`, sent or not; None for any other text."""
    drafts = Draft.objects.select_for_update() if is_locked else Draft.objects.all()
    try:
        found = drafts.filter(user=user, submission_token=UUID(str(token))).first()
    except ValueError:
        return None
    if found is not None:
        turn(Answers(found.answers))
    return found


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


@transaction.atomic
def send(user: User, token: str | None, register: Callable[[Draft], str]) -> Draft | None:
    """Let `register` make a demand of the draft and give its number, under the draft's lock.

    A page saved meanwhile waits, and is then told that it comes too late: whatever was kept before
    is in the demand. Then only the number and the token stay. Without a number the draft stays
    open; a draft sent already is given as it is. None when this person has no draft of that token.
    """
    draft = _by_token(user, token, is_locked=True)
    if draft is not None and can(draft, "submit") and (number := register(draft)):
        draft.submitted_number, draft.answers, draft.current_step = number, {}, ""
        draft.updated_at = timezone.now()
        draft.save(update_fields=["submitted_number", "answers", "current_step", "updated_at"])
    return draft


def count_idle_drafts(before: datetime) -> int:
    """How many drafts nobody saved since this moment."""
    return _idle(before).count()


def purge_idle_drafts(before: datetime, most: int | None = None) -> int:
    """Erase drafts that nobody saved since, `most` of them at most, and their files.

    Returns how many (GDPR 5-1-e).
    """
    erased = 0
    for draft in list(_idle(before).select_related("user")[:most]):
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
    """Drafts that nobody saved since (`abandon` of the lifecycle), and those of demands that were
    erased: a number is left.
    """
    return Draft.objects.filter(~is_registered("submitted_number"), updated_at__lt=before)


def wanted_files() -> set[UUID]:
    """The stored files that an open draft still names."""
    answered = unsent().values_list("answers", flat=True)
    return {UUID(each["id"]) for answers in answered.iterator() for each in Answers(answers).files}
