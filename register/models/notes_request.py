"""An applicant's request to read what agents write about her among themselves (GDPR art. 15)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .demand import Demand


class NotesRequest(models.Model):
    """Asked by the applicant, answered by the manager of the shared file within a month.

    Closed without an answer (`answered_by` empty) when she gives the demand over: the heir is never
    given it, and whoever asked is told to ask again.

    `given` holds one item a note, {"event": its key, "hidden": [passages]}: what concerns other
    people is hidden, for the reason that `hidden_because` tells her (art. 12-3 and 15-4).
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="notes_requests")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given = models.JSONField(default=list, blank=True)
    hidden_because = models.CharField(_("reason"), max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("request to read the notes")
        constraints = [
            models.UniqueConstraint(
                fields=["demand"],
                condition=models.Q(answered_at__isnull=True),
                name="one_notes_request_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.asked_at:%Y-%m-%d}"
