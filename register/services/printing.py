"""Letters that wait for the printer: put together in one PDF, printed, and told so.

The file is made in turns by the worker: a request never waits for two hundred letters. Asked for
again, the same run gives the same bytes.
"""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pikepdf
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock
from register.errors import NotAllowed, TransitionRefused
from register.letters.former import is_to_former
from register.letters.sending import NotSent, is_moot, letter_of
from register.models import Delivery, EffectKind, Outbox, PrintRun
from register.models.document import private_storage
from register.principals import Principal
from register.selectors.printing import may_print, printable
from register.services import turn
from register.services.files import discard
from register.services.former import forget_address
from register.services.notices import put_on_call_list, record_delivery

MOST_LETTERS = 200


def put_on_paper(effect: Outbox) -> None:
    """A notice that was for an e-mail becomes a letter: the file then says how it is told."""
    Outbox.objects.filter(pk=effect.pk).update(kind=EffectKind.LETTER)


@transaction.atomic
def ask_run(*, principal: Principal) -> PrintRun | None:
    """Put the letters that wait, 200 at most, the oldest first, in a run; None when none waits.

    Raises NotAllowed to anybody but the manager of the shared file.
    """
    _check(principal)
    run = PrintRun(asked_by=principal.user, asked_at=clock.now(), wanted=0)
    run.save(force_insert=True)
    chosen = list(printable(principal).order_by("pk").values_list("pk", flat=True)[:MOST_LETTERS])
    # Taken by another run meanwhile: it is not in this one.
    run.wanted = Outbox.objects.filter(pk__in=chosen, print_run=None).update(print_run=run)
    if not run.wanted:
        run.delete()
        return None
    run.save(update_fields=["wanted"])
    return run


@transaction.atomic
def mark_printed(*, principal: Principal, run: PrintRun) -> None:
    """The letters of a run left for the post; telling it again changes nothing.

    Raises NotAllowed like `ask_run`, TransitionRefused while the file is being made.
    """
    _check(principal)
    current = PrintRun.objects.select_for_update().get(pk=run.pk)
    if current.made_at is None:
        raise TransitionRefused(_("These letters are still being put together."))
    if current.printed_at is not None:
        return
    current.printed_at, current.printed_by = clock.now(), principal.user
    current.save(update_fields=["printed_at", "printed_by"])
    current.letters.filter(delivery="").update(
        delivery=Delivery.PRINTED, delivery_at=current.printed_at
    )
    for letter in filter(is_to_former, current.letters.filter(delivery=Delivery.PRINTED)):
        forget_address(letter)


def letter_came_back(*, principal: Principal, letter: Outbox) -> None:
    """The post brought a letter back: that of a renewal or of an end asks for a call."""
    _check(principal)
    record_delivery(letter, Delivery.BOUNCED)


def take_turn() -> bool:
    """Go on with the file of the oldest run for one turn; True when some work is left."""
    is_over = turn.begin()
    run = PrintRun.objects.filter(made_at__isnull=True).order_by("pk").first()
    if run is None:
        return False
    _go_on(run, is_over)
    return PrintRun.objects.filter(made_at__isnull=True).exists()


def sweep(*, older_than: timedelta) -> int:
    """Delete files printed that long ago, and runs that nobody printed, whose letters wait again.

    Returns how many. Names and addresses are not kept longer than they serve (GDPR 5-1-e).
    """
    limit, swept = clock.now() - older_than, 0
    for run in PrintRun.objects.filter(printed_at__lt=limit).exclude(file=""):
        discard(private_storage(), str(run.file.name))
        PrintRun.objects.filter(pk=run.pk).update(file="")
        swept += 1
    for run in PrintRun.objects.filter(printed_at__isnull=True, asked_at__lt=limit):
        run.delete()
        if run.file:
            discard(private_storage(), str(run.file.name))
        swept += 1
    return swept


def _check(principal: Principal) -> None:
    if not may_print(principal):
        raise NotAllowed(_("Letters are printed by the manager of the shared file."))


def _go_on(run: PrintRun, is_over: turn.IsOver) -> None:
    """Add the next letters; the position is moved only from where it was read.

    A worker killed meanwhile loses one turn, and of two workers one only is believed.
    """
    ahead = list(run.letters.filter(pk__gt=run.upto).select_related("demand").order_by("pk"))
    upto, done = run.upto, run.done
    pdf = pikepdf.open(BytesIO(run.file.read())) if run.file else pikepdf.new()
    for letter in ahead:
        upto, done = letter.pk, done + _append(pdf, letter)
        if is_over():
            break
    is_made = not ahead or upto == ahead[-1].pk
    untouched = PrintRun.objects.filter(pk=run.pk, upto=run.upto, made_at__isnull=True)
    if is_made and not done:
        untouched.delete()  # every letter was needless by now
        return
    saved = _saved(pdf) if done else ""
    moved = untouched.update(
        file=saved, upto=upto, done=done, made_at=clock.now() if is_made else None
    )
    if stale := str(run.file.name) if moved else saved:
        discard(private_storage(), stale)


def _append(pdf: Any, letter: Outbox) -> int:
    """Add a letter, on sheets of its own when both sides are printed; 0 when it is not to leave."""
    if is_moot(letter):
        record_delivery(letter, Delivery.NEEDLESS)
        return 0
    try:
        content = letter_of(letter)
    except NotSent as refusal:
        Outbox.objects.filter(pk=letter.pk).update(last_error=str(refusal)[:200], print_run=None)
        put_on_call_list(letter)
        return 0
    pages = pikepdf.open(BytesIO(content)).pages
    pdf.pages.extend(pages)
    if len(pages) % 2:
        pdf.add_blank_page(page_size=(595.28, 841.89))
    return 1


def _saved(pdf: Any) -> str:
    written = BytesIO()
    pdf.save(written, deterministic_id=True)
    name = f"print_runs/{uuid4().hex}.pdf"
    try:
        return private_storage().save(name, ContentFile(written.getvalue()))
    except OSError:
        # A full disk leaves half a file; the run goes on from where it was, once there is room.
        discard(private_storage(), name)
        raise
