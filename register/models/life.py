"""What the calendar did: renewals announced, people to call, and the rounds of each night."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .demand import Demand


class NoticeKind(models.TextChoices):
    """What is announced of one end of validity, each once; or of the end itself."""

    NOTICE = "notice", _("Renewal notice")
    REMINDER = "reminder", _("Last reminder before the striking off")
    STRUCK_OFF = "struck_off", _("Striking off that reached nobody")


class CallOutcome(models.TextChoices):
    """How a call ended, when no notice could be delivered."""

    REACHED = "reached", pgettext_lazy("call", "Reached: the applicant knows")
    UNREACHABLE = "unreachable", pgettext_lazy("call", "Not reached after several tries")
    LETTER = "letter", pgettext_lazy("call", "Not reached: a letter was sent by the counter")


class RenewalNotice(models.Model):
    """The announcement of one end of validity: one per demand, day and kind (CCH R441-2-7).

    It is on the call list of the counter from `to_call_at`, when nothing could be delivered, until
    `called_at`; what told a striking off is written here only then. `wrong_codes` counts what was
    typed wrong on the page of its link.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="renewal_notices")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    expires_on = models.DateField()
    announced_on = models.DateField()
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    to_call_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    call_outcome = models.CharField(max_length=12, choices=CallOutcome.choices, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("announcement of an end of validity")
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "expires_on", "kind"], name="each_end_announced_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_call_at"],
                condition=models.Q(to_call_at__isnull=False, called_at__isnull=True),
                name="notice_to_call",
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.expires_on}"


class RoundStep(models.TextChoices):
    """What the calendar does by itself, in the order in which it does it."""

    ANNOUNCE = "announce", _("Announce renewals")
    REMIND = "remind", _("Remind those who have not renewed")
    STRIKE_OFF = "strike_off", _("Strike off demands not renewed")
    UNANSWERED = "unanswered", _("Strike off demands whose warning stayed without answer")
    ERASE = "erase", _("Erase data kept long enough")
    DRAFTS = "drafts", _("Drafts left unfinished")
    UPLOADS = "uploads", _("Uploads that nobody finished")
    REFUSED = "refused_papers", _("Documents that were refused")
    INFECTED = "infected", _("Files in which the antivirus found something")
    READINGS = "readings", _("Log of who read files")
    ACCOUNTS = "accounts", _("Accounts that nothing needs any more")


class Held(models.TextChoices):
    """Why a round stopped and waits for a person."""

    FILES = "files", _("it would touch more files than a round may")
    SHARE = "share", _("it would touch too large a share of the live demands")
    UNUSUAL = "unusual", _("it would erase far more than a night usually does")
    CLOCK_AHEAD = "ahead", _("the clock is ahead of the time that has really passed")
    SILENCE = "silence", _("nothing tells whether so much time has passed since the last round")
    CLOCK_BEHIND = "behind", _("the clock is behind what the register already wrote")


class Round(models.Model):
    """One step of the calendar on one day: what it found, what it did, and what held it.

    A held round does nothing until the manager allows it, once, for at most the files it had found.
    Once its day is believed, its hour is kept by the clock (`at`) and by the machine's own count
    since it started (`boot`, `up_for` seconds): whoever moves one does not move the other.
    """

    step = models.CharField(max_length=20, choices=RoundStep.choices)
    day = models.DateField()
    found = models.PositiveIntegerField(default=0)
    live = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    held = models.CharField(max_length=10, choices=Held.choices, blank=True)
    at = models.DateTimeField()
    boot = models.CharField(max_length=36, blank=True, default="", db_default="")
    up_for = models.FloatField(null=True, blank=True)
    allowed = models.PositiveIntegerField(null=True, blank=True)
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    allowed_at = models.DateTimeField(null=True, blank=True)
    allowed_because = models.CharField(_("reason"), max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("round of the calendar")
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["step", "day"], name="one_round_a_day"),
            models.CheckConstraint(
                condition=models.Q(allowed__isnull=True) | ~models.Q(allowed_because=""),
                name="round_allowed_for_a_reason",
                violation_error_message=_("Say why this round may go on."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.day}"


class LegalHold(models.Model):
    """A demand of which nothing is erased while a dispute or an inquiry needs it.

    `kept` are the rows that left the file meanwhile, when it changed hands or a couple separated:
    as they were, for whoever the judge or the inquiry names, and shown on no page.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="legal_holds")
    reason = models.CharField(_("reason"), max_length=300)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    kept = models.JSONField(default=list, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("legal hold")
        constraints = [
            models.UniqueConstraint(
                fields=["demand"],
                condition=models.Q(released_at__isnull=True),
                name="one_legal_hold_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand}"
