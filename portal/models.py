"""What an applicant has begun to write; the register knows nothing of it until it is sent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.lifecycle import DRAFT

SCHEMA_VERSION = 1


class Draft(models.Model):
    """A demand being written: answers exactly as typed, valid or not.

    `submission_token` is fixed when the draft is created, so that a double click, a retry or a
    crash gives one registration number (R6). Once sent, the answers are emptied: from then on the
    register is the only copy.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    schema_version = models.PositiveSmallIntegerField(default=SCHEMA_VERSION, editable=False)
    submission_token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    current_step = models.CharField(_("current step"), max_length=40, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("begun at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last saved at"), db_index=True)
    submitted_number = models.CharField(_("registration number"), max_length=18, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(submitted_number=""),
                name="one_open_draft_per_user",
                violation_error_message=_("You have already begun an application."),
            ),
        ]

    def __str__(self) -> str:
        return self.submitted_number or str(self.submission_token)

    @property
    def state(self) -> str:
        """`lifecycle.DRAFT` until the demand is registered; then the demand alone has a state."""
        return "" if self.submitted_number else DRAFT

    @property
    def is_open(self) -> bool:
        """True until the demand is registered."""
        return self.state == DRAFT
