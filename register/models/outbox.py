"""Effects to carry out, written in the same transaction as the fact that causes them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .demand import Demand
from .document import private_storage


class EffectKind(models.TextChoices):
    """Closed list of effects; `exchange.delivery` knows how to carry out each."""

    REGISTRATION_EMAIL = "registration_email", _("Certificate of registration by e-mail")
    MESSAGE_EMAIL = "message_email", _("Notice of a new message or step")
    LETTER = "letter", _("Letter by post")
    AUTOMATION = "automation", _("Automatic rules of a step")
    WEBHOOK = "webhook", _("Partner’s software to be told")
    SMS = "sms", _("Text message")


# What reaches the applicant, as opposed to what the register asks of programs.
NOTICES = (
    EffectKind.REGISTRATION_EMAIL,
    EffectKind.MESSAGE_EMAIL,
    EffectKind.LETTER,
    EffectKind.SMS,
)


class Delivery(models.TextChoices):
    """What is known of a notice after it has left."""

    DELIVERED = "delivered", pgettext_lazy("notice", "delivered")
    BOUNCED = "bounced", pgettext_lazy("notice", "came back")
    PRINTED = "printed", pgettext_lazy("notice", "printed and posted")
    NEEDLESS = "needless", pgettext_lazy("notice", "no longer needed")


class PrintRun(models.Model):
    """Letters that go to the printer together, as one PDF: asked for, made, then printed.

    `wanted` is how many letters it was asked for, `done` how many are in the file so far, and
    `upto` the last one looked at. The file goes some weeks after the printing; the letters say for
    good when they were printed.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    wanted = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    upto = models.PositiveBigIntegerField(default=0)
    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    printed_at = models.DateTimeField(null=True, blank=True)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("letters printed together")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"


class Outbox(models.Model):
    """One effect, carried out at least once and made idempotent by `key` (R11).

    Done with an error is given up. `delivery` is what was learnt afterwards, when it was.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=30, choices=EffectKind.choices)
    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="effects")
    payload = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery.choices, blank=True)
    delivery_at = models.DateTimeField(null=True, blank=True)
    print_run = models.ForeignKey(
        PrintRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="letters"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("effect to carry out")
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(done_at__isnull=True),
                name="outbox_pending",
            )
        ]

    def __str__(self) -> str:
        return self.key
